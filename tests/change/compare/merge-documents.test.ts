import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { mergeDocuments } from "../../../src/change/compare/merge-documents.ts";

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
    text: base
      .replace("b: 2", "b: 20 # theirs")
      .replace("a: 1", "a: 10")
      .replace("[1, 2]", "[ 1, 2 ]"),
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
    keys: [{ path: "a", base: "1", live: "5", candidate: "7" }],
  });
});

test("lists are taken whole, and a map against a value inside it is a conflict", () => {
  expect(
    merge(base, base.replace("[1, 2]", "[0, 1, 2]"), base.replace("[1, 2]", "[1, 3]")),
  ).toMatchObject({
    kind: "conflict",
    keys: [{ path: "list" }],
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
