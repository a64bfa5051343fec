// Looks at live files every so often, sooner after a hint that one may have changed: which ones, and when.
import type { ConfigStore } from "../store/port.ts";
import type { Clock } from "./deadlines.ts";

export interface Looks {
  /** Looks at these from now on, at once at those that are new, and at no others. Safe to call again. */
  follow(lives: readonly ConfigStore[]): void;
  /** Looks at this one in so long, unless it does before that anyway, or not at all. */
  lookIn(configId: string, ms: number): void;
  /** Looks no more. */
  stop(): void;
}

interface LooksOptions {
  readonly clock: Pick<Clock, "steadyMs" | "wakeAfter">;
  readonly everyMs: number;
  /** After something has touched the file. What touches a file touches it several times. */
  readonly afterHintMs: number;
  /** After history has another line. */
  readonly afterChangeMs: (configId: string) => number;
  /** Does not reject. */
  readonly look: (live: ConfigStore) => Promise<void>;
}

interface Followed {
  live: ConfigStore;
  dueMs: number;
  endTimer: () => void;
  endWatching: () => void;
}

export function createLooks({
  clock,
  everyMs,
  afterHintMs,
  afterChangeMs,
  look,
}: LooksOptions): Looks {
  const followed = new Map<string, Followed>();
  let isStopped = false;

  function plan(each: Followed, ms: number): void {
    const dueMs = clock.steadyMs() + ms;
    if (isStopped || dueMs >= each.dueMs) return;
    each.endTimer();
    each.dueMs = dueMs;
    each.endTimer = clock.wakeAfter(ms, () => {
      each.dueMs = Infinity;
      void lookOnce(each);
    });
  }

  async function lookOnce(each: Followed): Promise<void> {
    await look(each.live);
    if (followed.get(each.live.config.id) === each) plan(each, everyMs);
  }

  function begin(live: ConfigStore): Followed {
    const { id } = live.config;
    const each: Followed = { live, dueMs: Infinity, endTimer: () => {}, endWatching: () => {} };
    const endWatchingLive = live.watchLive(() => plan(each, afterHintMs));
    const endWatchingHistory = live.watch(() => plan(each, afterChangeMs(id)));
    each.endWatching = () => {
      endWatchingLive();
      endWatchingHistory();
    };
    plan(each, 0);
    return each;
  }

  function end(each: Followed): void {
    each.endTimer();
    each.endWatching();
  }

  return {
    follow(lives) {
      for (const [id, each] of followed) {
        if (lives.some(({ config }) => config.id === id)) continue;
        end(each);
        followed.delete(id);
      }
      for (const live of lives) {
        const each = followed.get(live.config.id);
        if (each === undefined) followed.set(live.config.id, begin(live));
        else each.live = live;
      }
    },
    lookIn(configId, ms) {
      const each = followed.get(configId);
      if (each !== undefined) plan(each, ms);
    },
    stop() {
      isStopped = true;
      for (const each of followed.values()) end(each);
    },
  };
}
