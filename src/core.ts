// What the bot and the command line both stand on, wired once: the store on this machine's disk, and the use cases over it.
import { join } from "node:path";
import { createKeeps, type Keeps, type KeepsOptions } from "./change/after/keep.ts";
import { type Bases, createBases } from "./change/bases.ts";
import { createDeadlines, type Deadlines, systemClock } from "./change/deadlines.ts";
import { type Freezes, openFreezes } from "./change/freezes.ts";
import { createGates, type Gates } from "./change/gates/gates.ts";
import { createParkedChanges, type ParkedChanges } from "./change/parked-changes.ts";
import { openProposals, type Proposals } from "./change/proposals.ts";
import type { UploadContext } from "./change/upload-job.ts";
import { openSchedules, type Schedules } from "./change/schedules.ts";
import { createUploads, type Uploads } from "./change/uploads.ts";
import { createInspector } from "./document/inspector.ts";
import type { ConfigId } from "./model/config-id.ts";
import type { Inspector } from "./model/inspector.ts";
import { type LocalJournal, openJournal } from "./store/local/journal.ts";
import { createLocalStore, type LocalStore } from "./store/local/local-store.ts";
import { openRecordLog, type RecordLog } from "./store/local/record-log.ts";
import { openStateStore, rememberingStore } from "./store/local/state-store.ts";
import type { Records } from "./store/records.ts";

export interface CoreSettings {
  readonly stateDir: string;
  readonly backupDir: string;
  readonly backupsMax: number;
  readonly validationTimeoutMs: number;
}

export interface CoreListener extends Pick<
  UploadContext,
  "report" | "onEvent" | "onEnded" | "onBug"
> {
  /** Told of changes that wait for Keep; undefined where nobody can be told. */
  readonly onKeepEvent: KeepsOptions["tell"];
  /** Told of changes that waited for a word for too long, or gave way to newer ones. */
  readonly onGivenUp: Parameters<typeof createParkedChanges>[0]["onGivenUp"];
}

export interface CoreOptions {
  /** How long a change waits for a word of its admin. */
  readonly parkedAgeMaxMs: number;
  /** What every text passes on its way to the disk, so that no secret is kept. */
  readonly clean: (text: string) => string;
}

export interface Core {
  readonly store: LocalStore;
  readonly journal: LocalJournal;
  readonly inspector: Inspector;
  readonly bases: Bases;
  readonly parked: ParkedChanges;
  readonly freezes: Freezes;
  readonly proposals: Proposals;
  readonly gates: Gates;
  readonly schedules: Schedules;
  readonly uploads: Uploads;
  /** Nothing acts before they are started, which only the bot does. */
  readonly deadlines: Deadlines;
  readonly keeps: Keeps;
  /** Small values of their own, kept over restarts; what the disk refuses is thrown. */
  records(name: string, ageMaxMs: number): Promise<RecordLog>;
  /** The same, where what the disk refuses is reported and kept in memory. */
  remembering(name: string, ageMaxMs: number): Promise<Records>;
  close(): Promise<void>;
}

/** @throws where the folders cannot be used */
export async function openCore(
  { stateDir, backupDir, backupsMax, validationTimeoutMs }: CoreSettings,
  { parkedAgeMaxMs, clean }: CoreOptions,
  { onGivenUp, onKeepEvent, ...listener }: CoreListener,
): Promise<Core> {
  const { report } = listener;
  const journal = await openJournal(join(stateDir, "journal.jsonl"), report);
  const store = createLocalStore({ stateDir, backupDir, backupsMax, report, journal });
  const files = (name: string): Promise<Records> => openStateStore(join(stateDir, name), { clean });
  const records = (name: string, ageMaxMs: number): Promise<RecordLog> =>
    openRecordLog(join(stateDir, name), {
      ageMaxMs,
      clean,
      onTrouble: (error) => report(`writing ${name}`, error),
    });
  const remembering = async (name: string, ageMaxMs: number): Promise<Records> =>
    rememberingStore(await records(name, ageMaxMs), (error) => report(`writing ${name}`, error));
  const bases = createBases(await remembering("bases", Number.POSITIVE_INFINITY));
  const parked = createParkedChanges({
    store: await files("parked"),
    ageMaxMs: parkedAgeMaxMs,
    onGivenUp,
    onTrouble: report,
    now: Date.now,
  });
  const inspector = createInspector({ timeoutMs: validationTimeoutMs });
  const freezes = await openFreezes(await files("freezes"), Date.now);
  const deadlines = createDeadlines(systemClock, (error) => report("acting on a deadline", error));
  const proposals = await openProposals(await files("proposals"), deadlines);
  const frozen = (id: ConfigId): ReturnType<typeof freezes.of> => freezes.of(id);
  const keeps = createKeeps({
    store: await files("keeps"),
    deadlines,
    journal,
    inspector,
    frozen,
    report,
    tell: onKeepEvent,
    now: Date.now,
  });
  const gates = createGates(
    { frozen, keepPending: (id) => keeps.pending(id) },
    inspector,
    Date.now,
  );
  const schedules = await openSchedules(await files("schedules"), deadlines, Date.now);
  const uploads = createUploads({
    inspector,
    gates,
    keeps,
    bases,
    parked,
    proposals,
    schedules,
    journal,
    ...listener,
  });
  return {
    store,
    journal,
    inspector,
    bases,
    parked,
    freezes,
    proposals,
    gates,
    schedules,
    uploads,
    deadlines,
    keeps,
    records,
    remembering,
    async close() {
      await Promise.all([inspector.close(), journal.close()]);
    },
  };
}
