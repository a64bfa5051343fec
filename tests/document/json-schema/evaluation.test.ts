// What schemas accept: cases chosen by hand, one or two for each part of the standard, and for each place where the library alone falls short.
// The library itself passes the standard's official test suite. Long: it is one table of the standard.
import { describe, expect, test } from "vitest";
import { compiledSchema } from "../compiled-schema.ts";

interface Case {
  readonly name: string;
  readonly schema: unknown;
  readonly others?: Readonly<Record<string, unknown>>;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
}

function cases(list: readonly Case[]): void {
  for (const { name, schema, others, accepted, refused } of list) {
    test(name, async () => {
      const findIssues = await compiledSchema(schema, others);
      const isAccepted = (value: unknown): boolean => findIssues(value).length === 0;
      expect(accepted.filter((value) => !isAccepted(value))).toEqual([]);
      expect(refused.filter(isAccepted)).toEqual([]);
    });
  }
}

describe("values are compared as JSON Schema does", () => {
  cases([
    {
      name: "1.0 is 1, and 0 is not false",
      schema: { enum: [1, 0, [false]] },
      accepted: [1.0, -0, [false]],
      refused: [true, false, [0], "1"],
    },
    {
      name: "the order of keys does not count, that of items does",
      schema: { const: { a: 1, b: [1, 2] } },
      accepted: [{ b: [1, 2], a: 1 }],
      refused: [{ a: 1, b: [2, 1] }, { a: 1 }],
    },
    {
      name: "repeated items are the same wherever their keys stand",
      schema: { uniqueItems: true },
      accepted: [
        [1, true],
        [[1], ["1"]],
        [{ a: false }, { a: 0 }],
      ],
      refused: [
        [1, 2, 1.0],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    },
    {
      name: "characters are counted, not halves of them",
      schema: { minLength: 2, maxLength: 2 },
      accepted: ["🧨🧨", "éa"],
      refused: ["🧨", "abc"],
    },
    {
      name: "every type is one",
      schema: { items: { type: ["integer", "null"] } },
      accepted: [[1, 1.0, 1e300, null]],
      refused: [[1.5], ["1"], [true], [{}], [[]]],
    },
  ]);
});

describe("multiples are exact in decimal", () => {
  cases([
    {
      name: "of a fraction",
      schema: { multipleOf: 0.05 },
      accepted: [0.15, 0.3, 1e300, 0],
      refused: [0.151, 0.049_999_999_999],
    },
    {
      name: "of a number so small that the library takes all for its multiples",
      schema: { multipleOf: 1e-8 },
      accepted: [1e-8, 3e-8, 0.123_456_78, 12],
      refused: [1.5e-8, 1e-9, 0.123_456_789],
    },
    {
      name: "of a large number",
      schema: { multipleOf: 1e18 },
      accepted: [3e18, 1e300],
      refused: [1.5e18, 1],
    },
  ]);
});

describe("patterns are read as people write them", () => {
  cases([
    {
      name: "with full Unicode where that is correct",
      schema: { pattern: "^\\p{L}.$" },
      accepted: ["é🧨"],
      refused: ["1a", "éaa"],
    },
    {
      name: "without, where only that is correct",
      schema: { pattern: "^[\\w-.]+\\-$", patternProperties: { "^[\\w-.]+\\-$": false } },
      accepted: ["a.b-", { a: 1 }],
      refused: ["a b-", { "a.b-": 1 }],
    },
    {
      name: "each with groups of its own, also beside additionalProperties",
      schema: {
        patternProperties: { "^(x)(?<n>y)$": true, "^(a|b)\\1$": true, "^(?<n>z)\\k<n>$": true },
        additionalProperties: false,
      },
      accepted: [{ xy: 1, aa: 1, bb: 1, zz: 1 }],
      refused: [{ ab: 1 }, { z: 1 }],
    },
  ]);
});

describe("keys may be called anything", () => {
  const odd = ["toString", "constructor", "hasOwnProperty", "a/b", "a~b", "a#b", "%20", "", "$ref"];
  const all = Object.fromEntries(odd.map((name) => [name, 1]));
  cases([
    {
      name: "what no schema speaks of has no meaning by its name",
      schema: { properties: { a: false }, dependentRequired: { b: ["c"] }, required: [] },
      accepted: [all],
      refused: [{ a: 1 }, { b: 1 }],
    },
    {
      name: "names are found where they are asked for, and only there",
      schema: {
        required: odd,
        properties: Object.fromEntries(odd.map((name) => [name, { const: 1 }])),
        additionalProperties: false,
      },
      accepted: [all],
      refused: [{}, { ...all, toString: 2 }, { ...all, valueOf: 1 }],
    },
    {
      name: "a reference finds its way through them",
      schema: {
        properties: {
          one: { $ref: "#/$defs/a~1b%23%25" },
          two: { $ref: "#/$defs/a%23b/properties/%2520" },
        },
        $defs: {
          "a/b#%": { type: "number" },
          "a#b": { properties: { "%20": { type: "string" } } },
        },
      },
      accepted: [{ one: 1, two: "x" }],
      refused: [{ one: "x" }, { two: 1 }],
    },
  ]);
});

describe("data that looks like a schema is data", () => {
  const looks = {
    $id: "not an address",
    $ref: "#/nowhere",
    $anchor: "a",
    $dynamicAnchor: "b",
    $schema: "urn:x",
  };
  cases([
    {
      name: "in const and enum",
      schema: { anyOf: [{ const: looks }, { enum: [{ inner: looks }] }] },
      accepted: [looks, { inner: looks }],
      refused: [{}, { ...looks, $anchor: "c" }],
    },
    {
      name: "in what only people read",
      schema: { default: looks, examples: [looks], "x-ui": looks, $comment: "x", type: "string" },
      accepted: ["x"],
      refused: [1],
    },
    {
      name: "a vocabulary of one's own asks nothing, as nothing is written in it",
      schema: { $vocabulary: { "https://example.com/v": true }, type: "string" },
      accepted: ["x"],
      refused: [1],
    },
  ]);
});

describe("references", () => {
  const tree = {
    $id: "https://example.com/tree",
    $dynamicAnchor: "node",
    type: "object",
    properties: { data: true, children: { type: "array", items: { $dynamicRef: "#node" } } },
  };
  cases([
    {
      name: "lead to a place, an anchor, a part with an address, and back to the beginning",
      schema: {
        $id: "https://example.com/root",
        properties: {
          place: { $ref: "#/$defs/place" },
          anchor: { $ref: "#here" },
          part: { $ref: "part#/$defs/inner" },
          again: { $ref: "#" },
        },
        additionalProperties: false,
        $defs: {
          place: { type: "number" },
          anchored: { $anchor: "here", type: "string" },
          part: { $id: "part", $defs: { inner: { type: "boolean" } } },
        },
      },
      accepted: [{ place: 1, anchor: "x", part: true, again: { again: { place: 2 } } }],
      refused: [{ place: "x" }, { anchor: 1 }, { part: 1 }, { again: { again: { other: 1 } } }],
    },
    {
      name: "hold beside other keywords",
      schema: { $ref: "#/$defs/a", maximum: 5, $defs: { a: { minimum: 3 } } },
      accepted: [3, 5],
      refused: [2, 6],
    },
    {
      name: "lead to true and false, and to what stands under a keyword that nobody knows",
      schema: {
        properties: {
          any: { $ref: "#/$defs/any" },
          none: { $ref: "#/$defs/none" },
          odd: { $ref: "#/components/odd" },
        },
        $defs: { any: true, none: false },
        components: { odd: { items: { $ref: "#/components/amount" } }, amount: { minimum: 1 } },
      },
      accepted: [{ any: 1, odd: [1] }],
      refused: [{ none: 1 }, { odd: [0] }],
    },
    {
      name: "that are dynamic mean the outermost schema that binds them",
      schema: {
        $id: "https://example.com/strict-tree",
        $dynamicAnchor: "node",
        $ref: "tree",
        unevaluatedProperties: false,
      },
      others: { "airlock:///tree.json": tree },
      accepted: [{ children: [{ data: 1 }] }],
      refused: [{ children: [{ daat: 1 }] }, { daat: 1 }],
    },
    {
      name: "that are dynamic mean what they say where nobody binds them",
      schema: { $dynamicRef: "tree.json#node" },
      others: { "airlock:///tree.json": tree },
      accepted: [{ children: [{ daat: 1 }] }],
      refused: [{ children: [1] }],
    },
    {
      name: "may lead to the meta-schema",
      schema: { $ref: "https://json-schema.org/draft/2020-12/schema" },
      accepted: [{ type: "string" }, true],
      refused: [{ type: "text" }, { properties: { a: 1 } }],
    },
  ]);
});

describe("keywords that apply others", () => {
  cases([
    {
      name: "if, then and else",
      schema: JSON.parse(
        '{ "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": { "maxProperties": 1 } }',
      ),
      accepted: [{ a: 1, b: 1 }, { c: 1 }, {}],
      refused: [{ a: 1 }, { c: 1, d: 1 }],
    },
    {
      name: "prefixItems, items and contains",
      schema: {
        prefixItems: [{ type: "string" }],
        items: { type: "number" },
        contains: { minimum: 5 },
        minContains: 2,
        maxContains: 3,
      },
      accepted: [["x", 5, 6, 1]],
      refused: [["x"], [1, 5, 6], ["x", 5, 6, "y"], ["x", 5, 6, 7, 8]],
    },
    {
      name: "dependentSchemas and dependentRequired",
      schema: {
        dependentRequired: { a: ["b"] },
        dependentSchemas: { c: { properties: { d: { type: "number" } } } },
      },
      accepted: [{ a: 1, b: 1 }, { d: "x" }, { c: 1, d: 1 }],
      refused: [{ a: 1 }, { c: 1, d: "x" }],
    },
    {
      name: "dependencies, the older name of both",
      schema: {
        dependencies: { a: ["b"], c: { required: ["d"] }, e: false },
        allOf: [{ maxProperties: 2 }],
      },
      accepted: [{ a: 1, b: 1 }, { c: 1, d: 1 }, { b: 1 }],
      refused: [{ a: 1 }, { c: 1 }, { e: 1 }, { x: 1, y: 1, z: 1 }],
    },
    {
      name: "unevaluatedProperties knows what every other keyword looked at",
      schema: {
        properties: { a: true },
        patternProperties: { "^x-": true },
        allOf: [{ properties: { b: true } }],
        anyOf: [{ properties: { c: { const: 1 } }, required: ["c"] }, true],
        dependentSchemas: { a: { properties: { d: true } } },
        unevaluatedProperties: { type: "number" },
      },
      accepted: [{ a: "x", "x-y": "x", b: "x", d: "x", c: 1, other: 1 }, { c: 2 }],
      refused: [{ c: "x" }, { d: "x" }, { other: "x" }],
    },
    {
      name: "unevaluatedItems does too",
      schema: {
        prefixItems: [true],
        contains: { type: "string" },
        allOf: [{ prefixItems: [true, { type: "number" }] }],
        unevaluatedItems: false,
      },
      accepted: [
        [1, 2, "x"],
        ["x", 1],
      ],
      refused: [[1, 2, 3, "x"]],
    },
    {
      name: "keywords that nobody knows do no harm",
      schema: { "x-order": [1], propertyOrder: 5, minimum: 1 },
      accepted: [1],
      refused: [0],
    },
  ]);
});

test("nothing is fetched: a reference that was never resolved is a bug, and no request", async () => {
  const asked: unknown[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (address) => {
    asked.push(address);
    return new Response("{}");
  };
  try {
    await expect(compiledSchema({ $ref: "http://127.0.0.1:1/x.json" })).rejects.toThrow(
      "means nothing",
    );
  } finally {
    globalThis.fetch = fetch;
  }
  expect(asked).toEqual([]);
});

test("a schema as deep as one may be is no circle", async () => {
  const deep = (schema: unknown, levels: number): unknown =>
    levels === 0 ? schema : { properties: { a: deep(schema, levels - 1) } };
  const value = (levels: number): unknown => (levels === 0 ? 1 : { a: value(levels - 1) });
  const findIssues = await compiledSchema({
    $defs: {
      node: { anyOf: [{ type: "number" }, { properties: { a: { $ref: "#/$defs/node" } } }] },
    },
    allOf: [{ $ref: "#/$defs/node" }, deep({ type: "number" }, 49)],
  });
  expect(findIssues(value(99))).toHaveLength(1);
  expect(findIssues(value(49))).toEqual([]);
});
