// Configs that are JSON files: strict JSON, with the same limits and the same words as YAML. Long: a row for each thing that JSON does not
// allow.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDocuments } from "../../../src/document/compare/compare-documents.ts";
import { mergeDocuments } from "../../../src/document/compare/merge-documents.ts";
import { checkDocument } from "../../../src/document/validation/check-document.ts";
import { isJson } from "../../../src/document/validation/json-syntax.ts";
import { problemText } from "../../../src/words/problem-words.ts";
import { english } from "../../../src/words/text.ts";
import { compiledSchema } from "../compiled-schema.ts";

async function problemsOf(
  text: string | Uint8Array,
  schema: Parameters<typeof checkDocument>[1] = () => [],
): Promise<readonly string[]> {
  const checked = await checkDocument(Buffer.from(text), schema, "json");
  // It crosses from the worker, and may be kept.
  expect(JSON.parse(JSON.stringify(checked))).toStrictEqual(checked);
  return checked.kind === "invalid"
    ? checked.problems.map((problem) => english(problemText(problem)))
    : [];
}

describe("what is no strict JSON is refused at its place", () => {
  for (const { name, text, problem } of [
    {
      name: "a comment after //",
      text: '{\n  "a": 1 // one\n}',
      problem: "line 2, column 10: a comment is not allowed in JSON: remove it",
    },
    {
      name: "a comment after #",
      text: '# one\n{ "a": 1 }',
      problem: "line 1, column 1: a comment is not allowed in JSON: remove it",
    },
    {
      name: "a comma at the end of a map",
      text: '{ "a": 1, }',
      problem:
        "line 1, column 9: this comma is the last thing before }, which JSON does not allow: remove it",
    },
    {
      name: "a comma at the end of a list",
      text: "[1, 2,\n]",
      problem:
        "line 1, column 6: this comma is the last thing before ], which JSON does not allow: remove it",
    },
    {
      name: "single quotes",
      text: "{ \"a\": 'b' }",
      problem: "line 1, column 8: text goes in double quotes in JSON, not in single quotes",
    },
    {
      name: "a key without quotes",
      text: "{ a: 1 }",
      problem: "line 1, column 3: a key must be in double quotes in JSON",
    },
    {
      name: "a text without quotes",
      text: '{ "a": open }',
      problem:
        "line 1, column 8: open is not a value in JSON: put it in double quotes if it is text",
    },
    {
      name: "YAML",
      text: "a: 1\n",
      problem: "line 1, column 1: a is not a value in JSON: put it in double quotes if it is text",
    },
    {
      name: "NaN",
      text: '{ "a": NaN }',
      problem: "line 1, column 8: NaN is not a value in JSON: write a number",
    },
    {
      name: "a negative infinity",
      text: '{ "a": -Infinity }',
      problem:
        "line 1, column 8: this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
    },
    {
      name: "a leading zero",
      text: '{ "a": 0777 }',
      problem:
        "line 1, column 8: this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
    },
    {
      name: "a point without digits before it",
      text: "[.5]",
      problem:
        "line 1, column 2: this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
    },
    {
      name: "a sign that is no number",
      text: "[1, *]",
      problem: "line 1, column 5: this is not understood in JSON",
    },
    {
      name: "a missing value",
      text: '{ "a": , "b": }',
      problem: "line 1, column 8: a value is missing before this",
    },
    {
      name: "an end in place of a value",
      text: '{ "a":\n',
      problem: "line 2, column 1: the file ends here, and a value is missing",
    },
    {
      name: "a character that is not there",
      text: '["x\\u12"]',
      problem: "line 1, column 4: this backslash is not understood: write \\\\ for a backslash",
    },
    {
      name: "a missing comma",
      text: '{\n  "a": 1\n  "b": 2\n}',
      problem: "line 3, column 3: a comma or } is missing before this",
    },
    {
      name: "a missing colon",
      text: '{ "a" 1 }',
      problem: "line 1, column 7: a colon is missing before this",
    },
    {
      name: "a missing bracket",
      text: '{ "a": [1, 2 ',
      problem: "line 1, column 14: the file ends here, and a ] is missing",
    },
    {
      name: "a missing quote",
      text: '{ "a": "b\n}',
      problem:
        "line 1, column 8: the text that begins here is not closed on its line: add a double quote, or write \\n for a line break",
    },
    {
      name: "an unknown escape",
      text: '["\\x41"]',
      problem: "line 1, column 3: this backslash is not understood: write \\\\ for a backslash",
    },
    {
      name: "a tab in a text",
      text: '["a\tb"]',
      problem: "line 1, column 4: there is a tab or control character in this text: write \\t",
    },
    {
      name: "a second document",
      text: "{}\n{}",
      problem:
        "line 2, column 1: something follows the end of the document: there is a bracket too many before it, or a comma or bracket is missing",
    },
    {
      name: "what is nested too deep",
      text: "[".repeat(50_000),
      problem: "line 1, column 101: is nested deeper than 100 levels",
    },
  ]) {
    test(name, async () => {
      expect(await problemsOf(text)).toEqual([problem]);
    });
  }
});

test("every line's first mistake is told, and nothing that only follows from it", async () => {
  expect(
    await problemsOf(
      [
        "{",
        '  "open": opne,',
        '  "list": [1 2, 3],',
        '  "text": "not closed,',
        '  "number": 007,',
        "  key: 1,",
        '  "last": { "a": 1, }',
        "}",
        "",
      ].join("\n"),
    ),
  ).toEqual([
    "line 2, column 11: opne is not a value in JSON: put it in double quotes if it is text",
    "line 3, column 14: a comma or ] is missing before this",
    "line 4, column 11: the text that begins here is not closed on its line: add a double quote, or write \\n for a line break",
    "line 5, column 13: this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
    "line 6, column 3: a key must be in double quotes in JSON",
    "line 7, column 19: this comma is the last thing before }, which JSON does not allow: remove it",
  ]);
});

test("a byte order mark is refused in JSON, as JavaScript's and Python's own readers do", async () => {
  const refused = (line: number): string =>
    `line ${line}, column 1: the file begins with a byte order mark (U+FEFF), which programs that read JSON refuse: save it as UTF-8 without one`;
  expect(await problemsOf('\uFEFF{ "a": 1 }')).toEqual([refused(1)]);
  expect(await problemsOf('\uFEFF{\n"a": 1,\n}')).toEqual([
    refused(1),
    expect.stringContaining("line 2, column 7: this comma is the last thing"),
  ]);
});

// What takes time with the square of its size takes longer than a test may.
test("a megabyte of mistakes is counted, and the first ones are listed", async () => {
  for (const { line, total } of [
    { line: "[1,]\n", total: 200_000 },
    { line: "'\n", total: 1 },
    { line: '"\n', total: 1 },
    { line: "/*\n", total: 1 },
    { line: "1 ", total: 1 },
    { line: '"\\x" ', total: 1 },
  ]) {
    const text = `[${line.repeat(1_000_000 / line.length)}`;
    const checked = await checkDocument(Buffer.from(text), () => [], "json");
    expect(checked).toMatchObject({ kind: "invalid", total });
    expect(checked.kind === "invalid" && checked.problems).toHaveLength(Math.min(total, 20));
  }
});

describe("what holds for YAML holds for JSON", () => {
  test("a key that is there twice is refused with both lines", async () => {
    expect(await problemsOf('{\n  "a": 1,\n  "b": 2,\n  "a": 3\n}')).toEqual([
      "line 4, column 3: a: is written on line 2 and again on line 4: keep one of them",
    ]);
  });

  test("a number that is too large for a number is refused", async () => {
    expect(await problemsOf('{ "a": 1e999 }')).toEqual([
      'line 1, column 8: a: must be a finite number, got "1e999"',
    ]);
  });

  test("nothing, what is no text, and characters that nobody sees are refused", async () => {
    expect(await problemsOf("")).toEqual(["the file is empty, or has only comments"]);
    expect(await problemsOf(new Uint8Array([0xff]))).toEqual(["the file is not UTF-8 text"]);
    expect(await problemsOf('{ "a": "\u0007" }')).toEqual([
      "line 1, column 9: there is an invisible control character here (U+0007): remove it",
    ]);
  });

  test("a schema's problems stand at their places", async () => {
    const schema = await compiledSchema({
      properties: { daily: { maximum: 5 } },
      additionalProperties: false,
    });
    expect(await problemsOf('{\n  "daily": 6,\n  "dialy": 1\n}', schema)).toEqual([
      "line 2, column 12: daily: must be at most 5, got 6",
      "line 3, column 3: dialy: is not a known key: did you mean daily?",
    ]);
  });

  test("what YAML's readers disagree on is no matter in JSON", async () => {
    expect(await problemsOf('{ "on": 1e3, "a": "yes", "b": 1E+2, "12:30": -0.0 }')).toEqual([]);
  });
});

test("every value that JSON.stringify writes is accepted and read as the same, however its lines are broken and indented", async () => {
  const space = fc.stringMatching(/^(?:\r?\n|[ \t]){0,4}$/);
  const spaces = fc.array(space, { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 5 }), spaces, async (json, between) => {
      let token = 0;
      const text = JSON.stringify(JSON.parse(json)).replaceAll(
        /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:]+/g,
        (each) => `${between[(token += 1) % between.length]}${each}`,
      );
      fc.pre(!text.includes('"__proto__"') && !/[\u007F-\u009F\u2028\u2029]/.test(text));
      let read: unknown;
      const problems = await problemsOf(text, (value) => {
        read = value;
        return [];
      });
      expect([problems, JSON.stringify(read)]).toEqual([[], JSON.stringify(JSON.parse(text))]);
    }),
    { numRuns: 1000 },
  );
});

test("what JSON.parse refuses is refused, whatever it is made of", async () => {
  const piece = fc.constantFrom(...Array.from("{}[],:\"'\\/-+.eE019 \n\ttrufalsn#*"));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const text = pieces.join("");
      let isStrict = true;
      try {
        JSON.parse(text);
      } catch {
        isStrict = false;
      }
      expect(isJson(text)).toBe(isStrict && /^\s*[[{"]/.test(text));
      if (!isStrict) expect(await problemsOf(text)).not.toEqual([]);
    }),
    { numRuns: 5000 },
  );
});

test("two versions are compared by key", () => {
  const compared = compareDocuments(
    Buffer.from('{ "a": 1e3, "b": [1] }'),
    Buffer.from('{ "a": 2e3, "b": [1] }'),
  );
  expect(compared).toMatchObject({
    kind: "keys",
    changes: [{ path: ["a"], what: { before: "1e3", after: "2e3" } }],
  });
});

test("two edits are merged, and the merge is JSON", () => {
  const base = '{\n  "a": 1,\n  "b": { "c": "x", "d": [1] }\n}\n';
  const live = base.replace('"a": 1', '"a": 2e3');
  const candidate = base.replace('"c": "x"', '"c": "y", "e": null').replace(', "d": [1]', "");
  expect(mergeDocuments(Buffer.from(base), Buffer.from(live), Buffer.from(candidate))).toEqual({
    kind: "merged",
    text: '{\n  "a": 2e3,\n  "b": { "c": "y", "e": null }\n}\n',
  });
});

test("an edit that is no JSON is merged into YAML that could be JSON", () => {
  const base = Buffer.from('{ "a": 1, "b": 1 }');
  const live = Buffer.from('{ "a": 2, "b": 1 }');
  const candidate = Buffer.from("a: 1\nb: text\nc:\n  - x, y\n");
  expect(mergeDocuments(base, live, candidate)).toEqual({
    kind: "merged",
    text: '{ "a": 2, "b": text, c: ["x, y"] }',
  });
});
