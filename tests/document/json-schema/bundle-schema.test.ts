import { expect, test } from "vitest";
import { bundleSchema } from "../../../src/document/json-schema/bundle-schema.ts";
import { metaSchemaIssues, schemaIssues } from "../../../src/document/json-schema/json-schema.ts";

const main = "airlock:///main.json";

test("the other files are under $defs, and every reference is one inside the document", () => {
  const documents = {
    [main]: {
      properties: { a: { $ref: "parts/money%20now.json#/$defs/amount" }, b: { $ref: "#/$defs/b" } },
      $defs: { b: { $ref: "parts/money%20now.json#text" } },
    },
    "airlock:///parts/money%20now.json": {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "https://example.com/money",
      $defs: {
        amount: { minimum: 1, maximum: 9, not: { $ref: "#/$defs/two" } },
        two: { const: 2 },
        text: { $anchor: "text", enum: ["x", { $ref: "untouched" }] },
      },
    },
  };
  const name = "parts/money%20now.json";
  const at = "#/$defs/parts~1money%2520now.json/$defs";
  const bundle = bundleSchema({ main, documents });
  expect(bundle).toEqual({
    properties: { a: { $ref: `${at}/amount` }, b: { $ref: "#/$defs/b" } },
    $defs: {
      b: { $ref: `${at}/text` },
      [name]: {
        $defs: {
          amount: { minimum: 1, maximum: 9, not: { $ref: `${at}/two` } },
          two: { const: 2 },
          text: { enum: ["x", { $ref: "untouched" }] },
        },
      },
    },
  });
  expect(metaSchemaIssues(bundle)).toEqual([]);
  for (const value of [{ a: 1, b: "x" }, { a: 2 }, { a: 10 }, { b: "y" }, 5]) {
    expect(schemaIssues({ main, documents: { [main]: bundle } }, value)).toEqual(
      schemaIssues({ main, documents }, value),
    );
  }
});

test("places under unknown keywords and parts with an address of their own are found too", () => {
  const documents = {
    [main]: {
      properties: {
        fee: { $ref: "types.json#/components/schemas/fee" },
        own: { $ref: "#/$defs/own" },
      },
      $defs: {
        own: {
          $id: "https://example.com/own",
          not: { $ref: "#/$defs/five" },
          $defs: { five: { const: 5 } },
        },
      },
    },
    "airlock:///types.json": {
      components: {
        schemas: { fee: { $ref: "#/components/schemas/amount" }, amount: { minimum: 1 } },
      },
    },
  };
  const bundle = bundleSchema({ main, documents });
  for (const value of [{ fee: 0 }, { fee: 1 }, { own: 5 }, { own: 6 }]) {
    expect(schemaIssues({ main, documents: { [main]: bundle } }, value)).toEqual(
      schemaIssues({ main, documents }, value),
    );
  }
  expect(JSON.stringify(bundle)).not.toMatch(/"\$ref":"(?:#\/components|types)/u);
});

test("with dynamic references each file keeps its address", () => {
  const documents = {
    [main]: { $ref: "list.json", $defs: { item: { $dynamicAnchor: "item", type: "integer" } } },
    "airlock:///list.json": {
      items: { $dynamicRef: "#item" },
      $defs: { item: { $dynamicAnchor: "item" } },
    },
  };
  const bundle = bundleSchema({ main, documents });
  expect(metaSchemaIssues(bundle)).toEqual([]);
  for (const value of [[1], ["x"], 5]) {
    expect(schemaIssues({ main, documents: { [main]: bundle } }, value)).toEqual(
      schemaIssues({ main, documents }, value),
    );
  }
});

test("a schema in one file is itself", () => {
  const schema = { $id: "https://example.com/x", type: "object" };
  expect(bundleSchema({ main, documents: { [main]: schema } })).toBe(schema);
});
