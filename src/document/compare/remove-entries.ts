// Takes entries out of the live text, with the comments that go with them.
import { type BlockLayout, commonEnd, commonStart, type GapLine } from "./block-layout.ts";
import { lineBreakOf } from "./copied-text.ts";
import type { MapEdit } from "./merge-trees.ts";
import { NotOffered, type Splice } from "./splice.ts";

/** @param base - undefined, as `candidate`, where the map stands between brackets */
export function removals(
  { removed, added }: MapEdit,
  live: BlockLayout,
  base: BlockLayout | undefined,
  candidate: BlockLayout | undefined,
): readonly Splice[] {
  const cutAbove = linesCutAbove(base, candidate);
  const splices = removed.flatMap(({ name }): readonly Splice[] => {
    const index = live.indexOf(name) ?? 0;
    const lines = cutAbove(name, live.gap(index));
    return [
      ...lines.map(({ start, end }) => ({ start, end, text: "" })),
      { start: live.start(index), end: live.end(index), text: "" },
    ];
  });
  const isEmptied = removed.length === live.entries.length && added.size === 0;
  return isEmptied ? [...splices, emptyMap(live)] : splices;
}

/** @returns of the live lines above an entry that was removed, by its name, those that go with it */
type CutAbove = (name: string, above: readonly GapLine[]) => readonly GapLine[];

/**
 * What the candidate took away together with the entry goes, what it left stays, such as a heading above the first of several entries. What others wrote since is the
 * entry's own where it is right above it.
 */
function linesCutAbove(
  base: BlockLayout | undefined,
  candidate: BlockLayout | undefined,
): CutAbove {
  if (base === undefined || candidate === undefined) return (_name, above) => ownComments(above);
  const leftAbove = linesLeftAbove(base, candidate);
  return (name, above) => {
    const before = base.gap(base.indexOf(name) ?? 0);
    const left = leftAbove.get(name) ?? [];
    if (before.length === above.length && commonStart(before, above) === above.length) {
      return above.slice(left.length);
    }
    const stay = new Set(left.map(({ text }) => text));
    const gone = new Set(before.slice(left.length).map(({ text }) => text));
    const own = new Set(ownComments(above));
    return above.filter(
      (line) => line.text !== "" && !stay.has(line.text) && (own.has(line) || gone.has(line.text)),
    );
  };
}

/** The comments right above an entry. */
function ownComments(gap: readonly GapLine[]): readonly GapLine[] {
  return gap.slice(gap.findLastIndex(({ text }) => text === "") + 1);
}

/** For each entry that the candidate took away, the lines above it that it left. */
function linesLeftAbove(
  base: BlockLayout,
  candidate: BlockLayout,
): ReadonlyMap<string, readonly GapLine[]> {
  const left = new Map<string, readonly GapLine[]>();
  /** What stands in the candidate where the entries were, without what belongs to the next one. */
  let lines: readonly GapLine[] | undefined;
  let nearest = -1;
  for (const [index, { name }] of base.entries.entries()) {
    const there = candidate.indexOf(name);
    if (there !== undefined) {
      [nearest, lines] = [there, undefined];
      continue;
    }
    lines ??= linesBehind(nearest, base, candidate);
    const above = base.gap(index);
    const count = commonStart(above, lines);
    left.set(name, above.slice(0, count));
    lines = lines.slice(count);
  }
  return left;
}

function linesBehind(index: number, base: BlockLayout, candidate: BlockLayout): readonly GapLine[] {
  const gap = candidate.gap(index + 1);
  const next = candidate.entries[index + 1];
  const nextInBase = next === undefined ? base.entries.length : base.indexOf(next.name);
  const ofNext = nextInBase === undefined ? 0 : commonEnd(gap, base.gap(nextInBase));
  return gap.slice(0, gap.length - ofNext);
}

function emptyMap(live: BlockLayout): Splice {
  const lineBreak = lineBreakOf(live.text);
  const { holder } = live;
  if (holder === undefined) {
    const start = live.start(0);
    return { start, end: start, text: `{}${lineBreak}` };
  }
  if (holder.value.kind !== "map" || holder.value.start !== holder.value.contentStart) {
    throw new NotOffered("the map has an anchor or a tag");
  }
  const start = live.colonEnd(holder);
  return { start, end: start, text: " {}" };
}
