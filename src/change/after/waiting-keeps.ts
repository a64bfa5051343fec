// The changes that wait for Keep at this moment, and how each ends: once, and told.
import type { KeepEvent } from "../../model/keep-event.ts";
import type { Inspector } from "../../model/inspector.ts";
import type { Author, Revision } from "../../model/revision.ts";
import type { ServiceFault } from "../../model/service-proof.ts";
import type { Trouble } from "../../model/trouble.ts";
import type { Journal } from "../../store/journal.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { Records } from "../../store/records.ts";
import type { Deadlines } from "../deadlines.ts";
import { changesOf } from "../versions.ts";
import { deadlineOf, type Keep, keyOf, originOf } from "./keep-record.ts";
import { createUnderWay } from "../../store/under-way.ts";

export interface WaitingKeepsOptions {
  readonly store: Records;
  readonly deadlines: Deadlines;
  readonly journal: Pick<Journal, "began" | "ended">;
  readonly inspector: Inspector;
  /** Told of trouble that changes nothing of what was decided. */
  readonly report: (what: string, error: unknown) => void;
  /** Resolves when people were told. Undefined where nobody can be: what was decided waits for the bot's next start. */
  readonly tell: ((event: KeepEvent) => Promise<void>) | undefined;
}

interface GoingBackChange {
  /** In the journal, where it ends when people were told. */
  readonly journalKey: string;
  /** Why the service did not take it; null where it did, or is not asked. */
  readonly fault: ServiceFault | null;
}

export interface WaitingKeeps {
  /** By config. */
  readonly byConfig: Map<string, Keep>;
  /** It was decided, and is not told yet. */
  isConcluding(key: string): boolean;
  /** Somebody said that it stays. */
  kept(live: ConfigStore, keep: Keep, by: Author): void;
  /** The file was changed past Airlock. */
  moved(live: ConfigStore, keep: Keep): void;
  /** It went back: where this process did that, `by` is the change that did. */
  reverted(live: ConfigStore, keep: Keep, entry: Revision, by?: GoingBackChange): Promise<void>;
  /** It could not go back; told once. */
  stuck(live: ConfigStore, keep: Keep, trouble: Trouble): void;
  /** It has more time. */
  extended(live: ConfigStore, keep: Keep): void;
  /** Its guard could not tell: people are asked, unless they were. */
  asked(live: ConfigStore, keep: Keep): void;
  /** Resolves when everything decided so far was told. */
  idle(): Promise<void>;
}

export function createWaitingKeeps({
  store,
  deadlines,
  journal,
  inspector,
  report,
  tell,
}: WaitingKeepsOptions): WaitingKeeps {
  /** By config. */
  const waiting = new Map<string, Keep>();
  /** Those of which it was told that they cannot go back for now. */
  const stuck = new Set<string>();
  /** Decided, and not told yet. */
  const concluding = new Set<string>();
  const telling = createUnderWay();

  /** Waits no more. @returns false where it did not */
  function claim(keep: Keep): boolean {
    if (waiting.get(keep.configId)?.revision !== keep.revision) return false;
    waiting.delete(keep.configId);
    stuck.delete(keyOf(keep));
    deadlines.clear(deadlineOf(keep));
    concluding.add(keyOf(keep));
    return true;
  }

  /** For what was claimed. Forgotten only when it was told: a crash before that has the next start tell it. */
  function conclude(keep: Keep, event: KeepEvent, journalKey?: string): void {
    if (tell === undefined) return;
    say(event, async () => {
      await store.remove(keyOf(keep));
      if (journalKey !== undefined) journal.ended(journalKey);
      concluding.delete(keyOf(keep));
    });
  }

  function say(event: KeepEvent, afterwards = () => Promise.resolve()): void {
    if (tell === undefined) return;
    void telling.add(
      tell(event)
        .then(afterwards)
        .catch((error: unknown) => report("telling of a change that waits for Keep", error)),
    );
  }

  return {
    byConfig: waiting,
    isConcluding: (key) => concluding.has(key),
    kept(live, keep, by) {
      if (claim(keep)) conclude(keep, { ...originOf(live, keep), kind: "kept", by });
    },
    moved(live, keep) {
      if (claim(keep)) conclude(keep, { ...originOf(live, keep), kind: "moved" });
    },
    async reverted(live, keep, entry, by) {
      if (!claim(keep)) return;
      let changes = null;
      try {
        changes = await changesOf(live, entry, inspector);
      } catch (error) {
        report("comparing a change with the version before", error);
      }
      const fault = by?.fault ?? null;
      const event = { ...originOf(live, keep), kind: "reverted", entry, changes, fault } as const;
      conclude(keep, event, by?.journalKey);
    },
    stuck(live, keep, trouble) {
      if (stuck.has(keyOf(keep))) return;
      stuck.add(keyOf(keep));
      say({ ...originOf(live, keep), kind: "stuck", trouble });
    },
    asked(live, keep) {
      const { doubt } = keep;
      if (doubt === undefined || doubt.isTold) return;
      const { isTold: _, ...told } = doubt;
      say({ ...originOf(live, keep), kind: "asked", doubt: told }, async () => {
        const now = waiting.get(keep.configId);
        if (now?.revision !== keep.revision) return;
        const noted = { ...now, doubt: { ...doubt, isTold: true } };
        await store.write(keyOf(keep), noted);
      });
    },
    extended: (live, keep) => say({ ...originOf(live, keep), kind: "extended" }),
    idle: () => telling.idle(),
  };
}
