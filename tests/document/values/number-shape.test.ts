// Reading numbers of many versions at once, against reading each version by itself.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { numbersAt } from "../../../src/document/values/numbers.ts";

function eachByItself(texts: readonly string[], path: string): readonly (string | null)[] {
  return texts.flatMap((text) => numbersAt([Buffer.from(text)], path));
}

function together(texts: readonly string[], path: string): readonly (string | null)[] {
  return numbersAt(
    texts.map((text) => Buffer.from(text)),
    path,
  );
}

test("a number is found in each version, whatever else changes", () => {
  const versions = [
    ["a: 1\nb: 2 # 3\n", "2"],
    ["a: 1\nb: 2.50 # 3\n", "2.50"],
    ["a: -7\nb: -3e+2 # 3\n", "-3e+2"],
    ["a: 100\nb: 9 # 4\n", "9"],
    ["b: 8 # 4\n", "8"],
    ["b: 8 # 4\nb: 9\n", null],
    ["b: 5\n  6 # 4\n", null],
    ["b: 08 # 4\n", null],
    ["b: '8' # 4\n", null],
    ["b: {c: 8} # 4\n", null],
    ["b: 1.0e+3 # 4\n", "1.0e+3"],
    ['{"b": 4}', "4"],
    ['{"b": 4.5}', "4.5"],
    ['{"b": 04}', null],
  ] as const;
  const texts = versions.map(([text]) => text);
  expect(together(texts, "b")).toEqual(versions.map(([, number]) => number));
});

const documents = [
  "a: 1\nb: 2 # since 3\nc:\n  - 4\n  - { d: 5, e: '6' }\nf: |\n  7\n  8\ng: &x 9\nh: *x\n",
  "# 1\n2: 3\n4: 5\nc: [6, 7, {e: 8}]\n? 9\n: 10\nh: !t 11\n",
  "c:\n- 1\n- 2\n-3: 4\na: 5\n  6\nh: -7 \n\n\n",
  '{"a": 1, "c": [2, -3.5, {"e": 4e5}], "h": 6}',
  "%YAML 1.2\n---\na: 1\nc: >2\n    3\nh: 2026-01-02\n...\n",
  "a: &y {b: 1}\nc: [*y, 2]\nh: 3#4\ng: 5 #6\n",
];
const tokens = [
  "0",
  "-1",
  "12",
  "3.50",
  "07",
  "1e5",
  "1.5e+3",
  "-.5",
  "",
  "x",
  "1_0",
  "'1'",
  "-",
  "1 2",
];
const paths = ["a", "b", "c[0]", "c[1]", "c[1].e", "c[2].e", "h", "g", "2", "4", "a.b", "c[0].b"];

test("versions with other numbers in any place read together as each by itself", () => {
  const edits = fc.array(fc.record({ place: fc.nat(), token: fc.constantFrom(...tokens) }), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(edits, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...paths),
      (document, versions, path) => {
        const texts = [document];
        for (const changed of versions) {
          let text = texts.at(-1) ?? "";
          for (const { place, token } of changed) {
            const numbers = [...text.matchAll(/-?\d[\d.e+]*/g)];
            const found = numbers[place % Math.max(1, numbers.length)];
            if (found === undefined) continue;
            const end = found.index + found[0].length;
            text = `${text.slice(0, found.index)}${token}${text.slice(end)}`;
          }
          texts.push(text, document);
        }
        expect(together(texts, path)).toEqual(eachByItself(texts, path));
      },
    ),
    { numRuns: 300 },
  );
});
