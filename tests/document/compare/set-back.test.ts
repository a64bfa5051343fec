import { expect, test } from "vitest";
import { replacement } from "../../../src/document/compare/set-back.ts";
import { keyChangeText } from "../../../src/words/key-change-words.ts";
import { english } from "../../../src/words/text.ts";

interface Case {
  readonly name: string;
  /** Before somebody changed it. */
  readonly base: string;
  /** What they made of it. */
  readonly theirs: string;
  /** What replaced that. */
  readonly mine: string;
  readonly lost: readonly string[];
  readonly mergeable: boolean;
}

const cases: readonly Case[] = [
  {
    name: "a value that is as it was before",
    base: "a: 0.1\nb: 1\n",
    theirs: "a: 0.11\nb: 1\n",
    mine: "a: 0.1\nb: 2\n",
    lost: ["a: 0.11 → 0.1 (line 1)"],
    mergeable: true,
  },
  {
    name: "the same value, though written another way",
    base: "a: 0.1\nb: 1\n",
    theirs: "a: 0.11\nb: 1\n",
    mine: "a: 0.10\nb: 2\n",
    lost: ["a: 0.11 → 0.10 (line 1)"],
    mergeable: true,
  },
  {
    name: "a key that is there again",
    base: "a: 1\nb: 1\n",
    theirs: "b: 1\n",
    mine: "a: 1\nb: 2\n",
    lost: ["a: + 1 (line 1)"],
    mergeable: true,
  },
  {
    name: "a key that is gone again",
    base: "b: 1\n",
    theirs: "a: 1\nb: 1\n",
    mine: "b: 2\n",
    lost: ["a: − 1 (line 1)"],
    mergeable: true,
  },
  {
    name: "what was put into a map that is gone now: to put it back would bring the map back",
    base: "m: { x: 1 }\nb: 1\n",
    theirs: "m: { x: 1, y: 2 }\nb: 1\n",
    mine: "b: 1\n",
    lost: ["m.y: − 2 (line 1)"],
    mergeable: false,
  },
  {
    name: "an item in a list that has another index now; lists are merged whole",
    base: "l:\n- { n: a, v: 1 }\n- { n: b, v: 1 }\n",
    theirs: "l:\n- { n: a, v: 1 }\n- { n: b, v: 2 }\n",
    mine: "l:\n- { n: new, v: 0 }\n- { n: a, v: 1 }\n- { n: b, v: 1 }\n",
    lost: ["l[2].v: 2 → 1 (line 4)"],
    mergeable: false,
  },
  {
    name: "one of two values, where the other was changed to something else by both",
    base: "a: 1\nb: 1\n",
    theirs: "a: 2\nb: 2\n",
    mine: "a: 1\nb: 3\n",
    lost: ["a: 2 → 1 (line 1)"],
    mergeable: false,
  },
  {
    name: "a value of a JSON file",
    base: '{ "a": 1, "b": 1 }\n',
    theirs: '{ "a": 2, "b": 1 }\n',
    mine: '{ "a": 1, "b": 2 }\n',
    lost: ["a: 2 → 1 (line 1)"],
    mergeable: true,
  },
];

for (const { name, base, theirs, mine, lost, mergeable } of cases) {
  test(`set back: ${name}`, () => {
    const told = replacement(Buffer.from(base), Buffer.from(theirs), Buffer.from(mine)).setBack;
    expect(told?.changes.map((change) => english(keyChangeText(change)))).toEqual(lost);
    expect(told).toMatchObject({ total: lost.length, mergeable });
  });
}

for (const { name, base, theirs, mine } of [
  { name: "another value", base: "a: 1\n", theirs: "a: 2\n", mine: "a: 3\n" },
  { name: "the same change", base: "a: 1\nb: 1\n", theirs: "a: 2\nb: 1\n", mine: "a: 2\nb: 2\n" },
  { name: "only a comment", base: "a: 1\n", theirs: "a: 1 # c\n", mine: "a: 1\n" },
  { name: "no YAML", base: "a: 1\n", theirs: "a: [\n", mine: "a: 1\n" },
]) {
  test(`not set back: ${name}`, () => {
    const { setBack } = replacement(Buffer.from(base), Buffer.from(theirs), Buffer.from(mine));
    expect(setBack).toBeNull();
  });
}

test("also beyond a thousand changes all are counted", () => {
  const many = (value: number): Buffer =>
    Buffer.from(Array.from({ length: 3000 }, (_, index) => `k${index}: ${value}\n`).join(""));
  const told = replacement(many(1), many(2), many(1)).setBack;
  expect(told?.total).toBe(3000);
  expect(told?.changes).toHaveLength(1000);
});
