// What a bot keeps on this machine's disk.
import { join } from "node:path";
import type { Config } from "../../model/config.ts";
import { Refusal } from "../../model/trouble.ts";
import type { Backing, Clean, ReportTrouble } from "../backing.ts";
import { openJournal } from "./journal.ts";
import { createLocalStore, type LocalStore } from "./local-store.ts";
import type { ConfigReader } from "../port.ts";
import { openRecordLog } from "./record-log.ts";
import { openStateStore, rememberingStore } from "./state-store.ts";

export interface LocalPlaces {
  readonly stateDir: string;
  readonly backupDir: string;
  /** Newest backups kept; 0 keeps all. */
  readonly backupsMax: number;
}

export interface LocalBacking extends Backing {
  readonly store: LocalStore;
}

/** @throws where the folders cannot be used */
export async function openLocalBacking(
  { stateDir, backupDir, backupsMax }: LocalPlaces,
  clean: Clean,
  report: ReportTrouble,
): Promise<LocalBacking> {
  const journal = await openJournal(join(stateDir, "journal.jsonl"), report);
  return {
    store: createLocalStore({ stateDir, backupDir, backupsMax, report, journal }),
    journal,
    async small(name, ageMaxMs) {
      const onTrouble = (error: unknown): void => report(`writing ${name}`, error);
      const log = await openRecordLog(join(stateDir, name), { ageMaxMs, clean, onTrouble });
      return { ...rememberingStore(log, onTrouble), removeOld: () => log.removeOld() };
    },
    large: (name) => openStateStore(join(stateDir, name), { clean }),
    close: () => journal.close(),
  };
}

/**
 * What this disk has of a config, what was interrupted finished: for another store that is to have it too.
 * @returns undefined where that is nothing
 * @throws Refusal
 */
export async function readWhatIsHere(
  places: LocalPlaces,
  config: Config,
  report: ReportTrouble,
): Promise<ConfigReader | undefined> {
  const local = await openLocalBacking(places, (text) => text, report);
  try {
    const [opened] = await local.store.open([config]);
    if (opened?.kind === "refused") throw new Refusal(opened.trouble);
    return opened?.config.newest === undefined ? undefined : opened.config;
  } finally {
    await local.close();
  }
}
