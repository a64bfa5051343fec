import { expect, test } from "vitest";
import { bundleSchema } from "../../../src/document/json-schema/bundle-schema.ts";
import {
  compileMetaSchema,
  compileSchema,
} from "../../../src/document/json-schema/compile-schema.ts";
import { compiledSchema, mainAddress as main } from "../compiled-schema.ts";

/** Holds the bundle against the files that it was made of. */
async function expectSame(
  bundle: unknown,
  documents: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): Promise<void> {
  const [byBundle, byFiles] = await Promise.all([
    compiledSchema(bundle),
    compileSchema({ main, documents }),
  ]);
  for (const value of values) expect(byBundle(value)).toEqual(byFiles(value));
}

test("the other files are under $defs, and every reference is one inside the document", async () => {
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
  expect((await compileMetaSchema())(bundle)).toEqual([]);
  await expectSame(bundle, documents, [{ a: 1, b: "x" }, { a: 2 }, { a: 10 }, { b: "y" }, 5]);
});

test("places under unknown keywords and parts with an address of their own are found too", async () => {
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
  await expectSame(bundle, documents, [{ fee: 0 }, { fee: 1 }, { own: 5 }, { own: 6 }]);
  expect(JSON.stringify(bundle)).not.toMatch(/"\$ref":"(?:#\/components|types)/u);
});

test("with dynamic references each file keeps its address", async () => {
  const documents = {
    [main]: { $ref: "list.json", $defs: { item: { $dynamicAnchor: "item", type: "integer" } } },
    "airlock:///list.json": {
      items: { $dynamicRef: "#item" },
      $defs: { item: { $dynamicAnchor: "item" } },
    },
  };
  const bundle = bundleSchema({ main, documents });
  expect((await compileMetaSchema())(bundle)).toEqual([]);
  await expectSame(bundle, documents, [[1], ["x"], 5]);
});

test("a schema in one file is itself", () => {
  const schema = { $id: "https://example.com/x", type: "object" };
  expect(bundleSchema({ main, documents: { [main]: schema } })).toBe(schema);
});
