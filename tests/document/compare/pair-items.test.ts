import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pairItems } from "../../../src/document/compare/pair-items.ts";

const nothingAlike = (): number => 0;

/** The length of a longest common subsequence, by its definition. */
function commonLength(one: readonly number[], other: readonly number[]): number {
  const [head, ...rest] = one;
  if (head === undefined || other.length === 0) return 0;
  const at = other.indexOf(head);
  const without = commonLength(rest, other);
  return at === -1 ? without : Math.max(without, 1 + commonLength(rest, other.slice(at + 1)));
}

test("for any two lists: as much as can be stays, in its order, and each other item is told once", () => {
  const list = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 9 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { moved, changed, removed, added } = pairItems(before, after, nothingAlike);
      const gone = [...moved, ...changed].map(([index]) => index);
      const come = [...moved, ...changed].map(([, index]) => index);
      const stays = before.filter((_, index) => ![...gone, ...removed].includes(index));
      expect(after.filter((_, index) => ![...come, ...added].includes(index))).toEqual(stays);
      expect(stays).toHaveLength(commonLength(before, after));
      for (const [from, to] of moved) expect(before[from]).toBe(after[to]);
      for (const [from, to] of changed) expect(before[from]).not.toBe(after[to]);
      const told = [...gone, ...removed];
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 2000 },
  );
});

test("what changed stands between the same neighbours", () => {
  expect(pairItems([1, 5], [5, 2], nothingAlike)).toEqual({
    moved: [],
    changed: [],
    removed: [0],
    added: [1],
  });
  expect(pairItems([1, 5, 6], [2, 5, 7], nothingAlike)).toMatchObject({
    changed: [
      [0, 0],
      [2, 2],
    ],
  });
});

for (const { name, before, after } of [
  { name: "reversed", before: (index: number) => index, after: (index: number) => 30_000 - index },
  {
    name: "shuffled",
    before: (index: number) => index,
    after: (index: number) => (index * 7919) % 30_000,
  },
  {
    name: "of few values",
    before: (index: number) => index % 2,
    after: (index: number) => Number(index % 3 === 0),
  },
  { name: "wholly other", before: (index: number) => index, after: (index: number) => -1 - index },
]) {
  test(`thirty thousand items, ${name}, are paired within seconds`, () => {
    const list = (make: (index: number) => number): readonly number[] =>
      Array.from({ length: 30_000 }, (_, index) => make(index));
    const [one, other] = [list(before), list(after)];
    const { moved, changed, removed, added } = pairItems(one, other, nothingAlike);
    const gone = new Set([
      ...moved.map(([index]) => index),
      ...changed.map(([index]) => index),
      ...removed,
    ]);
    const come = new Set([
      ...moved.map(([, index]) => index),
      ...changed.map(([, index]) => index),
      ...added,
    ]);
    expect(one.filter((_, index) => !gone.has(index))).toEqual(
      other.filter((_, index) => !come.has(index)),
    );
  }, 20_000);
}
