// Texts for two readers of JSON to disagree on: values as JSON.stringify writes them, with a few characters changed.
import * as fc from "fast-check";

const numbers = [
  ..."0 -0 01 1. .5 +1 -1 1e3 1E+2 1e999 -1e999 1e-999 0x1 1_0 NaN Infinity -Infinity nan 9007199254740993 0.1".split(
    " ",
  ),
  "1".repeat(400),
  `0.${"1".repeat(400)}`,
];
const texts = [
  ...[
    "a",
    "",
    "é",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\udc00x",
    "\\x41",
    "\\/",
    "\\n",
    "\n",
    "\t",
    "\u2028",
    "\u007F",
    "\u{1F600}",
    "\\u12",
    "\\",
  ].map((text) => `"${text}"`),
  "'a'",
];
const words = ["true", "false", "null", "True", "None", "undefined", "a"];
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(...numbers, ...texts, ...words),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc
      .array(fc.tuple(fc.constantFrom(...texts, '"b"', '"c"', '"1"', "b"), tie("value")), {
        maxLength: 3,
      })
      .map((pairs) => `{${pairs.map(([key, item]) => `${key}: ${item}`).join(",\n\t")}}`),
  ),
}));

const written = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 2, "\t"))
  .map(([json, spaces]) => JSON.stringify(JSON.parse(json), null, spaces));

const pieces = Array.from("{}[],:\"'\\/-+.eE019 \n\r\ttrufalsn#*\u00A0\uFEFF");

export const jsonTexts = fc
  .tuple(
    fc.oneof(value, written),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 0, 1),
        fc.constantFrom("", ...pieces),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((so, [at, removed, piece]) => {
      const index = Math.floor(at * so.length);
      return so.slice(0, index) + piece + so.slice(index + removed);
    }, text),
  )
  .map((text) => Buffer.from(text).toString());
