// What is in flight, so that a crash leaves nobody without an answer: documents that arrived and were not looked at yet, and
// uploads from before their first effect until their last word was told. Lines of JSON, only ever appended to; where too many
// have piled up, what still matters is written to a new file that takes the old one's place.
import { basename, dirname, join } from "node:path";
import { refusing } from "../../file/disk-error.ts";
import { syncFolder } from "../../file/folder.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";
import { openLineFile, readLastLines } from "./append-line.ts";
import { listFiles, removeFile } from "./back-up-file.ts";
import { type Journal, keyWithoutBot } from "../journal.ts";
import { type Line, parseLine, type PreparedChange } from "./journal-lines.ts";
import { createJournalState, type UnfinishedChange, unfinishedOf } from "./journal-state.ts";

/** Telegram hands out an update again for this long at the most: https://core.telegram.org/bots/api#getting-updates */
const endedKeptMs = 24 * 60 * 60 * 1000;
/** More lines than this, and twice as many as still matter, are written anew. */
const linesMax = 5000;
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
  await removeHalfWritten(path);
  const lines = await readLastLines(path, Number.POSITIVE_INFINITY, parseLine);
  const state = createJournalState();
  for (const line of lines) state.note(line);
  state.forgetBefore(Date.now() - endedKeptMs);
  const unfinished = [...state.uploads.values()].map(unfinishedOf);
  const unhandled = [...state.deliveries.values()].map((delivery) => ({ ...delivery }));

  const file = openLineFile(path);
  let written = lines.length;
  /** So many lines are not worth writing anew. */
  let linesFew = linesMax;
  /** Lines are missing that the disk refused; what they mean is in the state. */
  let isIncomplete = false;
  let waiting: Waiting[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function writeAnew(kept: readonly Line[]): Promise<void> {
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    await replaceOwnFile(path, Buffer.from(text));
    await syncFolder(dirname(path));
    written = kept.length;
    isIncomplete = false;
  }

  async function tidy(): Promise<void> {
    if (!isIncomplete && written <= linesFew) return;
    state.forgetBefore(Date.now() - endedKeptMs);
    const kept = state.lines();
    // What still matters is not gathered again before it could be half of the lines.
    linesFew = Math.max(linesMax, 2 * kept.length);
    if (!isIncomplete && written <= linesFew) return;
    try {
      await writeAnew(kept);
    } catch (error) {
      report("writing the journal anew", error);
    }
  }

  /** All that wait are written at once, and synced at once: many uploads together cost little more than one. */
  async function writeWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      const sync = group.some(({ durable }) => durable);
      await file.append(
        group.map(({ line }) => JSON.stringify(line)),
        { sync },
      );
      written += group.length;
      for (const { done } of group) done();
    } catch (error) {
      isIncomplete = true;
      for (const { failed } of group) failed(error);
      return;
    }
    await tidy();
  }

  function write(line: Line, durable: boolean): Promise<void> {
    state.note(line);
    const written = new Promise<void>((done, failed) => {
      waiting.push({ line, durable, done, failed });
    });
    writing = writing.then(writeWaiting);
    return refusing(written);
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
    close: () => writing,
  };
}

/** What a crash left of writing the journal anew. */
async function removeHalfWritten(path: string): Promise<void> {
  const folder = dirname(path);
  const strays = (await listFiles(folder, /\.[0-9a-f]{8}$/)).filter((name) =>
    name.startsWith(`${basename(path)}.`),
  );
  for (const stray of strays) await removeFile(join(folder, stray));
}

interface Waiting {
  readonly line: Line;
  readonly durable: boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}
