import { expect, test } from "vitest";
import { keyChangeText } from "../../../src/words/key-change-words.ts";
import { english } from "../../../src/words/text.ts";
import { staleEdit } from "../../../src/document/compare/stale-edit.ts";

for (const { name, base, theirs, mine, undone } of [
  {
    name: "a value that others changed and the edit has as it was",
    base: "a: 1\nb: 1\n",
    theirs: "a: 2\nb: 1\n",
    mine: "a: 1\nb: 2\n",
    undone: ["a: 2 → 1 (line 1)"],
  },
  {
    name: "nothing, where the edit made the same change",
    base: "a: 1\nb: 1\n",
    theirs: "a: 2\nb: 1\n",
    mine: "a: 2\nb: 2\n",
    undone: [],
  },
  {
    name: "a key that others removed and the edit still has",
    base: "a: 1\nb: 1\n",
    theirs: "b: 1\n",
    mine: "a: 1\nb: 2\n",
    undone: ["a: + 1 (line 1)"],
  },
  {
    name: "a key that others renamed",
    base: "w: { BTC: { f: 1 }, ETH: { f: 2 } }\n",
    theirs: "w: { XBT: { f: 1 }, ETH: { f: 2 } }\n",
    mine: "w: { BTC: { f: 1 }, ETH: { f: 3 } }\n",
    undone: ["w.BTC: was w.XBT (line 1)"],
  },
  {
    name: "an item that others changed, though the edit moved it to another index",
    base: "l:\n- { n: a, v: 1 }\n- { n: b, v: 1 }\n",
    theirs: "l:\n- { n: a, v: 1 }\n- { n: b, v: 2 }\n",
    mine: "l:\n- { n: new, v: 0 }\n- { n: a, v: 1 }\n- { n: b, v: 1 }\n",
    undone: ["l[2].v: 2 → 1 (line 4)"],
  },
  {
    name: "not an item that stands at the index where others put one",
    base: "l: [a, b]\nz: 1\n",
    theirs: "l: [new, a, b]\nz: 1\n",
    mine: "l: [a, b]\nz: 2\n",
    undone: ["l[0]: − new (line 1)"],
  },
  {
    name: "an item that others took away and the edit still has",
    base: "l: [a, b, c]\n",
    theirs: "l: [a, c]\n",
    mine: "l: [d, a, b, c]\n",
    undone: ["l[2]: + b (line 1)"],
  },
]) {
  test(`told as undone: ${name}`, () => {
    const told = staleEdit(Buffer.from(base), Buffer.from(theirs), Buffer.from(mine)).undone;
    expect(told?.changes.map((change) => english(keyChangeText(change)))).toEqual(undone);
  });
}

test("where others changed only comments, nothing is said of what is undone", () => {
  const [base, live, mine] = ["a: 1\n", "a: 1 # c\n", "a: 2\n"].map((text) => Buffer.from(text));
  expect(staleEdit(base ?? Buffer.of(), live ?? Buffer.of(), mine ?? Buffer.of()).undone).toBe(
    null,
  );
});

test("also beyond a thousand changes what is undone is found, and counted", () => {
  const many = (make: (index: number) => number): Buffer =>
    Buffer.from(Array.from({ length: 3000 }, (_, index) => `k${index}: ${make(index)}\n`).join(""));
  const edit = staleEdit(
    many(() => 1),
    many(() => 2),
    many((index) => (index < 1500 ? 2 : 1)),
  );
  expect(edit.undone?.total).toBe(1500);
  expect(edit.undone?.changes).toHaveLength(1000);
  expect(edit.merge.kind).toBe("merged");
});
