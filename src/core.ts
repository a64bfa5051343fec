// What the bot and the command line both stand on, wired once: the use cases, over whatever keeps things.
import { resolve } from "node:path";
import { type AppliesOptions, createApplies } from "./change/after/apply.ts";
import { createGuards, type Guards } from "./change/after/guard.ts";
import { createKeeps, type KeepsOptions } from "./change/after/keep.ts";
import { createBases } from "./change/bases.ts";
import { createChangeSummaries } from "./change/change-summaries.ts";
import { createDeadlines, type Deadlines, systemClock } from "./change/deadlines.ts";
import { openFreezes } from "./change/freezes.ts";
import { createGates } from "./change/gates/gates.ts";
import { createParkedChanges } from "./change/parked-changes.ts";
import { openProposals } from "./change/proposals.ts";
import type { UploadContext } from "./change/upload-job.ts";
import type { UseCases } from "./change/use-cases.ts";
import { openSchedules } from "./change/schedules.ts";
import { createUploads } from "./change/uploads.ts";
import { readGuard } from "./service/prometheus.ts";
import { createInspector } from "./document/inspector.ts";
import type { ConfigId } from "./model/config-id.ts";
import type { Backing } from "./store/backing.ts";
import type { ServiceProof } from "./model/service-proof.ts";
import { proveService } from "./service/prove-service.ts";
import type { Revision } from "./model/revision.ts";
import { proveOnMachines } from "./change/after/prove-on-machines.ts";
import type { Machines } from "./store/machines.ts";
import type { ConfigStore } from "./store/port.ts";
import { never } from "./model/never.ts";

export interface CoreListener extends Pick<
  UploadContext,
  "report" | "onEvent" | "onEnded" | "onBug"
> {
  /** Told of changes that wait for Keep; undefined where nobody can be told. */
  readonly onKeepEvent: KeepsOptions["tell"];
  /** Told of what happens between changes and their services. */
  readonly onServiceEvent: AppliesOptions["tell"];
  /** Told of changes that waited for a word for too long, or gave way to newer ones; and where that can be said. */
  readonly onGivenUp?: Parameters<typeof createParkedChanges>[0]["onGivenUp"];
  readonly tellGivenUp: Parameters<typeof createParkedChanges>[0]["tellGivenUp"];
}

export interface CoreOptions {
  /** How long a change waits for a word of its admin. */
  readonly parkedAgeMaxMs: number;
  readonly validationTimeoutMs: number;
  /** What a text from outside passes before it is shown, so that no secret is. */
  readonly clean: (text: string) => string;
}

export interface Core extends UseCases, Pick<Backing, "store" | "journal" | "small"> {
  /** Those that follow the store; undefined where it is this machine's own. */
  readonly machines: Machines | undefined;
  /** Nothing acts before they are started, which only the bot does. */
  readonly deadlines: Deadlines;
  readonly guards: Guards;
  /** The backing too. */
  close(): Promise<void>;
}

/** @throws what the backing refuses */
export async function openCore(
  backing: Backing,
  { parkedAgeMaxMs, validationTimeoutMs, clean }: CoreOptions,
  { onGivenUp, tellGivenUp, onKeepEvent, onServiceEvent, ...listener }: CoreListener,
): Promise<Core> {
  const { report } = listener;
  const { store, journal } = backing;
  const machines = backing.machines?.();
  const bases = createBases(await backing.small("bases", Number.POSITIVE_INFINITY));
  const parked = createParkedChanges({
    store: await backing.large("parked"),
    ageMaxMs: parkedAgeMaxMs,
    onGivenUp,
    tellGivenUp,
    onTrouble: report,
    now: Date.now,
  });
  const inspector = createInspector({ timeoutMs: validationTimeoutMs });
  const freezes = await openFreezes(await backing.large("freezes"), systemClock);
  const deadlines = createDeadlines(systemClock, (error) => report("acting on a deadline", error));
  const proposals = await openProposals(await backing.large("proposals"), deadlines);
  const frozen = (id: ConfigId): ReturnType<typeof freezes.of> => freezes.of(id);
  const applies = await createApplies({
    store: await backing.large("services"),
    prove: (live, entry) =>
      machines === undefined ? prove(live, entry, clean) : proveOnMachines(machines, live, entry),
    journal,
    tell: onServiceEvent,
    report,
    onPutBack: (live, revision) => keeps.forget(live, revision),
  });
  const keeps = createKeeps({
    store: await backing.large("keeps"),
    applies,
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
  const guards = createGuards({
    store: await backing.large("guards"),
    deadlines,
    keeps,
    ask: readGuard,
    isServing: (live) => applies.state(live)?.kind === "asking",
    clock: systemClock,
    report,
  });
  const uploads = createUploads({
    inspector,
    gates,
    readGuard,
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
    applies,
    guards,
    small: (name, ageMaxMs) => backing.small(name, ageMaxMs),
    machines,
    async close() {
      await machines?.close();
      await Promise.all([inspector.close(), backing.close()]);
    },
  };
}

/** A stop does not end it: what is not proven by the end of the process is proven by the next one. */
async function prove(
  { config: { id, path, rules } }: ConfigStore,
  { revision, sha256 }: Revision,
  clean: (text: string) => string,
): Promise<ServiceProof> {
  // On one machine there is none to go first.
  if (rules.apply === null) return { kind: "told" };
  const version = { configId: id, filePath: resolve(path), revision, sha256 };
  const proof = await proveService(rules.apply, version, never);
  switch (proof.kind) {
    case "proven":
    case "told":
      return proof;
    case "refused":
      return { ...proof, fault: { ...proof.fault, output: clean(proof.fault.output) } };
    case "stopped":
      throw new Error("nobody stops it");
    default:
      return proof satisfies never;
  }
}
