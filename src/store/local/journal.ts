// What is in flight, so that a crash leaves nobody without an answer: documents that arrived and were not looked at yet, and
// uploads from before their first effect until their last word was told. Lines of JSON.
import { readLastLines } from "./append-line.ts";
import { type Journal, keyWithoutBot } from "../journal.ts";
import { type Line, parseLine, type PreparedChange } from "../journal-lines.ts";
import { createJournalState, type UnfinishedChange, unfinishedOf } from "../journal-state.ts";
import { openLineLog } from "./line-log.ts";

/** Telegram hands out an update again for this long at the most: https://core.telegram.org/bots/api#getting-updates */
const endedKeptMs = 24 * 60 * 60 * 1000;
/** Telegram's messages are far shorter. A longer delivery is not kept: whoever sent it sends it again. */
const deliveryCharsMax = 64 * 1024;

/** The journal on this disk, which also keeps what a change has prepared there. */
export interface LocalJournal extends Journal {
  readonly unfinished: readonly UnfinishedChange[];
  /** Durable when it resolves. @throws Refusal */
  prepared(key: string, change: PreparedChange): Promise<void>;
}

/** @param report - told where a line could not be written that nothing waits for */
export async function openJournal(
  path: string,
  report: (what: string, error: unknown) => void,
): Promise<LocalJournal> {
  const lines = await readLastLines(path, Number.POSITIVE_INFINITY, parseLine);
  const state = createJournalState();
  for (const line of lines) state.note(line);
  const forgetOld = (): void => state.forgetBefore(Date.now() - endedKeptMs);
  forgetOld();
  const unfinished = [...state.uploads.values()].map(unfinishedOf);
  const unhandled = [...state.deliveries.values()].map((delivery) => ({ ...delivery }));
  const log = await openLineLog<Line>(path, {
    lineCount: lines.length,
    lines() {
      forgetOld();
      return state.lines();
    },
    textOf: (line) => JSON.stringify(line),
    onTrouble: (error) => report("writing the journal anew", error),
  });

  function write(line: Line, durable: boolean): Promise<void> {
    state.note(line);
    return log.write(line, durable);
  }

  function writeUnawaited(line: Line): void {
    write(line, false).catch((error: unknown) => report("writing to the journal", error));
  }

  const now = (): string => new Date().toISOString();

  return {
    unfinished,
    unhandled,
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
    prepared: (key, change) => write({ type: "prepared", key, ...change }, true),
    ended: (key) => writeUnawaited({ type: "ended", key, at: now() }),
    close: () => log.idle(),
  };
}
