// Puts entries of the candidate into the live text, in the candidate's own words, between the same neighbours.
import { type BlockLayout, commonEnd, commonStart, type GapLine } from "./block-layout.ts";
import { keepsEmptyLines, lineBreakOf, shifted, wholeLines } from "./copied-text.ts";
import type { Entry } from "./document-tree.ts";
import type { MapEdit } from "./merge-trees.ts";
import type { Splice } from "./splice.ts";
import { behindEmptyLines } from "./text-lines.ts";

/**
 * @param base - undefined, as `candidate`, where the map stands between brackets
 * @param text - the candidate's
 */
export function additions(
  edit: MapEdit,
  live: BlockLayout,
  base: BlockLayout | undefined,
  candidate: BlockLayout | undefined,
  text: string,
): readonly Splice[] {
  const all = edit.candidate.entries;
  const splices: Splice[] = [];
  /** The live entry that the next ones come behind; -1 for none. */
  let at = -1;
  for (let first = 0; first < all.length;) {
    let behind = first;
    for (
      let next = all[behind];
      next !== undefined && edit.added.has(next.name);
      next = all[behind]
    ) {
      behind += 1;
    }
    if (behind === first) {
      at = live.indexOf(all[first]?.name ?? "") ?? at;
      first += 1;
      continue;
    }
    splices.push(
      candidate === undefined
        ? inlineAddition(all.slice(first, behind), at, live, text)
        : blockAddition({ first, behind, at }, live, base, candidate),
    );
    first = behind;
  }
  return splices;
}

interface Run {
  /** The added entries, as indexes of the candidate's. */
  readonly first: number;
  readonly behind: number;
  /** The live entry that they come behind; -1 for none. */
  readonly at: number;
}

/**
 * The candidate's lines, with the comments above them that are new. Where the lines around the new ones were in the base already, they tell the place: new lines
 * come behind a heading that they were put behind, and before the comment of the entry that follows them.
 */
function blockAddition(
  { first, behind, at }: Run,
  live: BlockLayout,
  base: BlockLayout | undefined,
  candidate: BlockLayout,
): Splice {
  const [before, after] = [candidate.gap(first), candidate.gap(behind)];
  const previous = candidate.entries[first - 1]?.name;
  const next = candidate.entries[behind]?.name;

  /** Lines of another version in the same place, those of the next entry left out. */
  const without = (layout: BlockLayout, index: number): readonly GapLine[] => {
    const lines = layout.gap(index);
    const isBeforeNext = layout.entries[index]?.name === next;
    return isBeforeNext ? lines.slice(0, lines.length - commonEnd(lines, after)) : lines;
  };
  const baseIndex = previous === undefined ? -1 : base?.indexOf(previous);
  const known =
    base === undefined || baseIndex === undefined
      ? 0
      : commonStart(before, without(base, baseIndex + 1));
  const isNextToIt = live.entries[at]?.name === previous;
  const there = isNextToIt ? without(live, at + 1) : [];
  const passed = commonStart(before.slice(0, known), there);
  const start = there[passed - 1]?.end ?? live.end(at);

  const from = before[known]?.start ?? candidate.start(first);
  const isBeforeNext = next !== undefined && live.entries[at + 1]?.name === next;
  const own = isBeforeNext ? after.slice(0, after.length - commonEnd(after, live.gap(at + 1))) : [];
  const to =
    own.find(({ text }) => text !== "")?.start ?? own.at(-1)?.end ?? candidate.end(behind - 1);
  const last = candidate.entries[behind - 1]?.value;
  const keeps = last !== undefined && keepsEmptyLines(candidate.text, last);
  const put = insertion(candidate.text.slice(from, to), candidate.column, start, live);
  return keeps ? { ...put, end: behindEmptyLines(live.text, start) } : put;
}

/** Lines at the beginning of a line. */
function insertion(lines: string, column: number, start: number, live: BlockLayout): Splice {
  const lineBreak = lineBreakOf(live.text);
  const text = shifted(wholeLines(lines), live.column - column, lineBreak);
  const isEnd = start > 0 && live.text[start - 1] !== "\n";
  return { start, end: start, text: isEnd ? lineBreak + text.slice(0, -lineBreak.length) : text };
}

/** From between brackets to lines of their own. */
function inlineAddition(
  entries: readonly Entry[],
  at: number,
  live: BlockLayout,
  text: string,
): Splice {
  const lines = entries.map(({ key, value }) => {
    const [name, own] = [key, value].map(({ start, end }) => text.slice(start, end));
    return `${name}:${own === "" ? "" : ` ${own}`}\n`;
  });
  return insertion(lines.join(""), 0, live.end(at), live);
}
