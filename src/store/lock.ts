// The lock of one config, fair: first come, first served. Whoever waits may give up without disturbing the others.
import { Mutex } from "async-mutex";
import { type CancelledOutcome, cancelledBy } from "../model/outcome.ts";
import type { Author } from "../model/revision.ts";
import type { CommitOptions } from "./port.ts";

export interface ConfigLock {
  /** Who holds the lock now; undefined while it is free. */
  readonly holder: Author | undefined;
  /**
   * Waits for the lock.
   * @param holder - whom others see while they wait; undefined for nobody in particular
   * @returns what releases it, harmless when called twice; undefined when `signal` was aborted first
   */
  acquire(holder: Author | undefined, signal: AbortSignal): Promise<(() => void) | undefined>;
}

/** For whoever has the lock already. */
export function heldLock(holder: Author | undefined): ConfigLock {
  return { holder, acquire: () => Promise.resolve(() => {}) };
}

/** Acts while the lock is held. @param options - `signal` ends the waiting; `onProgress` is told of the lock */
export async function holdingLock<Result>(
  lock: ConfigLock,
  holder: Author | undefined,
  { signal, onProgress }: Pick<CommitOptions<never>, "signal" | "onProgress">,
  act: () => Promise<Result>,
): Promise<Result | CancelledOutcome> {
  onProgress("lock_wait_began");
  const release = await lock.acquire(holder, signal);
  onProgress("lock_wait_ended");
  if (release === undefined) return cancelledBy(signal);
  onProgress("lock_acquired");
  try {
    return await act();
  } finally {
    release();
    onProgress("lock_released");
  }
}

/** Hands out the lock of each config, made when it is first asked for. Keyed by the real path of the live file. */
export function createLocks(): (livePath: string) => ConfigLock {
  const locks = new Map<string, ConfigLock>();
  return (livePath) => {
    const lock = locks.get(livePath) ?? createLock();
    locks.set(livePath, lock);
    return lock;
  };
}

function createLock(): ConfigLock {
  const mutex = new Mutex();
  let current: Author | undefined;
  return {
    get holder() {
      return current;
    },
    async acquire(holder, signal) {
      if (signal.aborted) return undefined;
      // Mutex.cancel() would reject everybody who waits. So one who gives up stays in the queue, and hands the lock on
      // at once when its turn comes.
      const turn = mutex.acquire();
      let giveUp = (): void => {};
      const givenUp = new Promise<undefined>((resolve) => {
        giveUp = () => resolve(undefined);
        signal.addEventListener("abort", giveUp);
      });
      try {
        const release = await Promise.race([turn, givenUp]);
        if (release === undefined) {
          void turn.then((unused) => unused());
          return undefined;
        }
        current = holder;
        let held = true;
        return () => {
          if (!held) return;
          held = false;
          current = undefined;
          release();
        };
      } finally {
        signal.removeEventListener("abort", giveUp);
      }
    },
  };
}
