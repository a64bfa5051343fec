// What a bot keeps on this machine's disk.
import { join } from "node:path";
import type { Backing, Clean, ReportTrouble } from "../backing.ts";
import { openJournal } from "./journal.ts";
import { createLocalStore, type LocalStore } from "./local-store.ts";
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
