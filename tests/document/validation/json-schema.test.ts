import { describe, expect, test } from "vitest";
import { checkDocument } from "../../../src/document/validation/check-document.ts";
import { problemText } from "../../../src/words/problem-words.ts";
import { english } from "../../../src/words/text.ts";
import { compiledSchema } from "../compiled-schema.ts";

async function problemsOf(schema: unknown, text: string): Promise<readonly string[]> {
  const checked = await checkDocument(Buffer.from(text), await compiledSchema(schema));
  // It crosses from the worker, and may be kept.
  expect(JSON.parse(JSON.stringify(checked))).toStrictEqual(checked);
  return checked.kind === "invalid"
    ? checked.problems.map((problem) => english(problemText(problem)))
    : [];
}

describe("a JSON Schema refuses in the same words as the built-in ones", () => {
  for (const { name, schema, text, problems } of [
    {
      name: "a type",
      schema: { properties: { a: { type: "integer" } } },
      text: "a: 1.5\n",
      problems: ["line 1, column 4: a: must be a whole number, got 1.5"],
    },
    {
      name: "two types",
      schema: { properties: { a: { type: ["number", "null"] } } },
      text: "a: x\n",
      problems: ['line 1, column 4: a: must be a number or nothing, got the text "x"'],
    },
    {
      name: "limits",
      schema: { properties: { a: { maximum: 5 }, b: { exclusiveMinimum: 0 } } },
      text: "a: 6\nb: 0\n",
      problems: [
        "line 1, column 4: a: must be at most 5, got 6",
        "line 2, column 4: b: must be greater than 0, got 0",
      ],
    },
    {
      name: "a missing key",
      schema: { required: ["a", "b"] },
      text: "a: 1\n",
      problems: ["line 1, column 1: b: is missing"],
    },
    {
      name: "an unknown key",
      schema: { properties: { daily: {} }, additionalProperties: false },
      text: "dayly: 1\n",
      problems: ["line 1, column 1: dayly: is not a known key: did you mean daily?"],
    },
    {
      name: "a misspelt key that is needed, as one problem",
      schema: {
        required: ["a"],
        properties: {
          a: {
            required: ["daily", "weekly"],
            properties: { daily: {}, weekly: {} },
            additionalProperties: false,
          },
        },
      },
      text: "a:\n  dayly: 1\n",
      problems: [
        "line 2, column 3: a.weekly: is missing",
        "line 2, column 3: a.dayly: is not a known key: did you mean daily?",
      ],
    },
    {
      name: "a choice of words",
      schema: { properties: { a: { enum: ["open", "closed"] } } },
      text: "a: opne\n",
      problems: [
        'line 1, column 4: a: must be one of open, closed (did you mean open?), got the text "opne"',
      ],
    },
    {
      name: "a choice of forms, in one sentence",
      schema: {
        properties: { a: { anyOf: [{ type: "string" }, { type: "object", required: ["x"] }] } },
      },
      text: "a: 5\n",
      problems: ["line 1, column 4: a: fits none of the forms accepted here, got 5"],
    },
    {
      name: "a choice of forms, where one of them is near",
      schema: {
        additionalProperties: {
          oneOf: [
            { type: "string" },
            { type: "object", required: ["x"], properties: { x: { minimum: 1 } } },
          ],
        },
      },
      text: "a: { y: 1 }\nb: { x: 0 }\nc: 5\n",
      problems: [
        "line 1, column 4: a: fits none of the forms accepted here: by the nearest one, x is missing",
        "line 2, column 4: b: fits none of the forms accepted here: by the nearest one, x must be at least 1, got 0",
        "line 3, column 4: c: fits none of the forms accepted here, got 5",
      ],
    },
    {
      name: "a choice of types",
      schema: { properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } } },
      text: "a: 5\n",
      problems: ["line 1, column 4: a: must be text or nothing, got 5"],
    },
    {
      name: "a choice of keys",
      schema: { oneOf: [{ required: ["a"] }, { required: ["b", "c"] }] },
      text: "d: 5\n",
      problems: ["line 1, column 1: must have a, or b and c"],
    },
    {
      name: "keys that need another, counts, and what is not accepted",
      schema: {
        dependentRequired: { a: ["z"] },
        properties: {
          a: { minProperties: 1 },
          b: { uniqueItems: true },
          c: { contains: { type: "number" }, minContains: 2 },
          d: { not: { type: "number" } },
          e: false,
          f: { minLength: 2 },
          g: { const: { x: 1 } },
          h: { multipleOf: 0.05 },
        },
      },
      text: "a: {}\nb: [1, 1.0]\nc: [1]\nd: 1\ne: 1\nf: é\ng: 1\nh: 0.151\n",
      problems: [
        "line 1, column 1: z: is missing, and a needs it",
        "line 1, column 4: a: must have at least 1 key, got 0",
        "line 2, column 8: b[1]: must not be the same as item 0, got 1",
        "line 3, column 4: c: must have at least 2 of the items that are asked for here, got 1",
        "line 4, column 4: d: is not accepted here, got 1",
        "line 5, column 4: e: is not accepted here",
        'line 6, column 4: f: must have at least 2 characters, got the text "é"',
        'line 7, column 4: g: must be {"x":1}, got 1',
        "line 8, column 4: h: must be a multiple of 0.05, got 0.151",
      ],
    },
    {
      name: "a key that no schema beside this one knows, with the one that is meant",
      schema: {
        allOf: [{ properties: { daily: { type: "number" } } }],
        unevaluatedProperties: false,
      },
      text: "daily: x\ndayly: 1\n",
      problems: [
        'line 1, column 8: daily: must be a number, got the text "x"',
        "line 2, column 1: dayly: is not a known key: did you mean daily?",
      ],
    },
    {
      name: "what two schemas of the same value ask, once",
      schema: { allOf: [{ required: ["a"] }, { required: ["a"] }] },
      text: "b: 1\n",
      problems: ["line 1, column 1: a: is missing"],
    },
    {
      name: "two forms at once",
      schema: { properties: { a: { oneOf: [{ type: "number" }, { minimum: 1 }] } } },
      text: "a: 5\n",
      problems: ["line 1, column 4: a: fits more than one of the forms accepted here, got 5"],
    },
    {
      name: "a format",
      schema: { properties: { a: { format: "email" } } },
      text: "a: nobody\n",
      problems: ['line 1, column 4: a: must be a valid email, got the text "nobody"'],
    },
    {
      name: "items of a list",
      schema: { properties: { a: { items: { type: "number" }, minItems: 3 } } },
      text: "a:\n  - 1\n  - x\n",
      problems: [
        "line 2, column 3: a: must have at least 3 items, got 2",
        'line 3, column 5: a[1]: must be a number, got the text "x"',
      ],
    },
    {
      name: "keys by their names",
      schema: { propertyNames: { pattern: "^[A-Z]+$" } },
      text: "abc: 1\n",
      problems: ['line 1, column 1: abc: is not an accepted key: must match "^[A-Z]+$"'],
    },
    {
      name: "what then must hold",
      schema: JSON.parse(
        '{ "if": { "properties": { "a": { "const": 1 } } }, "then": { "required": ["b"] } }',
      ),
      text: "a: 1\n",
      problems: ["line 1, column 1: b: is missing"],
    },
    {
      name: "keys with slashes and tildes",
      schema: { properties: { "a/b~c": { type: "string" } } },
      text: "a/b~c: 1\n",
      problems: ["line 1, column 8: a/b~c: must be text, got 1"],
    },
  ]) {
    test(name, async () => {
      expect(await problemsOf(schema, text)).toEqual(problems);
    });
  }

  test("what is no finite number is told as that, whatever it should be a multiple of", async () => {
    const schema = { properties: { a: { multipleOf: 0.01 } } };
    for (const text of [".inf", "1.0e+400"]) {
      expect(await problemsOf(schema, `a: ${text}\n`)).toEqual([
        `line 1, column 4: a: must be a finite number, got "${text}"`,
      ]);
    }
  });

  // Without a limit on what is compared, this takes longer than a test may.
  test("thousands of typos are told, the first ones with what was meant", async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `name_${index}`);
    const problems = await problemsOf(
      { items: { enum: names } },
      names.map((name) => `- ${name.replace("name", "nmae")}\n`).join(""),
    );
    expect(problems[0]).toContain("did you mean name_0?");
    expect(problems).toHaveLength(20);
  });

  test("0.15 is a multiple of 0.05, and unknown keywords do no harm", async () => {
    expect(
      await problemsOf({ "x-note": 1, properties: { a: { multipleOf: 0.05 } } }, "a: 0.15\n"),
    ).toEqual([]);
  });

  test("what YAML readers disagree on is refused under any schema", async () => {
    expect(await problemsOf({}, "a: yes\n")).toEqual([
      expect.stringContaining("a: yes is true or false"),
    ]);
  });
});
