// Waiting between two attempts. Here, since rooms wait that know nothing of each other.

/** What grammY's and Node's signals have in common. */
type Signal = Pick<AbortSignal, "aborted"> & {
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};

/**
 * Resolves after so long, or as soon as `signal` is aborted.
 * @param ref - false for what must not keep the process alive
 */
export function pause(ms: number, signal: Signal | undefined, ref = true): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (!ref) timer.unref();
    signal?.addEventListener("abort", end);
    if (signal?.aborted === true) end();
  });
}
