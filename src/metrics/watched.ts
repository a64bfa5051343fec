// What whoever watches is answered: the series as they are when they ask, and whether the process can do its work.
import type { Metrics } from "./metrics.ts";
import { type Check, createReadiness } from "./readiness.ts";

export interface Watched {
  readonly metricsText: Metrics["text"];
  /** The reasons why it is not ready, in plain words for anyone to read; none when it is. Takes a few seconds at most. */
  readonly readiness: () => Promise<readonly string[]>;
  /** Told what went wrong behind an answer; it is not told to whoever asked. */
  readonly onError: (error: unknown) => void;
}

/**
 * @param checks - asked each time, since configs come and go
 * @param count - brings up to date what no event counts
 */
export function watchedBy(
  checks: () => readonly Check[],
  metrics: Pick<Metrics, "ready" | "text">,
  report: (what: string, error: unknown) => void,
  count: () => Promise<void> = () => Promise.resolve(),
): Watched {
  const onError = (error: unknown): void => report("answering a metrics request", error);
  const notReady = createReadiness(checks, onError);
  return {
    async metricsText() {
      metrics.ready((await notReady()).map(({ reason }) => reason));
      await count();
      return metrics.text();
    },
    readiness: async () => (await notReady()).map(({ text }) => text),
    onError,
  };
}
