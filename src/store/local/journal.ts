// What is in flight, so that a crash leaves nobody without an answer: documents that arrived and were not looked at yet, and
// uploads from before their first effect until their last word was told. Lines of JSON.
import { readLastLines } from "./append-line.ts";
import type { Journal } from "../journal.ts";
import { type Line, parseLine, type PreparedChange } from "../journal-lines.ts";
import { endedKeptMs, journalOfLines } from "../journal-of-lines.ts";
import { createJournalState, type UnfinishedChange, unfinishedOf } from "../journal-state.ts";
import { openLineLog } from "./line-log.ts";

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

  return {
    ...journalOfLines(state, write, (error) => report("writing to the journal", error)),
    unfinished,
    prepared: (key, change) => write({ type: "prepared", key, ...change }, true),
    close: () => log.idle(),
  };
}
