import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { mergeDocuments } from "../../../src/document/compare/merge-documents.ts";

function merge(base: string, live: string, candidate: string): ReturnType<typeof mergeDocuments> {
  return mergeDocuments(Buffer.from(base), Buffer.from(live), Buffer.from(candidate));
}

const base = "# top\na: 1 # one\nb: 2\nlist: [1, 2]\nmap:\n  x: 1\n  y: 2\n";

test("edits of different keys are joined, with the comments and formatting of the live file", () => {
  expect(
    merge(
      base,
      base.replace("b: 2", "b:   20 # theirs"),
      base.replace("a: 1 # one", "a: 10 # mine"),
    ),
  ).toEqual({
    kind: "merged",
    text: base.replace("b: 2", "b:   20 # theirs").replace("a: 1", "a: 10"),
  });
});

test("where only values changed, all around them stays to the last space: line ends of Windows, columns, a byte order mark", () => {
  const live =
    "\uFEFF# head\r\na: 1\r\nm:\r\n    x: 1     # why\r\n    y: {p: 1,q: 2}\r\nz: >\r\n  folded\r\n  text\r\n\r\n\r\nn: 0.12345678901234567890123\r\n";
  const old = live.replace("a: 1", "a: 0");
  expect(
    merge(
      old,
      live,
      old.replace("x: 1 ", "x: 'two' ").replace("q: 2", "q: 0.10000000000000000001"),
    ),
  ).toEqual({
    kind: "merged",
    text: live.replace("x: 1 ", "x: 'two' ").replace("q: 2", "q: 0.10000000000000000001"),
  });
});

test("numbers too long for JavaScript are neither changed nor taken for equal", () => {
  const long = "account: 9007199254740992\na: 1\nz: 1\n";
  const theirs = long.replace("740992", "740993");
  expect(merge(long, theirs, long.replace("a: 1", "a: 2"))).toEqual({
    kind: "merged",
    text: theirs.replace("a: 1", "a: 2"),
  });
  expect(merge(long, theirs, long.replace("740992", "740994"))).toMatchObject({
    kind: "conflict",
    keys: [{ base: "9007199254740992", live: "9007199254740993", candidate: "9007199254740994" }],
  });
  expect(merge(theirs, theirs.replace("a: 1", "a: 3"), theirs.replace("z: 1\n", ""))).toEqual({
    kind: "merged",
    text: "account: 9007199254740993\na: 3\n",
  });
});

for (const { name, live, candidate } of [
  {
    name: "a change inside what an alias stands for",
    live: "defaults: &d { fee: 1, min: 2 }\nbtc: *d\neth: 2\n",
    candidate: "defaults: &d { fee: 3, min: 2 }\nbtc: *d\neth: 1\n",
  },
  {
    name: "the removal of what an alias stands for",
    live: "defaults: &d { fee: 1, min: 2 }\nbtc: *d\neth: 2\n",
    candidate: "btc: { fee: 1, min: 2 }\neth: 1\n",
  },
]) {
  test(`${name} is merged whole or not at all`, () => {
    const old = "defaults: &d { fee: 1, min: 2 }\nbtc: *d\neth: 1\n";
    const merged = merge(old, live, candidate);
    if (merged.kind !== "merged") expect(merged).toEqual({ kind: "impossible" });
    else expect(parse(merged.text)).toEqual({ ...parse(candidate), eth: 2 });
  });
}

test("tens of thousands of changed values are merged in one pass", () => {
  const many = (value: number): string =>
    Array.from({ length: 20_000 }, (_, index) => `k${index}: ${value}\n`).join("");
  expect(
    merge(many(1), many(1).replace("k7: 1", "k7: 5"), many(2).replace("k7: 2", "k7: 1")),
  ).toEqual({
    kind: "merged",
    text: many(2).replace("k7: 2", "k7: 5"),
  });
});

test("added and removed keys are joined too", () => {
  const merged = merge(
    base,
    base.replace("  y: 2\n", "  y: 2\n  z: 3\n"),
    base.replace("  x: 1\n", "").replace("b: 2\n", ""),
  );
  expect(merged).toMatchObject({ kind: "merged" });
  expect(merged.kind === "merged" && parse(merged.text)).toEqual({
    a: 1,
    list: [1, 2],
    map: { y: 2, z: 3 },
  });
});

test("edits of the same key are told with the three values", () => {
  expect(merge(base, base.replace("a: 1", "a: 5"), base.replace("a: 1", "a: 7"))).toEqual({
    kind: "conflict",
    keys: [{ path: ["a"], base: "1", live: "5", candidate: "7" }],
    total: 1,
  });
});

test("lists are taken whole, and a map against a value inside it is a conflict", () => {
  expect(
    merge(base, base.replace("[1, 2]", "[0, 1, 2]"), base.replace("[1, 2]", "[1, 3]")),
  ).toMatchObject({
    kind: "conflict",
    keys: [{ path: ["list"] }],
  });
  expect(
    merge(base, base.replace("  x: 1\n", "  x: 9\n"), base.replace(/map:[^]*/, "")),
  ).toMatchObject({
    kind: "conflict",
  });
});

test("the same edit on both sides is no conflict", () => {
  expect(merge(base, base.replace("a: 1", "a: 5"), base.replace("a: 1", "a: 5"))).toMatchObject({
    kind: "merged",
  });
});

test("what is no YAML, or no map, cannot be merged", () => {
  expect(merge(base, "a: [\n", base)).toEqual({ kind: "impossible" });
  expect(merge(base, "- 1\n", base)).toEqual({ kind: "impossible" });
});

test("for any base and edits of different keys, the merge has both edits and nothing else", () => {
  const map = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 9 }), {
    maxKeys: 3,
  });
  fc.assert(
    fc.property(map, map, map, map, (keep, theirs, ours, other) => {
      const baseValue = { keep, theirs: other, ours: other };
      const live = { ...baseValue, theirs };
      const candidate = { ...baseValue, ours };
      const merged = merge(stringify(baseValue), stringify(live), stringify(candidate));
      expect(merged.kind).toBe("merged");
      expect(merged.kind === "merged" && parse(merged.text)).toEqual({ keep, theirs, ours });
    }),
    { numRuns: 300 },
  );
});
