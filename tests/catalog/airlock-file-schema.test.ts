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
  ...[
    { rules: "limits: []", accepted: true },
    { rules: "limits: [{ path: '**.*_percent', at_most: 50% }]", accepted: true },
    { rules: "limits: [{ path: 'a[*].b', at_most: 3x, hard: true }]", accepted: true },
    { rules: "limits: [{ path: 'a[\"b c\"]', at_most: 0.05 }]", accepted: true },
    { rules: "limits: [{ path: a, at_most: '0.05' }]", accepted: true },
    { rules: "limits: {}", accepted: false },
    { rules: "limits: [{ path: a }]", accepted: false },
    { rules: "limits: [{ at_most: 3x }]", accepted: false },
    { rules: "limits: [{ path: '', at_most: 3x }]", accepted: false },
    { rules: "limits: [{ path: a..b, at_most: 3x }]", accepted: false },
    { rules: "limits: [{ path: a, at_most: 3 x }]", accepted: false },
    { rules: "limits: [{ path: a, at_most: 0 }]", accepted: false },
    { rules: "limits: [{ path: a, at_most: 3x, hart: true }]", accepted: false },
    { rules: "limits: [{ path: a, at_most: 3x, hard: yes please }]", accepted: false },
    { rules: "approval: { when: always, expires: 24h }", accepted: true },
    { rules: "approval: { when: over_limits, approvals: 1, by: [1001, 1002] }", accepted: true },
    { rules: "approval: {}", accepted: false },
    { rules: "approval: { when: never }", accepted: false },
    { rules: "approval: { when: always, approvals: 0 }", accepted: false },
    { rules: "approval: { when: always, approvals: 21 }", accepted: false },
    { rules: "approval: { when: always, by: [] }", accepted: false },
    { rules: "approval: { when: always, by: [anna] }", accepted: false },
    { rules: "approval: { when: always, expires: 0h }", accepted: false },
    { rules: "keep: 10m", accepted: true },
    { rules: "keep: 10", accepted: false },
    { rules: "keep: 0s", accepted: false },
    { rules: "keep: 10 minutes", accepted: false },
    { rules: "apply: { run: [] }", accepted: false },
    { rules: "apply: { run: reload }", accepted: false },
    { rules: "apply: { run: [a], verify: 8080 }", accepted: false },
    { rules: "apply: { run: [a], verify: 'ftp://a' }", accepted: false },
    { rules: "guard: { prometheus: 'http://a', query: '', fails: '> 5' }", accepted: false },
    { rules: "guard: { prometheus: 'http://a', query: up, fails: big }", accepted: false },
    { rules: "guard: { prometheus: a, query: up, fails: '> 5' }", accepted: false },
  ].map(({ rules, accepted }) => ({
    text: `configs: { limits: { file: a.yml, schema: s.json, ${rules} } }
people: { 1002: { may: { limits: write } } }`,
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

test("the published schema knows apply and guard already, as a whole example has them", async () => {
  const findIssues = await compiledSchema(airlockFileJsonSchema());
  const text = `configs:
  fees:
    file: fees.yml
    schema: builtin:fees
    apply: { run: [systemctl, reload, exchange], verify: http://127.0.0.1:8080/config, within: 30s }
    guard: { prometheus: 'http://127.0.0.1:9090', query: 'sum(rate(errors_total[1m]))', fails: '> 5', during: 10m, every: 15s }
  rates: { file: rates.yml, schema: builtin:rates, apply: { run: [a], verify: [curl, x] } }`;
  expect(findIssues(parse(text))).toEqual([]);
});
