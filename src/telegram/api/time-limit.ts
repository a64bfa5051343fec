// A limit on the time of one call, beside the signal that may end it earlier. It is gone with the call: an `AbortSignal.timeout` goes off
// long after the call has ended, and builds an error for nobody.

/** Ends {@link TimeLimit.signal} when the time is over, or the signal that was given does. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly isOver: boolean;
  /** To be called when the call is over, however it ended. */
  clear(): void;
}

/** Not by `AbortSignal.any` of an `AbortSignal.timeout`: Node 20 forgets a limit that nothing else holds, and the call never ends. */
export function startTimeLimit(limitMs: number, signal?: AbortSignal): TimeLimit {
  const ending = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    ending.abort();
  }, limitMs);
  const end = (): void => ending.abort();
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end);
  return {
    signal: ending.signal,
    get isOver() {
      return isOver;
    },
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    },
  };
}
