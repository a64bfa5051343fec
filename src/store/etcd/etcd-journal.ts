// The journal in etcd: what its lines say of one upload or delivery is one value, replaced whole with each of them.
import { z } from "zod";
import { documentKey, type Journal } from "../journal.ts";
import { type Line, lineSchema } from "../journal-lines.ts";
import { endedKeptMs, journalOfLines } from "../journal-of-lines.ts";
import { createJournalState } from "../journal-state.ts";
import { type Cell, createCells } from "./cells.ts";
import type { Kv } from "./kv.ts";
import { keepTrying } from "./retries.ts";
import { jsonOf } from "../../model/json.ts";
import { createUnderWay } from "../under-way.ts";

const cellSchema = z.array(lineSchema);

/** Of lines with different keys: a document is noted before the upload that it began, and what ended by its time. */
const ranks: Readonly<Record<Line["type"], number>> = {
  delivered: 0,
  again: 1,
  began: 2,
  shown: 3,
  prepared: 3,
  handled: 4,
  ended: 4,
};

/**
 * Opens the journal below this prefix. One process at a time: whichever acts on what was left unfinished.
 * @param report - told where a line could not be written that nothing waits for; it is tried again
 * @throws Refusal
 */
export async function openEtcdJournal(
  kv: Kv,
  folder: string,
  report: (what: string, error: unknown) => void,
): Promise<Journal> {
  const cells = createCells(kv, folder);
  /** What etcd has to hold of each key. */
  const linesOf = new Map<string, readonly Line[]>();
  const ended: [string, Cell][] = [];
  for await (const [key, cell] of cells.all()) {
    const lines = cellSchema.safeParse(jsonOf(cell.text)).data;
    if (lines === undefined) continue;
    linesOf.set(key, lines);
    if (lines.every(isOver)) ended.push([key, cell]);
  }
  const state = createJournalState();
  for (const line of [...linesOf.values()].flat().toSorted(inOrder)) state.note(line);
  state.forgetBefore(Date.now() - endedKeptMs);
  for (const [key, cell] of ended) {
    linesOf.delete(key);
    if (!state.knows(key)) await cells.forget(key, cell);
  }

  const writing = createUnderWay();
  const retries = keepTrying(flush);

  async function flush(key: string): Promise<void> {
    const lines = linesOf.get(key) ?? [];
    retries.remove(key);
    try {
      await cells.write(key, JSON.stringify(lines));
      if (lines.every(isOver) && linesOf.get(key) === lines) linesOf.delete(key);
    } catch (error) {
      retries.add(key);
      throw error;
    }
  }

  async function write(line: Line): Promise<void> {
    const before = linesOf.get(line.key) ?? [];
    const writes = [writeOne(line)];
    // What told that this document's upload had begun is replaced now.
    if (line.type === "ended") {
      const { message } = before.find((each) => each.type === "began") ?? { message: null };
      const document = message === null ? undefined : documentKey(message);
      if (document !== undefined && state.deliveries.has(document)) {
        writes.push(writeOne({ type: "handled", key: document, at: line.at }));
      }
    }
    await Promise.all(writes);
  }

  function writeOne(line: Line): Promise<void> {
    state.note(line);
    state.forgetBefore(Date.now() - endedKeptMs);
    linesOf.set(line.key, linesWith(linesOf.get(line.key) ?? [], line));
    return writing.add(flush(line.key));
  }

  return {
    ...journalOfLines(state, write, (error) => report("writing to the journal", error)),
    async close() {
      await writing.idle();
      await retries.close();
    },
  };
}

function isOver({ type }: Line): boolean {
  return type === "ended" || type === "handled";
}

function linesWith(before: readonly Line[], line: Line): readonly Line[] {
  if (isOver(line)) return [line];
  return [...before.filter(({ type }) => type !== line.type), line];
}

function inOrder(one: Line, other: Line): number {
  const byRank = ranks[one.type] - ranks[other.type];
  if (byRank !== 0 || !("at" in one && "at" in other)) return byRank;
  return Date.parse(one.at) - Date.parse(other.at);
}
