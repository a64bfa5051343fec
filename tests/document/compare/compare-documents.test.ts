import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { compareDocuments } from "../../../src/document/compare/compare-documents.ts";
import { keyChangeText } from "../../../src/words/key-change-words.ts";
import { english } from "../../../src/words/text.ts";

function changes(before: string, after: string): readonly string[] | string {
  const comparison = compareDocuments(Buffer.from(before), Buffer.from(after));
  if (comparison.kind === "formatting") return comparison.reordered ? "reordered" : "formatting";
  return comparison.kind === "keys"
    ? comparison.changes.map((change) => english(keyChangeText(change)))
    : comparison.kind;
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
    {
      name: "an item that went while another one came behind one that stayed",
      before: "l: [1, 5]\n",
      after: "l: [5, 2]\n",
      told: ["l[1]: + 2 (line 1)", "l[0]: − 1 (line 1)"],
    },
    {
      name: "a value that went from an item that has another index now, where it was",
      before: "l:\n  - 0\n  - { a: 1, b: 2 }\n  - { a: 3, b: 4 }\n",
      after: "l:\n  - { a: 1, b: 2 }\n  - { a: 3 }\n",
      told: ["l[2].b: − 4 (line 4)", "l[0]: − 0 (line 2)"],
    },
    {
      name: "items that share a key's value are the same item",
      before: "l:\n  - { n: a, v: 1 }\n  - { n: b, v: 2 }\n",
      after: "l:\n  - { n: b, v: 3 }\n  - { n: c, v: 4 }\n",
      told: [
        "l[0].v: 2 → 3 (line 2)",
        "l[1]: + { n: c, v: 4 } (line 3)",
        "l[0]: − { n: a, v: 1 } (line 2)",
      ],
    },
    {
      name: "a hexadecimal number beyond what JavaScript holds",
      before: "a: 0x20000000000000\nb: 0x1F\n",
      after: "a: 0x20000000000001\nb: 31\n",
      told: ["a: 0x20000000000000 → 0x20000000000001 (line 1)"],
    },
    {
      name: "a zero that is negative",
      before: "a: 0\n",
      after: "a: -0\n",
      told: ["a: 0 → -0 (line 1)"],
    },
    {
      name: "numbers, as they are written",
      before: "a: 0.10\nb: +5\nc: 1.5e+3\n",
      after: "a: 0.20\nb: +6\nc: 2.5e+3\n",
      told: ["a: 0.10 → 0.20 (line 1)", "b: +5 → +6 (line 2)", "c: 1.5e+3 → 2.5e+3 (line 3)"],
    },
    {
      name: "the same numbers, written in another way",
      before: "a: 0.10\nb: +5\nc: 1.5e+3\nd: 0x10\n",
      after: "a: 0.1\nb: 5\nc: 1500\nd: 16\n",
      told: "formatting",
    },
    {
      name: "a word in quotes that lost them, where readers disagree on it",
      before: 'a: "yes"\nb: "2024-01-01"\nc: "plain"\n',
      after: "a: yes\nb: 2024-01-01\nc: plain\n",
      told: ['a: "yes" → yes (line 1)', 'b: "2024-01-01" → 2024-01-01 (line 2)'],
    },
    {
      name: "a leading zero that came, which makes another number of it to some readers",
      before: "a: 10\nb: 0.5\n",
      after: "a: 010\nb: 0.50\n",
      told: ["a: 10 → 010 (line 1)"],
    },
    {
      name: "a long text, where it differs",
      before: `a: "${"x".repeat(100)} one"\n`,
      after: `a: "${"x".repeat(100)} two"\n`,
      told: ['a: "…xxxxxxxxxxxxxx one" → "…xxxxxxxxxxxxxx two" (line 1)'],
    },
    {
      name: "a text with a character that nobody sees",
      before: 'a: "pay\\u200C me"\n',
      after: 'a: "pay\\u200B me"\n',
      told: ['a: "pay\\u200c me" → "pay\\u200b me" (line 1)'],
    },
    {
      name: "nulls are not a renamed key",
      before: "a:\nb:\n",
      after: "c:\nd:\n",
      told: [
        "c: + null (line 1)",
        "d: + null (line 2)",
        "a: − null (line 1)",
        "b: − null (line 2)",
      ],
    },
    {
      name: "what an alias stands for, at every place",
      before: "d: &d { fee: 1 }\nx: *d\n",
      after: "d: &d { fee: 2 }\nx: *d\n",
      told: ["d.fee: 1 → 2 (line 1)", "x.fee: 1 → 2 (line 1)"],
    },
    { name: "nothing", before: "a: 1\n", after: "a: 1\n", told: "same" },
    { name: "what is no YAML", before: "a: [\n", after: "a: 1\n", told: "text" },
  ]) {
    test(name, () => {
      expect(changes(before, after)).toEqual(told);
    });
  }

  test("of a list of any length only the items that changed", () => {
    const list = (ends: string, count: number): string =>
      `l:\n${Array.from({ length: count }, (_, index) => `  - ${index === 0 || index === count - 1 ? ends : `item ${index}`}\n`).join("")}`;
    for (const count of [401, 20_000]) {
      expect(changes(list("one", count), list("two", count))).toEqual([
        "l[0]: one → two (line 2)",
        `l[${count - 1}]: one → two (line ${count + 1})`,
      ]);
    }
  });

  test("long values are shortened, and stay on one line", () => {
    const [told] = changes("a: 1\n", `a: "${"x\\n".repeat(200)}"\n`);
    expect(told?.length).toBeLessThan(150);
    expect(told).not.toContain("\n");
  });

  test("a space at the end of a text is seen", () => {
    expect(changes("a: x y\n", 'a: "x y "\n')).toEqual(['a: x y → "x y " (line 1)']);
  });

  test("what is shortened is not cut in the middle of a character", () => {
    for (const padding of ["", "x"]) {
      const faces = `${padding}${"😀".repeat(200)}`;
      const told = [
        changes("a: 1\n", `a: 1\n${faces}: 2\n`),
        changes("a: 1\n", `a: "${faces}"\n`),
        changes("a: 1\n", `a: { "${faces}": { "${faces}": { "${faces}": 1 } } }\n`),
        changes(`a: "${faces}x"\n`, `a: "${faces}y"\n`),
        changes(
          `"${faces}": { "${faces}": { "${faces}": 1 } }\n`,
          `"${faces}": { "${faces}": { "${faces}": 2 } }\n`,
        ),
      ].flat();
      expect(told).toHaveLength(5);
      expect(told.filter((each) => /\p{Cs}|\\ud/iu.test(each))).toEqual([]);
    }
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
