// What the bot counts, in the words that dashboards rely on. Labels come from closed sets only.
import type { ConfigId } from "../model/config-id.ts";
import { type ConfigSeries, createConfigSeries } from "./config-series.ts";
import {
  createCatalogSeries,
  createProcessRegistry,
  createReadySeries,
  type NoteReadiness,
} from "./process-series.ts";
import { createTelegramSeries, type TelegramSeries } from "./telegram-series.ts";

export interface Metrics extends ConfigSeries, TelegramSeries {
  /** The catalog was read while the bot runs, and taken or refused. */
  catalogRead(isTaken: boolean): void;
  readonly ready: NoteReadiness;
  /** Everything in the Prometheus text format. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Metrics in a registry of their own, beside prom-client's on the process.
 * @param options.version - exported as the label of `airlock_build_info`, which is left out without it
 * @param options.logLinesLost - asked whenever the metrics are read; 0 without it
 */
export function createMetrics(options: {
  readonly configIds: readonly ConfigId[];
  readonly version?: string;
  readonly logLinesLost?: () => number;
}): Metrics {
  const registry = createProcessRegistry(options);
  const configs = createConfigSeries(registry, options.configIds);
  const telegram = createTelegramSeries(registry);
  return {
    ...configs,
    ...telegram,
    ready: createReadySeries(registry),
    catalogRead: createCatalogSeries(registry),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
