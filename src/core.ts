// What the bot and the command line both stand on, wired once: the use cases, over whatever keeps things.
import { createKeeps, type Keeps, type KeepsOptions } from "./change/after/keep.ts";
import { type Bases, createBases } from "./change/bases.ts";
import { type ChangeSummaries, createChangeSummaries } from "./change/change-summaries.ts";
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
import type { Backing } from "./store/backing.ts";

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
  readonly validationTimeoutMs: number;
}

export interface Core extends Pick<Backing, "store" | "journal" | "small"> {
  readonly inspector: Inspector;
  readonly summaries: ChangeSummaries;
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
  /** The backing too. */
  close(): Promise<void>;
}

/** @throws what the backing refuses */
export async function openCore(
  backing: Backing,
  { parkedAgeMaxMs, validationTimeoutMs }: CoreOptions,
  { onGivenUp, onKeepEvent, ...listener }: CoreListener,
): Promise<Core> {
  const { report } = listener;
  const { store, journal } = backing;
  const bases = createBases(await backing.small("bases", Number.POSITIVE_INFINITY));
  const parked = createParkedChanges({
    store: await backing.large("parked"),
    ageMaxMs: parkedAgeMaxMs,
    onGivenUp,
    onTrouble: report,
    now: Date.now,
  });
  const inspector = createInspector({ timeoutMs: validationTimeoutMs });
  const freezes = await openFreezes(await backing.large("freezes"), Date.now);
  const deadlines = createDeadlines(systemClock, (error) => report("acting on a deadline", error));
  const proposals = await openProposals(await backing.large("proposals"), deadlines);
  const frozen = (id: ConfigId): ReturnType<typeof freezes.of> => freezes.of(id);
  const keeps = createKeeps({
    store: await backing.large("keeps"),
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
  const schedules = await openSchedules(await backing.large("schedules"), deadlines, Date.now);
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
    summaries: createChangeSummaries(inspector, report),
    bases,
    parked,
    freezes,
    proposals,
    gates,
    schedules,
    uploads,
    deadlines,
    keeps,
    small: (name, ageMaxMs) => backing.small(name, ageMaxMs),
    async close() {
      await Promise.all([inspector.close(), backing.close()]);
    },
  };
}
