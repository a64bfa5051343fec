// What is counted of changes: events as they come, and what is true of each config when somebody asks.
import type { Drifts } from "./change/drift.ts";
import type { UseCases } from "./change/use-cases.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { DriftEvent } from "./model/drift-event.ts";
import type { KeepEvent } from "./model/keep-event.ts";
import { spreadOf } from "./model/machine.ts";
import type { Machines } from "./store/machines.ts";
import type { ConfigStore } from "./store/port.ts";

/** Nothing where there is none yet. */
export function countRevision(metrics: Metrics, live: ConfigStore | undefined): void {
  if (live?.newest === undefined) return;
  metrics.revision(live.config.id, live.newest.revision, Date.parse(live.newest.at));
}

export function countDrift(metrics: Metrics, event: DriftEvent): void {
  if (event.kind !== "kept") return;
  const { revision, at } = event.entry;
  metrics.revision(event.config.id, revision, Date.parse(at));
}

export function countKeep(metrics: Metrics, event: KeepEvent): void {
  if (event.kind !== "reverted") return;
  const { config, entry } = event;
  const byRule = event.failure === null ? "keep" : "guard";
  metrics.reverted(config.id, entry.author === null ? byRule : "person");
  metrics.revision(config.id, entry.revision, Date.parse(entry.at));
}

interface Asked extends Pick<
  UseCases,
  "applies" | "freezes" | "keeps" | "parked" | "proposals" | "schedules"
> {
  readonly machines: Machines | undefined;
  readonly drifts: Pick<Drifts, "isDrifting">;
}

/** Brings up to date what no event tells: what waits, what is frozen, how far machines have come. */
export async function countState(
  metrics: Metrics,
  lives: readonly ConfigStore[],
  { applies, freezes, keeps, parked, proposals, schedules, machines, drifts }: Asked,
): Promise<void> {
  const confirmations = (await parked.values()).filter(({ confirmation }) => confirmation !== null);
  for (const live of lives) {
    const { id } = live.config;
    const ofIt = (waiting: Iterable<{ readonly configId: string }>): number =>
      [...waiting].filter(({ configId }) => configId === id).length;
    metrics.serviceOk(id, applies.isOk(live));
    metrics.frozen(id, freezes.of(id) !== undefined);
    metrics.drift(id, drifts.isDrifting(id));
    metrics.pending(id, "approval", ofIt(proposals.all().values()));
    metrics.pending(id, "confirm", ofIt(confirmations));
    metrics.pending(id, "keep", keeps.pending(id) === undefined ? 0 : 1);
    metrics.pending(id, "schedule", ofIt(schedules.waiting));
    if (machines !== undefined && live.newest !== undefined) {
      metrics.machines(id, spreadOf(machines.all, id, live.newest.revision, Date.now()));
    }
  }
}
