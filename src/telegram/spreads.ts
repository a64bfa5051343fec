// Under a change that went live: how far it has come over the machines that follow the store. Its message is edited as they come, until it
// is live on all, or another change takes its place. What is on its way when the bot ends is not taken up again: /status tells.
import { isDeepStrictEqual } from "node:util";
import { spreadOf, type Spread } from "../model/machine.ts";
import type { Revision } from "../model/revision.ts";
import type { Machines } from "../store/machines.ts";
import type { ConfigStore } from "../store/port.ts";
import type { Line } from "../words/line.ts";
import { spreadLines } from "../words/machine-words.ts";

/** Between two edits of one message. */
const editEveryMs = 3000;
/** Those that take longer than that are named. */
const earlyMs = 5000;
/** After that, `/status` is the place to look. */
const followedMs = 60 * 60 * 1000;
const minuteMs = 60_000;

export interface Spreads {
  /** For the message that says that it went live; empty where no machine follows. */
  lines(live: ConfigStore, entry: Revision): readonly Line[];
  /** @param show - edits the message; not called again before it has resolved */
  follow(live: ConfigStore, entry: Revision, show: (lines: readonly Line[]) => Promise<void>): void;
  stop(): void;
}

export function createSpreads(
  machines: Pick<Machines, "all"> | undefined,
  onTrouble: (what: string, error: unknown) => void,
): Spreads {
  const timers = new Set<NodeJS.Timeout>();

  function spread({ config }: ConfigStore, { revision }: Revision): Spread {
    return spreadOf(machines?.all ?? [], config.id, revision, Date.now());
  }

  /** What is worth an edit: seconds that pass are not. */
  function worth(now: Spread, ageMs: number): unknown {
    const others = now.others.map((each) => ({
      ...each,
      silentMs: Math.floor(each.silentMs / minuteMs),
    }));
    return { ...now, others, isEarly: ageMs < earlyMs };
  }

  return {
    lines: (live, entry) => spreadLines(spread(live, entry), true),
    follow(live, entry, show) {
      if (machines === undefined || spread(live, entry).all === 0) return;
      const beganMs = performance.now();
      let shown = worth(spread(live, entry), 0);
      let isLiveOnAll = false;

      async function look(): Promise<void> {
        const ageMs = performance.now() - beganMs;
        const now = spread(live, entry);
        const next = worth(now, ageMs);
        if (!isDeepStrictEqual(next, shown)) {
          await show(spreadLines(now, ageMs < earlyMs));
          shown = next;
        }
        isLiveOnAll = now.live === now.all;
      }

      function again(): void {
        const timer = setTimeout(() => {
          timers.delete(timer);
          if (live.newest?.revision !== entry.revision) return;
          look()
            .catch((error: unknown) => onTrouble("showing where a change is live", error))
            .finally(() => {
              if (!isLiveOnAll && performance.now() - beganMs < followedMs) again();
            });
        }, editEveryMs);
        timers.add(timer);
      }
      again();
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
