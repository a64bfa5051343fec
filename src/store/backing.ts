// Whatever a bot keeps, opened: its configs, the journal, and records of two kinds. What keeps it is an adapter's to say.
import type { Config } from "../model/config.ts";
import type { Trouble } from "../model/trouble.ts";
import type { Journal, UnfinishedUpload } from "./journal.ts";
import type { ConfigStore, InterruptedUpload } from "./port.ts";
import type { Machines } from "./machines.ts";
import type { Records } from "./records.ts";

export type OpenedConfig<Opened extends ConfigStore = ConfigStore> =
  | { readonly kind: "opened"; readonly config: Opened }
  | { readonly kind: "refused"; readonly id: Config["id"]; readonly trouble: Trouble };

export interface Store {
  /**
   * Opens these configs, all at once. One that was open before keeps its lock and history, under what is said of it now; its path
   * must be the same.
   */
  open(configs: readonly Config[]): Promise<readonly OpenedConfig[]>;
  /** What became of these; configs that are not open are left out. None of them changes anything from then on. @throws Refusal */
  findInterrupted(unfinished: readonly UnfinishedUpload[]): Promise<readonly InterruptedUpload[]>;
}

/** Held in memory, so that reading one costs nothing. What the store refuses to take is reported, and kept there meanwhile. */
export interface SmallRecords extends Records {
  /** Forgets what was not written for as long as was said when it was opened. */
  removeOld(): void;
}

/** What is kept in small records, and in large ones: by these names, and by no others. */
export const smallNames = [
  "bases",
  "choices",
  "drift",
  "keep_messages",
  "languages",
  "people",
  "questions",
  "spreads",
] as const;
export const largeNames = [
  "freezes",
  "guards",
  "keeps",
  "parked",
  "proposals",
  "schedules",
  "services",
] as const;

export interface Backing {
  readonly store: Store;
  readonly journal: Journal;
  /** Values of some hundred bytes, many of one kind. @throws Refusal */
  small(name: (typeof smallNames)[number], ageMaxMs: number): Promise<SmallRecords>;
  /** Values as large as a config: read when they are asked for. What the store refuses is thrown. @throws Refusal */
  large(name: (typeof largeNames)[number]): Promise<Records>;
  /** The machines that follow the store, looked for from now on; missing where it is one machine's own. */
  readonly machines?: () => Machines;
  close(): Promise<void>;
}

/** What every text passes on its way into a {@link Backing}, so that no secret is kept. */
export type Clean = (text: string) => string;

/** Told of trouble that changes no outcome. */
export type ReportTrouble = (what: string, error: unknown) => void;
