import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compileSchema } from "../../src/document/json-schema/compile-schema.ts";
import { loadSchemaFiles } from "../../src/catalog/schema-files.ts";
import { faultText } from "../../src/words/problem-words.ts";
import { english } from "../../src/words/text.ts";

/** Loads `main.json` of these files. */
function load(files: Readonly<Record<string, unknown>>): ReturnType<typeof loadSchemaFiles> {
  const folder = mkdtempSync(join(tmpdir(), "airlock-schemas-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, "schemas", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return loadSchemaFiles(join(folder, "schemas", "main.json"), folder);
}

/** What `main.json` says of the value; a schema that is refused fails the test. */
async function messagesFor(
  files: Readonly<Record<string, unknown>>,
  value: unknown,
): Promise<readonly string[]> {
  const loaded = await load(files);
  if (loaded.kind === "wrong")
    throw new Error(loaded.faults.map((fault) => english(faultText(fault))).join("\n"));
  const findIssues = await compileSchema(loaded.schema);
  return findIssues(value).map(({ fault }) => english(faultText(fault)));
}

async function refusalOf(files: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const loaded = await load(files);
  return loaded.kind === "wrong" ? loaded.faults.map((fault) => english(faultText(fault))) : [];
}

const amount = { $defs: { amount: { $anchor: "amount", type: "integer", minimum: 1 } } };

for (const { name, files } of [
  {
    name: "by its file and a pointer",
    files: { "main.json": { $ref: "amount.json#/$defs/amount" }, "amount.json": amount },
  },
  {
    name: "by its file and an anchor",
    files: { "main.json": { $ref: "amount.json#amount" }, "amount.json": amount },
  },
  {
    name: "in a folder below, which refers to another file there",
    files: {
      "main.json": { $ref: "parts/money%20now.json" },
      "parts/money now.json": { $ref: "amount.json#amount" },
      "parts/amount.json": amount,
    },
  },
  {
    name: "by its file, where the schema calls itself an address on the web",
    files: {
      "main.json": { $id: "https://example.com/main.json", $ref: "amount.json#amount" },
      "amount.json": amount,
    },
  },
  {
    name: "by the address on the web that the other file gives itself",
    files: {
      "main.json": { $ref: "https://example.com/money#amount" },
      "amount.json": { $id: "https://example.com/money", ...amount },
    },
  },
  {
    name: "by the $id of a part of the same file",
    files: {
      "main.json": { $ref: "inner#amount", $defs: { inner: { $id: "inner", ...amount } } },
    },
  },
  {
    name: "by a dynamic reference that the main file binds",
    files: {
      "main.json": {
        $ref: "list.json",
        $defs: { item: { $dynamicAnchor: "item", type: "integer", minimum: 1 } },
      },
      "list.json": {
        $dynamicRef: "#item",
        $defs: { item: { $dynamicAnchor: "item" } },
      },
    },
  },
]) {
  test(`a reference is followed ${name}`, async () => {
    expect(await messagesFor(files, 0)).toEqual(["must be at least 1, got 0"]);
    expect(await messagesFor(files, 1)).toEqual([]);
  });
}

for (const { name, files, refusal } of [
  {
    name: "to another server",
    files: { "main.json": { $ref: "https://example.com/schema.json" } },
    refusal:
      "refers to https://example.com/schema.json, which is not a file in its folder or below, and nothing is downloaded",
  },
  {
    name: "above the folder",
    files: { "main.json": { $ref: "../secret.json" }, "../secret.json": {} },
    refusal:
      "refers to ../secret.json, which is not a file in its folder or below, and nothing is downloaded",
  },
  {
    name: "above the folder, with an escaped slash",
    files: { "main.json": { $ref: "..%2fsecret.json" }, "../secret.json": {} },
    refusal:
      "refers to ..%2fsecret.json, which is not a file in its folder or below, and nothing is downloaded",
  },
  {
    name: "to a file that is not there",
    files: { "main.json": { $ref: "amount.json" } },
    refusal:
      "refers to amount.json, which is not a file in its folder or below, and nothing is downloaded",
  },
  {
    name: "to a place that is not there",
    files: { "main.json": { $ref: "#/$defs/amount" } },
    refusal: "refers to #/$defs/amount, but there is no such place in that schema",
  },
]) {
  test(`a reference ${name} is refused`, async () => {
    expect(await refusalOf(files)).toEqual([refusal]);
  });
}

test("a reference to a server that would answer is refused without asking it", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  expect(
    await refusalOf({ "main.json": { $ref: `http://127.0.0.1:${port}/x.json` } }),
  ).toHaveLength(1);
  expect(asked).toBe(0);
});

test("a word that looks like a reference, in a list of accepted values, is none", async () => {
  const files = { "main.json": { enum: [{ $ref: "nowhere.json" }] } };
  expect(await messagesFor(files, { $ref: "nowhere.json" })).toEqual([]);
});

test("files that refer to each other in a circle are read once each", async () => {
  const files = {
    "main.json": { properties: { next: { $ref: "other.json" } }, maxProperties: 1 },
    "other.json": { $ref: "main.json" },
  };
  expect(await messagesFor(files, { next: { next: { a: 1, b: 2 } } })).toEqual([
    "must have at most 1 key, got 2",
  ]);
});

test("a schema that refers to itself without an end is told, and does not crash", async () => {
  expect(await messagesFor({ "main.json": { $ref: "#" } }, 1)).toEqual([
    "cannot be checked, because the schema refers to itself endlessly",
  ]);
});

for (const { name, text, refusal } of [
  {
    name: "that is no JSON",
    text: '{\n  "type": "object",\n}',
    refusal:
      "schemas/main.json: line 2, column 19: this comma is the last thing before }, which JSON does not allow: remove it",
  },
  {
    name: "with a key that is there twice",
    text: '{\n  "type": "object",\n  "type": "array"\n}',
    refusal:
      "schemas/main.json: line 3, column 3: type: is written on line 2 and again on line 3: keep one of them",
  },
  {
    name: "of another draft",
    text: '{ "$schema": "http://json-schema.org/draft-07/schema#" }',
    refusal:
      'schemas/main.json: is written for "http://json-schema.org/draft-07/schema#", but only https://json-schema.org/draft/2020-12/schema is supported',
  },
  {
    name: "with a pattern that is no regular expression",
    text: '{ "properties": {\n  "a": { "pattern": "(" }\n} }',
    refusal:
      'schemas/main.json: line 2, column 21: properties.a.pattern: must be a valid regex, got the text "("',
  },
  {
    name: "with a keyword of the wrong kind",
    text: '{ "required": "a" }',
    refusal: 'schemas/main.json: line 1, column 15: required: must be a list, got the text "a"',
  },
  {
    name: "that is too deep",
    text: `${'{"not":'.repeat(5000)}{}${"}".repeat(5000)}`,
    refusal: "schemas/main.json: line 1, column 701: is nested deeper than 100 levels",
  },
]) {
  test(`a schema ${name} is refused with its place`, async () => {
    expect(await refusalOf({ "main.json": text })).toEqual([refusal]);
  });
}

test("a schema with a value that is too deep is refused, whatever keyword it stands under", async () => {
  const text = `{ "const": ${"[".repeat(200_000)}${"]".repeat(200_000)} }`;
  expect(await refusalOf({ "main.json": text })).toEqual([
    "schemas/main.json: line 1, column 111: is nested deeper than 100 levels",
  ]);
});

test("all dead references are told at once", async () => {
  const refs = ["nope", "nope2", "nope3"].map((name) => ({ $ref: `#/$defs/${name}` }));
  expect(await refusalOf({ "main.json": { allOf: refs } })).toEqual(
    ["nope", "nope2", "nope3"].map((name) =>
      expect.stringContaining(`refers to #/$defs/${name}, but there is no such place`),
    ),
  );
});

test("a schema in more files than are read is refused", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 102 }, (_, index) => [
      index === 0 ? "main.json" : `${index}.json`,
      { $ref: `${index + 1}.json` },
    ]),
  );
  expect(await refusalOf(files)).toEqual(["must be split into at most 100 files"]);
});

test("a reference to what is no schema, under a keyword that nobody knows, is refused with what is wrong there", async () => {
  const files = {
    "main.json": {
      properties: { a: { $ref: "#/components/a" }, b: { $ref: "#/components/b" } },
      components: { a: { properties: { c: { type: "numbre" } } }, b: { maximum: 5 } },
    },
  };
  expect(await refusalOf(files)).toEqual([
    expect.stringMatching(
      /^refers to #\/components\/a, which is not a schema: properties\.c\.type: fits none of the forms/,
    ),
  ]);
});

test("a schema as deep as one may be is checked to its end", async () => {
  const deep = `${'{"not":'.repeat(99)}{"type":"x"}${"}".repeat(99)}`;
  expect(await refusalOf({ "main.json": deep })).toEqual([
    expect.stringContaining("not.not.type: fits none of the forms"),
  ]);
  expect(await refusalOf({ "main.json": deep.replace("x", "number") })).toEqual([]);
});
