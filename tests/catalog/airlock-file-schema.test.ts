// The published schema of airlock.yml and the parser accept and refuse the same, as far as a schema can say it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import { airlockFileJsonSchema } from "../../src/catalog/airlock-file-schema.ts";
import { compileMetaSchema } from "../../src/document/json-schema/compile-schema.ts";
import { compiledSchema } from "../document/compiled-schema.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const published = "../../docs/airlock.schema.json";

test("the published schema is that of the parser's own", async () => {
  const text = `${JSON.stringify(airlockFileJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(published);
  const findIssues = await compileMetaSchema();
  expect(findIssues(JSON.parse(text))).toEqual([]);
});

const ok = "{ file: a.yml, schema: s.json }";

for (const { text, accepted } of [
  { text: "configs: {}", accepted: true },
  { text: "people: {}", accepted: true },
  { text: "configs: []", accepted: false },
  { text: "[]", accepted: false },
  { text: "config: {}", accepted: false },
  { text: `configs: { limits: ${ok} }`, accepted: true },
  { text: `configs: { l_1: ${ok} }`, accepted: true },
  { text: `configs: { Limits: ${ok} }`, accepted: false },
  { text: `configs: { 1a: ${ok} }`, accepted: false },
  { text: `configs: { ${"a".repeat(20)}: ${ok} }`, accepted: true },
  { text: `configs: { ${"a".repeat(21)}: ${ok} }`, accepted: false },
  { text: "configs: { limits: { file: a.yml } }", accepted: false },
  { text: "configs: { limits: { schema: s.json } }", accepted: false },
  { text: "configs: { limits: { file: a.yml, schema: s.json, titel: x } }", accepted: false },
  { text: "configs: { limits: { file: a.yml, schema: s.json, title: Risk } }", accepted: true },
  { text: "configs: { limits: { file: a.yml, schema: s.json, title: '' } }", accepted: false },
  {
    text: `configs: { limits: { file: a.yml, schema: s.json, title: ${"x".repeat(65)} } }`,
    accepted: false,
  },
  { text: "configs: { limits: { file: 5, schema: s.json } }", accepted: false },
  ...[
    { file: "a.yaml", accepted: true },
    { file: "a.json", accepted: true },
    { file: "below/a.yml", accepted: true },
    { file: "a b.yml", accepted: true },
    { file: "a..yml", accepted: true },
    { file: "a.txt", accepted: false },
    { file: ".a.yml", accepted: false },
    { file: "below/.a.yml", accepted: false },
    { file: ".yml", accepted: false },
    { file: "../a.yml", accepted: false },
    { file: "below/../a.yml", accepted: false },
    { file: "/a.yml", accepted: false },
    { file: "..", accepted: false },
  ].map(({ file, accepted }) => ({
    text: `configs: { limits: { file: "${file}", schema: s.json } }`,
    accepted,
  })),
  ...[
    { schema: "builtin:fees", accepted: true },
    { schema: "builtin:rates", accepted: true },
    { schema: "builtin:fee", accepted: false },
    { schema: "", accepted: false },
    { schema: "./s.json", accepted: true },
  ].map(({ schema, accepted }) => ({
    text: `configs: { limits: { file: a.yml, schema: "${schema}" } }`,
    accepted,
  })),
  { text: "people: { 1002: { may: { fees: read } } }", accepted: true },
  { text: "people: { 1002: { name: Boris, may: { '*': write, rates: read } } }", accepted: true },
  { text: "people: { 1002: { name: Boris } }", accepted: false },
  { text: "people: { 1002: { may: {} } }", accepted: false },
  { text: "people: { 1002: { may: { fees: admin } } }", accepted: false },
  { text: "people: { 1002: { may: { Fees: read } } }", accepted: false },
  { text: "people: { 1002: { may: read } }", accepted: false },
  { text: "people: { 1002: { name: '', may: { fees: read } } }", accepted: false },
  { text: "people: { 1002: { role: x, may: { fees: read } } }", accepted: false },
  { text: "people: { boris: { may: { fees: read } } }", accepted: false },
  { text: "people: { 0: { may: { fees: read } } }", accepted: false },
]) {
  test(`both ${accepted ? "accept" : "refuse"} ${text}`, async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "config", "below"), { recursive: true });
    writeFileSync(join(folder, "s.json"), "{}");
    writeFileSync(join(folder, "airlock.yml"), text);
    const { ok: byParser } = await readAirlockFile(
      join(folder, "airlock.yml"),
      join(folder, "config"),
      [1001],
    );
    const findIssues = await compiledSchema(airlockFileJsonSchema());
    const issues = findIssues(parse(text));
    expect([byParser, issues]).toEqual([accepted, accepted ? [] : [expect.anything()]]);
  });
}
