// How long to pause between attempts: ever longer, up to a limit.

export interface Backoff {
  /** How many pauses there were since the last reset. */
  readonly count: number;
  /** The next pause: at least half of `firstMs` doubled so often, and cut by chance, so that many who wait do not all try at once. */
  nextMs(): number;
  reset(): void;
}

export function createBackoff({
  firstMs,
  maxMs,
}: {
  readonly firstMs: number;
  readonly maxMs: number;
}): Backoff {
  let count = 0;
  return {
    get count() {
      return count;
    },
    nextMs() {
      const wholeMs = Math.min(maxMs, firstMs * 2 ** count);
      count += 1;
      return wholeMs * (0.5 + Math.random() / 2);
    },
    reset() {
      count = 0;
    },
  };
}
