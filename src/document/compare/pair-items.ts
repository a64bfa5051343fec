// Which items of two lists are the same ones: those that stayed, those that moved, those that changed where they stand, and the rest. Takes the numbers of values,
// so that the size of an item does not matter; the time for long lists has a bound.
import { diffArrays } from "diff/lib/diff/array.js";

/** An index in the list before, and one in the list after. */
type Pair = readonly [number, number];

export interface PairedItems {
  /** The same value in another place of its list. */
  readonly moved: readonly Pair[];
  /** Other values between the same neighbours. */
  readonly changed: readonly Pair[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** So many insertions and removals are looked for exactly; the time grows with their square. */
const editsMax = 1000;
/** Between the same neighbours, so many pairs of items are weighed against each other. */
const weighedPairsMax = 1000;

/**
 * @param likeness - how much two items that are not equal have in common, by their indexes; 0 for nothing
 */
export function pairItems(
  before: readonly number[],
  after: readonly number[],
  likeness: (before: number, after: number) => number,
): PairedItems {
  const kept = keptItems(before, after);
  const stayed = new Set(kept.map(([index]) => index));
  const stay = new Set(kept.map(([, index]) => index));
  const moved = movedItems(
    before.flatMap((id, index) => (stayed.has(index) ? [] : [[id, index] as const])),
    after.flatMap((id, index) => (stay.has(index) ? [] : [[id, index] as const])),
  );
  for (const [from, to] of moved) {
    stayed.add(from);
    stay.add(to);
  }
  const changed: Pair[] = [];
  const removed: number[] = [];
  const added: number[] = [];
  let [start, startAfter] = [0, 0];
  for (const [end, endAfter] of [...kept, [before.length, after.length] as const]) {
    const gone = indexes(start, end).filter((index) => !stayed.has(index));
    const come = indexes(startAfter, endAfter).filter((index) => !stay.has(index));
    const pairs = changedItems(gone, come, likeness);
    const [paired, pairedAfter] = [0, 1].map((side) => new Set(pairs.map((pair) => pair[side])));
    changed.push(...pairs);
    removed.push(...gone.filter((index) => paired?.has(index) !== true));
    added.push(...come.filter((index) => pairedAfter?.has(index) !== true));
    [start, startAfter] = [end + 1, endAfter + 1];
  }
  return { moved, changed, removed, added };
}

function indexes(start: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}

/** A longest common subsequence, or where it would take too long, a long one: items in both lists, in the same order. */
function keptItems(before: readonly number[], after: readonly number[]): readonly Pair[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  // What is in one list only cannot stay.
  const [inBefore, inAfter] = [new Set(before), new Set(after)];
  const left = itemsBetween(before, start, before.length - tail, inAfter);
  const right = itemsBetween(after, start, after.length - tail, inBefore);
  const [leftIds, rightIds] = [left, right].map((items) => items.map(([id]) => id));
  const middle =
    commonItems(leftIds ?? [], rightIds ?? []) ?? risingItems(leftIds ?? [], rightIds ?? []);
  return [
    ...indexes(0, start).map((index): Pair => [index, index]),
    ...middle.map(([one, other]): Pair => [left[one]?.[1] ?? 0, right[other]?.[1] ?? 0]),
    ...indexes(0, tail).map((index): Pair => [
      before.length - tail + index,
      after.length - tail + index,
    ]),
  ];
}

function itemsBetween(
  ids: readonly number[],
  start: number,
  end: number,
  wanted: ReadonlySet<number>,
): readonly Item[] {
  return ids
    .slice(start, end)
    .map((id, index): Item => [id, start + index])
    .filter(([id]) => wanted.has(id));
}

function commonItems(
  left: readonly number[],
  right: readonly number[],
): readonly Pair[] | undefined {
  const parts = diffArrays([...left], [...right], { maxEditLength: editsMax });
  if (parts === undefined) return undefined;
  const pairs: Pair[] = [];
  let [one, other] = [0, 0];
  for (const { added, removed, count } of parts) {
    if (added) other += count;
    else if (removed) one += count;
    else {
      for (let index = 0; index < count; index += 1) pairs.push([one + index, other + index]);
      one += count;
      other += count;
    }
  }
  return pairs;
}

/**
 * Pairs each item with its own kind, first with first, and keeps the most of them that are in the same order:
 * https://en.wikipedia.org/wiki/Longest_increasing_subsequence#Efficient_algorithms
 */
function risingItems(left: readonly number[], right: readonly number[]): readonly Pair[] {
  const places = placesOf(right.map((id, index) => [id, index]));
  const pairs = left.flatMap((id, one): readonly Pair[] => {
    const other = places.get(id)?.pop();
    return other === undefined ? [] : [[one, other]];
  });
  /** Of the rising runs of each length the one that ends lowest, as the index of its last pair. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, [, other]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < other) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1]);
    ends[low] = index;
  }
  const rising: Pair[] = [];
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) {
    const pair = pairs[index];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.toReversed();
}

/** The places of each value, the first one last, so that it is taken first. */
function placesOf(items: readonly Item[]): ReadonlyMap<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [id, index] of items.toReversed()) {
    const known = places.get(id);
    if (known === undefined) places.set(id, [index]);
    else known.push(index);
  }
  return places;
}

type Item = readonly [id: number, index: number];

function movedItems(gone: readonly Item[], come: readonly Item[]): readonly Pair[] {
  const from = placesOf(gone);
  return come.flatMap(([id, index]): readonly Pair[] => {
    const source = from.get(id)?.pop();
    return source === undefined ? [] : [[source, index]];
  });
}

/** Pairs as much as can be in order, the more alike the better; too many are paired first with first. */
function changedItems(
  gone: readonly number[],
  come: readonly number[],
  likeness: (before: number, after: number) => number,
): readonly Pair[] {
  const count = Math.min(gone.length, come.length);
  const inOrder = (): readonly Pair[] =>
    indexes(0, count).map((index): Pair => [gone[index] ?? 0, come[index] ?? 0]);
  if (count === 0 || gone.length * come.length > weighedPairsMax) return inOrder();
  const width = come.length + 1;
  const best = new Float64Array((gone.length + 1) * width);
  const bestAt = (i: number, j: number): number => best[i * width + j] ?? 0;
  // What is alike counts first, then how many are paired.
  const weight = (i: number, j: number): number =>
    1 + likeness(gone[i] ?? 0, come[j] ?? 0) * (count + 1);
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      best[i * width + j] = Math.max(
        weight(i, j) + bestAt(i + 1, j + 1),
        bestAt(i + 1, j),
        bestAt(i, j + 1),
      );
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < gone.length && j < come.length;) {
    if (bestAt(i, j) === weight(i, j) + bestAt(i + 1, j + 1)) {
      pairs.push([gone[i] ?? 0, come[j] ?? 0]);
      i += 1;
      j += 1;
    } else if (bestAt(i + 1, j) >= bestAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
