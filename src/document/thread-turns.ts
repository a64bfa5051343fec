// Who may use a thread, and when. Large files check in as many threads as there are cores. Small ones, which take a millisecond, take
// turns in one thread: starting another one costs more than all of them.

/** A small file that takes longer is one that was made to: it holds up no others. Less would be taken for that in a burst of other work. */
const smallMsMax = 300;

/** Ends a turn. */
type PassOn = () => void;

export interface ThreadTurns {
  /** How many have a turn. */
  readonly taken: number;
  /** Resolves when it is their turn, first come, first served among their like; undefined where `signal` or {@link close} ended the waiting. */
  take(isSmall: boolean, signal: AbortSignal | undefined): Promise<PassOn | undefined>;
  /** Ends all waiting. */
  close(): void;
}

interface Waiting {
  readonly isSmall: boolean;
  readonly begin: () => void;
  readonly giveUp: () => void;
}

export function createThreadTurns(threadsMax: number): ThreadTurns {
  const waiting: Waiting[] = [];
  let taken = 0;
  let hasSmall = false;

  const mayBegin = (isSmall: boolean): boolean => taken < threadsMax && !(isSmall && hasSmall);

  function begin(isSmall: boolean): PassOn {
    taken += 1;
    let isHolding = isSmall;
    hasSmall ||= isSmall;
    const letOthers = (): void => {
      if (isHolding) hasSmall = false;
      isHolding = false;
      beginWaiting();
    };
    const timer = isSmall ? setTimeout(letOthers, smallMsMax) : undefined;
    return () => {
      clearTimeout(timer);
      taken -= 1;
      letOthers();
    };
  }

  function beginWaiting(): void {
    for (;;) {
      const index = waiting.findIndex(({ isSmall }) => mayBegin(isSmall));
      if (index === -1) return;
      for (const next of waiting.splice(index, 1)) next.begin();
    }
  }

  return {
    get taken() {
      return taken;
    },
    close() {
      for (const each of waiting.toReversed()) each.giveUp();
    },
    async take(isSmall, signal) {
      if (signal?.aborted === true) return undefined;
      if (mayBegin(isSmall)) return begin(isSmall);
      return new Promise((resolve) => {
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(mine), 1);
          resolve(undefined);
        };
        const mine: Waiting = {
          isSmall,
          begin: () => {
            signal?.removeEventListener("abort", giveUp);
            resolve(begin(isSmall));
          },
          giveUp,
        };
        waiting.push(mine);
        signal?.addEventListener("abort", giveUp, { once: true });
      });
    },
  };
}
