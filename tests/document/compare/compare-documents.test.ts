import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { compareDocuments } from "../../../src/document/compare/compare-documents.ts";
import { keyChangeText } from "../../../src/document/compare/key-change.ts";

function changes(before: string, after: string): readonly string[] | string {
  const comparison = compareDocuments(Buffer.from(before), Buffer.from(after));
  if (comparison.kind === "formatting") return comparison.reordered ? "reordered" : "formatting";
  return comparison.kind === "keys" ? comparison.changes.map(keyChangeText) : comparison.kind;
}

describe("what changed is told by key", () => {
  for (const { name, before, after, told } of [
    { name: "a value", before: "a: 1\nb: 2\n", after: "a: 1\nb: 3\n", told: ["b: 2 → 3 (line 2)"] },
    {
      name: "a number that became a text",
      before: "a: 1\n",
      after: 'a: "1"\n',
      told: ['a: 1 → "1" (line 1)'],
    },
    {
      name: "a number of more digits than JavaScript has",
      before: "a: 9007199254740992\nb: 0.1\nc: 1.10000000000000000000000\n",
      after: "a: 9007199254740993\nb: 0.10000000000000000001\nc: 1.1\n",
      told: [
        "a: 9007199254740992 → 9007199254740993 (line 1)",
        "b: 0.1 → 0.10000000000000000001 (line 2)",
      ],
    },
    {
      name: "a text",
      before: "a: USD\n",
      after: "a: two words\n",
      told: ["a: USD → two words (line 1)"],
    },
    {
      name: "an added key",
      before: "a: 1\n",
      after: "a: 1\nb:\n  c: 2\n",
      told: ["b: + { c: 2 } (line 2)"],
    },
    {
      name: "a removed key, with its old line",
      before: "a: 1\nb: 2\n",
      after: "a: 1\n",
      told: ["b: − 2 (line 2)"],
    },
    {
      name: "a value deep inside",
      before: "a: { b: [ { c: 1 } ] }\n",
      after: "a:\n  b:\n    - c: 2\n",
      told: ["a.b[0].c: 1 → 2 (line 3)"],
    },
    {
      name: "a renamed key",
      before: "w: { BTC: { f: 1 }, ETH: { f: 2 } }\n",
      after: "w: { XBT: { f: 1 }, ETH: { f: 2 } }\n",
      told: ["w.XBT: was w.BTC (line 1)"],
    },
    {
      name: "alike numbers are not a renamed key",
      before: "a: 1\nb: 1\n",
      after: "c: 1\nd: 1\n",
      told: ["c: + 1 (line 1)", "d: + 1 (line 2)", "a: − 1 (line 1)", "b: − 1 (line 2)"],
    },
    {
      name: "an item inserted at the front",
      before: "a: [x, y]\n",
      after: "a: [w, x, y]\n",
      told: ["a[0]: + w (line 1)"],
    },
    {
      name: "an item that moved",
      before: "a: [x, y, z]\n",
      after: "a: [z, x, y]\n",
      told: ["a[0]: was a[2] (line 1)"],
    },
    {
      name: "an item that changed in place",
      before: "a:\n  - { b: 1 }\n  - { b: 2 }\n",
      after: "a:\n  - { b: 1 }\n  - { b: 3 }\n",
      told: ["a[1].b: 2 → 3 (line 3)"],
    },
    {
      name: "a whole other kind",
      before: "a: 1\n",
      after: "- 1\n",
      told: ["the whole file: { a: 1 } → [1] (line 1)"],
    },
    {
      name: "only comments and formatting",
      before: "a: 1 # x\n",
      after: "# y\na:   1\n",
      told: "formatting",
    },
    {
      name: "only the order of keys",
      before: "a: 1\nb: 2\n",
      after: "b: 2\na: 1\n",
      told: "reordered",
    },
    { name: "nothing", before: "a: 1\n", after: "a: 1\n", told: "same" },
    { name: "what is no YAML", before: "a: [\n", after: "a: 1\n", told: "text" },
  ]) {
    test(name, () => {
      expect(changes(before, after)).toEqual(told);
    });
  }

  test("long values are shortened, and stay on one line", () => {
    const [told] = changes("a: 1\n", `a: "${"x\\n".repeat(200)}"\n`);
    expect(told?.length).toBeLessThan(150);
    expect(told).not.toContain("\n");
  });

  test("more than a thousand changes are counted", () => {
    const many = Array.from({ length: 3000 }, (_, index) => `k${index}: 1\n`).join("");
    const comparison = compareDocuments(Buffer.from("a: 1\n"), Buffer.from(`a: 1\n${many}`));
    expect(comparison).toMatchObject({ kind: "keys", total: 3000 });
  });
});

test("for any two values: no change is told exactly where they are equal", () => {
  const key = fc.constantFrom("a", "b", "c", "d");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer({ min: 0, max: 3 }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, value, (one, other) => {
      const told = changes(stringify({ v: one }), stringify({ v: other }));
      let equal = true;
      try {
        expect(one).toEqual(other);
      } catch {
        equal = false;
      }
      expect(Array.isArray(told)).toBe(!equal);
    }),
    { numRuns: 500 },
  );
});
