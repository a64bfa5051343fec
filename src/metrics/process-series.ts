// What is counted of the process itself: what runs, whether it is ready, whether it took its catalog.
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { type NotReadyReason, notReadyReasons } from "./readiness.ts";

/** Why the process is not ready now; no reason where it is. */
export type NoteReadiness = (reasons: readonly NotReadyReason[]) => void;

/** With what every process of Airlock exports: prom-client's own series, its version, lines of the log that were lost. */
export function createProcessRegistry(options: {
  readonly version?: string;
  readonly logLinesLost?: () => number;
}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (options.version !== undefined) exportVersion(registry, options.version);
  exportLostLogLines(registry, options.logLinesLost ?? (() => 0));
  return registry;
}

export function createCatalogSeries(registry: Registry): (isTaken: boolean) => void {
  const registers = [registry];
  const successful = new Gauge({
    name: "catalog_last_reload_successful",
    help: "Whether airlock.yml was taken when it was last read: 1, or 0 while the rules before it stay in force.",
    registers,
  });
  const successTime = new Gauge({
    name: "catalog_last_reload_success_timestamp_seconds",
    help: "When airlock.yml was last read and taken, in seconds since 1970.",
    registers,
  });
  const note = (isTaken: boolean): void => {
    successful.set(isTaken ? 1 : 0);
    if (isTaken) successTime.setToCurrentTime();
  };
  // The bot would not have started with a catalog that is wrong.
  note(true);
  return note;
}

/** What /readyz says, as series. */
export function createReadySeries(registry: Registry): NoteReadiness {
  const registers = [registry];
  const ready = new Gauge({
    name: "airlock_ready",
    help: "What /readyz says: 1 while the bot can do its work, 0 while it cannot.",
    registers,
  });
  const notReady = new Gauge({
    name: "airlock_not_ready",
    help: "1 for each reason why the bot is not ready.",
    labelNames: ["reason"],
    registers,
  });
  for (const reason of notReadyReasons) notReady.set({ reason }, 0);
  return (reasons) => {
    ready.set(reasons.length === 0 ? 1 : 0);
    for (const reason of notReadyReasons) {
      notReady.set({ reason }, reasons.includes(reason) ? 1 : 0);
    }
  };
}

function exportVersion(registry: Registry, version: string): void {
  const info = new Gauge({
    name: "airlock_build_info",
    help: "Always 1; the version that runs is in the label.",
    labelNames: ["version"],
    registers: [registry],
  });
  info.set({ version }, 1);
}

function exportLostLogLines(registry: Registry, linesLost: () => number): void {
  registry.registerMetric(
    new Counter({
      name: "airlock_log_lines_lost_total",
      help: "Lines of the log that could not be written to standard output.",
      registers: [],
      collect() {
        this.reset();
        this.inc(linesLost());
      },
    }),
  );
}
