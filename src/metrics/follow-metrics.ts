// What `airlock follow` counts, in the words of the bot's own metrics where they mean the same.
import { Counter, Gauge } from "prom-client";
import type { FollowEvent } from "../model/follow-event.ts";
import type { ConfigId } from "../model/config-id.ts";
import { createProcessRegistry, createReadySeries, type Metrics } from "./metrics.ts";

export interface FollowMetrics extends Pick<Metrics, "ready" | "text" | "manage"> {
  observe(event: FollowEvent): void;
}

export function createFollowMetrics(options: {
  readonly configIds: readonly ConfigId[];
  readonly version: string;
  readonly logLinesLost: () => number;
}): FollowMetrics {
  const registry = createProcessRegistry(options);
  const registers = [registry];
  const labelNames = ["config_type"] as const;
  const revisions = new Gauge({
    name: "config_revision",
    help: "Number of the store's revision that the file has; 0 where there is none yet.",
    labelNames,
    registers,
  });
  const writes = new Counter({
    name: "config_follow_writes_total",
    help: "How often the file was put in place: a new revision, or the one before an edit by hand.",
    labelNames,
    registers,
  });
  const edits = new Counter({
    name: "config_follow_edits_total",
    help: "Edits by hand that were found, kept as a backup and replaced.",
    labelNames,
    registers,
  });
  const refusals = new Counter({
    name: "config_follow_refused_total",
    help: "Revisions that this machine did not take, by cause.",
    labelNames: ["config_type", "cause"],
    registers,
  });
  const serviceOk = new Gauge({
    name: "config_service_ok",
    help: "1 where the service took the last change or was never asked, 0 where it did not.",
    labelNames,
    registers,
  });
  const managed = new Set<ConfigId>();
  function manage(ids: readonly ConfigId[]): void {
    for (const config_type of ids.filter((id) => !managed.has(id))) {
      managed.add(config_type);
      revisions.set({ config_type }, 0);
      writes.inc({ config_type }, 0);
      edits.inc({ config_type }, 0);
      for (const cause of ["not_taken", "not_valid", "not_written", "store_behind"]) {
        refusals.inc({ config_type, cause }, 0);
      }
      serviceOk.set({ config_type }, 1);
    }
  }
  manage(options.configIds);
  return {
    manage,
    ready: createReadySeries(registry),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    observe({ configId: config_type, ...event }) {
      switch (event.kind) {
        case "written":
          writes.inc({ config_type });
          return;
        case "in_place":
          revisions.set({ config_type }, event.revision);
          return;
        case "live":
          serviceOk.set({ config_type }, 1);
          return;
        case "edited":
          edits.inc({ config_type });
          return;
        case "not_taken":
          serviceOk.set({ config_type }, 0);
          refusals.inc({ config_type, cause: event.kind });
          return;
        case "not_valid":
        case "not_written":
        case "store_behind":
          refusals.inc({ config_type, cause: event.kind });
          return;
        default:
          event satisfies never;
      }
    },
  };
}
