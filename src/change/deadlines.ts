// What is due at an instant: a change that goes back unless somebody keeps it, an approval that expires, a scheduled change. While the bot
// runs it counts by the clock that does not go back, across starts by the wall clock. Knows nothing of what is due: what must outlive
// a stop is its owner's to write down, and to set again at the start.
import { createUnderWay } from "../store/under-way.ts";

/** The two clocks and a timer: {@link systemClock}, or a test's own. */
export interface Clock {
  /** Milliseconds since 1970; may go back. */
  wallMs(): number;
  /** Milliseconds since whenever; does not go back. */
  steadyMs(): number;
  /** Calls `wake` once, after at least so many milliseconds, at most {@link timerMsMax}. @returns what ends that */
  wakeAfter(ms: number, wake: () => void): () => void;
}

/** `again`: it could not be done; it is tried once more a little later. Whoever is to know of that is told by `act` itself. */
export type Acted = "done" | "again";

export interface Deadlines {
  /**
   * Acts at this instant, or a moment later: at once, where it has passed. In place of what was set under this key before. Where `act` answers
   * `again` or throws, it is tried again after a second, then after twice as long, up to a minute apart.
   * @param atMs - since 1970
   */
  set(key: string, atMs: number, act: () => Promise<Acted>): void;
  /** How long until it is due, negative where it was; undefined where none is set, or it was acted on. In milliseconds. */
  leftMs(key: string): number | undefined;
  /** Forgets it. What acts at this moment goes on, and is not tried again. */
  clear(key: string): void;
  /** Until this is called nothing acts. Resolves when everything overdue was tried once, the earliest first. */
  start(): Promise<void>;
  /** From now on nothing acts any more. Resolves when what acts at this moment has ended. */
  stop(): Promise<void>;
}

interface Deadline {
  readonly key: string;
  readonly act: () => Promise<Acted>;
  readonly atMs: number;
  /** By the clock that does not go back, like the next. */
  readonly dueMs: number;
  /** When it is tried: later than it is due, where it could not be done. */
  nextMs: number;
  failures: number;
  endTimer: () => void;
}

/** Node fires a longer timer at once. About 24.8 days. */
const timerMsMax = 2 ** 31 - 1;
const retryFirstMs = 1000;
const retryMsMax = 60_000;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  wakeAfter(ms, wake) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};

/** @returns the time that the wall clock shows now and, from now on, would show if nobody set it; milliseconds since 1970 */
export function unsetFromNow(clock: Pick<Clock, "wallMs" | "steadyMs">): () => number {
  const aheadMs = clock.wallMs() - clock.steadyMs();
  return () => clock.steadyMs() + aheadMs;
}

/** @param onThrown - told of what `act` throws */
export function createDeadlines(clock: Clock, onThrown: (error: unknown) => void): Deadlines {
  const deadlines = new Map<string, Deadline>();
  const acting = createUnderWay();
  let state: "waiting" | "running" | "stopped" = "waiting";

  function arm(deadline: Deadline): void {
    if (state !== "running") return;
    const leftMs = Math.max(0, deadline.nextMs - clock.steadyMs());
    deadline.endTimer = clock.wakeAfter(Math.min(leftMs, timerMsMax), () => {
      // A long wait comes in pieces, and a timer may fire a moment early.
      if (clock.steadyMs() < deadline.nextMs) arm(deadline);
      else void act(deadline);
    });
  }

  async function tried(deadline: Deadline): Promise<Acted> {
    try {
      return await deadline.act();
    } catch (error) {
      onThrown(error);
      return "again";
    }
  }

  async function actAndFollow(deadline: Deadline): Promise<void> {
    const acted = await tried(deadline);
    // It may have been forgotten meanwhile, or another set in its place.
    if (deadlines.get(deadline.key) !== deadline) return;
    if (acted === "done") {
      deadlines.delete(deadline.key);
      return;
    }
    const waitMs = Math.min(retryMsMax, retryFirstMs * 2 ** deadline.failures);
    deadline.failures += 1;
    deadline.nextMs = clock.steadyMs() + waitMs;
    arm(deadline);
  }

  function act(deadline: Deadline): Promise<void> {
    return acting.add(actAndFollow(deadline));
  }

  function clear(key: string): void {
    deadlines.get(key)?.endTimer();
    deadlines.delete(key);
  }

  return {
    clear,
    leftMs(key) {
      const deadline = deadlines.get(key);
      return deadline && deadline.dueMs - clock.steadyMs();
    },
    set(key, atMs, act) {
      clear(key);
      const dueMs = clock.steadyMs() + (atMs - clock.wallMs());
      const deadline: Deadline = {
        key,
        act,
        atMs,
        dueMs,
        nextMs: dueMs,
        failures: 0,
        endTimer: () => {},
      };
      deadlines.set(key, deadline);
      arm(deadline);
    },
    async start() {
      if (state !== "waiting") return;
      state = "running";
      const known = [...deadlines.values()].toSorted((one, other) => one.atMs - other.atMs);
      const overdue = known.filter(({ dueMs }) => dueMs <= clock.steadyMs());
      for (const deadline of known) if (!overdue.includes(deadline)) arm(deadline);
      for (const deadline of overdue) {
        // One that was due before it may have settled it.
        if (deadlines.get(deadline.key) === deadline) await act(deadline);
      }
    },
    async stop() {
      state = "stopped";
      for (const { endTimer } of deadlines.values()) endTimer();
      await acting.idle();
    },
  };
}
