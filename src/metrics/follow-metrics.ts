// What `airlock follow` counts, in the words of the bot's own metrics where they mean the same.
import type { ConfigId } from "../model/config-id.ts";
import type { FollowEvent } from "../model/follow-event.ts";
import { machineProblems } from "../model/machine.ts";
import { createServiceSeries, onceEach, perConfig } from "./config-series.ts";
import type { Metrics } from "./metrics.ts";
import { createProcessRegistry, createReadySeries } from "./process-series.ts";

export interface FollowMetrics extends Pick<Metrics, "ready" | "text" | "manage"> {
  observe(event: FollowEvent): void;
}

export function createFollowMetrics(options: {
  readonly configIds: readonly ConfigId[];
  readonly version: string;
  readonly logLinesLost: () => number;
}): FollowMetrics {
  const registry = createProcessRegistry(options);
  const { counter, gauge } = perConfig(registry);
  const revisions = gauge({
    name: "config_revision",
    help: "Number of the store's revision that the file has; 0 where there is none yet.",
  });
  const writes = counter({
    name: "config_follow_writes_total",
    help: "How often the file was put in place: a new revision, or the one before an edit by hand.",
  });
  const edits = counter({
    name: "config_follow_edits_total",
    help: "Edits by hand that were found, kept as a backup and replaced.",
  });
  const refusals = counter({
    name: "config_follow_refused_total",
    help: "Revisions that this machine did not take, by cause.",
    labels: ["cause"],
  });
  const serviceOk = createServiceSeries(registry);
  const manage = onceEach((config_type) => {
    revisions.set({ config_type }, 0);
    writes.inc({ config_type }, 0);
    edits.inc({ config_type }, 0);
    for (const cause of machineProblems) {
      refusals.inc({ config_type, cause }, 0);
    }
    serviceOk(config_type, true);
  });
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
          serviceOk(config_type, true);
          return;
        case "edited":
          edits.inc({ config_type });
          return;
        case "not_taken":
          serviceOk(config_type, false);
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
