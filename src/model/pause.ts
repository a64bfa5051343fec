// Waiting between two attempts.
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Resolves after so long, or as soon as `signal` is aborted.
 * @param ref - false for what must not keep the process alive
 */
export async function pause(ms: number, signal: AbortSignal, ref = true): Promise<void> {
  await sleep(ms, undefined, { signal, ref }).catch(() => {
    // It is over sooner.
  });
}
