// The journal, as far as it is the same wherever its lines are written.
import { type Journal, keyWithoutBot } from "./journal.ts";
import type { Line } from "./journal-lines.ts";
import { type JournalState, unfinishedOf } from "./journal-state.ts";

/** Telegram hands out an update again for this long at the most: https://core.telegram.org/bots/api#getting-updates */
export const endedKeptMs = 24 * 60 * 60 * 1000;
/** Telegram's messages are far shorter. A longer delivery is not kept: whoever sent it sends it again. */
const deliveryCharsMax = 64 * 1024;

/**
 * @param state - what the lines of before mean; `write` notes each new one in it
 * @param write - resolves when the line is written, and durable where that is asked for; rejects with a Refusal
 * @param onRefused - told where that failed for a line that nothing waits for
 */
export function journalOfLines(
  state: JournalState,
  write: (line: Line, durable: boolean) => Promise<void>,
  onRefused: (error: unknown) => void,
): Omit<Journal, "close"> {
  const now = (): string => new Date().toISOString();
  const writeUnawaited = (line: Line): void => void write(line, false).catch(onRefused);
  return {
    unfinished: [...state.uploads.values()].map(unfinishedOf),
    unhandled: [...state.deliveries.values()].map((delivery) => ({ ...delivery })),
    knows: (key) =>
      [key, keyWithoutBot(key)].some((each) => each !== undefined && state.knows(each)),
    async delivered(deliveries) {
      const short = deliveries.filter((each) => JSON.stringify(each).length <= deliveryCharsMax);
      await Promise.all(short.map((each) => write({ type: "delivered", ...each }, true)));
    },
    handlesAgain: (key) => write({ type: "again", key }, true),
    handled: (key) => writeUnawaited({ type: "handled", key, at: now() }),
    began: (upload) => write({ type: "began", at: now(), ...upload }, true),
    shown: (key, place) => writeUnawaited({ type: "shown", key, place }),
    ended: (key) => writeUnawaited({ type: "ended", key, at: now() }),
  };
}
