// Compares two values key by key: what was changed, added, removed, renamed or moved. Knows nothing of text.
import { ExactNumber } from "../validation/exact-number.ts";
import type { PathStep } from "../validation/problem-path.ts";

/** Longer lists that differ throughout are compared place by place: matching them costs the square of their length. */
const matchedItemsMax = 400;

export interface ValueChange {
  readonly path: readonly PathStep[];
  readonly what:
    | { readonly kind: "changed"; readonly before: unknown; readonly after: unknown }
    | { readonly kind: "added"; readonly after: unknown }
    | { readonly kind: "removed"; readonly before: unknown }
    | { readonly kind: "moved"; readonly from: readonly PathStep[] };
}

export interface ValueComparison {
  readonly changes: readonly ValueChange[];
  /** Some map has its keys in another order; told only where nothing else changed. */
  readonly reordered: boolean;
}

export function compareValues(before: unknown, after: unknown): ValueComparison {
  const changes: ValueChange[] = [];
  let reordered = false;
  const path: PathStep[] = [];

  function at(step: PathStep): readonly PathStep[] {
    return [...path, step];
  }

  function compare(one: unknown, other: unknown): void {
    if (isMap(one) && isMap(other)) compareMaps(one, other);
    else if (Array.isArray(one) && Array.isArray(other)) compareLists(one, other);
    else if (!equalValues(one, other)) {
      changes.push({ path: [...path], what: { kind: "changed", before: one, after: other } });
    }
  }

  function inside(step: PathStep, one: unknown, other: unknown): void {
    path.push(step);
    compare(one, other);
    path.pop();
  }

  function compareMaps(one: ValueMap, other: ValueMap): void {
    const removed = Object.keys(one).filter((key) => !Object.hasOwn(other, key));
    const added = Object.keys(other).filter((key) => !Object.hasOwn(one, key));
    const renamed = renamedKeys(one, other, removed, added);
    for (const [key, value] of Object.entries(other)) {
      const oldKey = renamed.get(key);
      if (Object.hasOwn(one, key)) inside(key, one[key], value);
      else if (oldKey === undefined) {
        changes.push({ path: at(key), what: { kind: "added", after: value } });
      } else changes.push({ path: at(key), what: { kind: "moved", from: at(oldKey) } });
    }
    const oldNames = new Set(renamed.values());
    for (const key of removed) {
      if (oldNames.has(key)) continue;
      changes.push({ path: at(key), what: { kind: "removed", before: one[key] } });
    }
    const kept = (map: ValueMap, than: ValueMap): string =>
      JSON.stringify(Object.keys(map).filter((key) => Object.hasOwn(than, key)));
    reordered ||= kept(one, other) !== kept(other, one);
  }

  function compareLists(one: readonly unknown[], other: readonly unknown[]): void {
    const { gone, come } = unmatchedItems(one, other);
    const movedFrom = movedItems(one, other, gone, come);
    const changed = gone.filter((index) => ![...movedFrom.values()].includes(index));
    // What stands at the same place among the unmatched is taken for the same item, changed.
    const waiting = [...changed];
    for (const index of come) {
      const from = movedFrom.get(index);
      if (from !== undefined) {
        changes.push({ path: at(index), what: { kind: "moved", from: at(from) } });
        continue;
      }
      const pair = waiting.shift();
      if (pair === undefined) {
        changes.push({ path: at(index), what: { kind: "added", after: other[index] } });
      } else inside(index, one[pair], other[index]);
    }
    for (const index of waiting) {
      changes.push({ path: at(index), what: { kind: "removed", before: one[index] } });
    }
  }

  compare(before, after);
  return { changes, reordered };
}

type ValueMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactNumber)
  );
}

export function equalValues(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  return (
    typeof one === "object" && typeof other === "object" && canonical(one) === canonical(other)
  );
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isMap(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A new key with the value of a removed one. Only where that cannot be chance: numbers are alike too often. */
function renamedKeys(
  one: ValueMap,
  other: ValueMap,
  removed: readonly string[],
  added: readonly string[],
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  if (removed.length === 0 || added.length === 0) return renamed;
  const single = removed.length === 1 && added.length === 1;
  const byValue = new Map<string, string>();
  for (const key of removed) {
    if (single || typeof one[key] === "object") byValue.set(canonical(one[key]), key);
  }
  for (const key of added) {
    const oldKey = byValue.get(canonical(other[key]));
    if (oldKey === undefined) continue;
    renamed.set(key, oldKey);
    byValue.delete(canonical(other[key]));
  }
  return renamed;
}

/** The items that are not in both lists in the same order, as indexes. */
function unmatchedItems(
  one: readonly unknown[],
  other: readonly unknown[],
): { readonly gone: readonly number[]; readonly come: readonly number[] } {
  const before = one.map(canonical);
  const after = other.map(canonical);
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const left = before.slice(start, before.length - tail);
  const right = after.slice(start, after.length - tail);
  const kept = keptItems(left, right);
  const without = (items: readonly string[], keptOnes: ReadonlySet<number>): readonly number[] =>
    items.flatMap((_, index) => (keptOnes.has(index) ? [] : [index + start]));
  return { gone: without(left, kept.left), come: without(right, kept.right) };
}

/** The longest common subsequence, by its table: https://en.wikipedia.org/wiki/Longest_common_subsequence. */
function keptItems(
  left: readonly string[],
  right: readonly string[],
): { readonly left: ReadonlySet<number>; readonly right: ReadonlySet<number> } {
  const kept = { left: new Set<number>(), right: new Set<number>() };
  if (left.length > matchedItemsMax || right.length > matchedItemsMax) return kept;
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        left[i] === right[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) {
      kept.left.add(i);
      kept.right.add(j);
      i += 1;
      j += 1;
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return kept;
}

/** New places of unmatched items that stand elsewhere now. */
function movedItems(
  one: readonly unknown[],
  other: readonly unknown[],
  gone: readonly number[],
  come: readonly number[],
): ReadonlyMap<number, number> {
  const from = new Map<string, number[]>();
  for (const index of gone) {
    const text = canonical(one[index]);
    from.set(text, [...(from.get(text) ?? []), index]);
  }
  const moved = new Map<number, number>();
  for (const index of come) {
    const source = from.get(canonical(other[index]))?.shift();
    if (source !== undefined) moved.set(index, source);
  }
  return moved;
}
