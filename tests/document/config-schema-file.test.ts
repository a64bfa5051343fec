import * as fc from "fast-check";
import { expect, test } from "vitest";
import { builtInConfigs } from "../../src/model/config.ts";
import { configSchemaFile } from "../../src/document/config-schema-file.ts";
import { metaSchemaIssues, schemaIssues } from "../../src/document/json-schema/json-schema.ts";
import { builtInSchemas } from "../../src/document/schemas.ts";

const main = "airlock:///built-in.json";
const [fees, rates] = builtInConfigs("/nowhere");

/** @returns whether zod accepts, and whether the JSON Schema does */
function answers(config: typeof fees, value: unknown): readonly [boolean, boolean] {
  if (config === undefined || typeof config.schema !== "string") throw new Error("not built in");
  const document: unknown = JSON.parse(configSchemaFile(config).text);
  const issues = schemaIssues({ main, documents: { [main]: document } }, value);
  return [builtInSchemas[config.schema].safeParse(value).success, issues.length === 0];
}

const code = fc.constantFrom("BTC", "EUR", "USD", "usd", "X", "TOOLONGCODE", "", "A1");
const amount = fc.constantFrom<unknown>(0, 1, 0.5, 100, 100.01, -1, "1", null, true);
const percents = { maker_percent: amount, taker_percent: amount };

/** Mostly right, so that each rule is met alone. */
function loosely(shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const right = fc.record(shape, { requiredKeys: [] });
  const extra = fc.record({ ...shape, unknown: amount });
  return fc.oneof({ weight: 6, arbitrary: fc.record(shape) }, right, extra, amount);
}

const anyFees = loosely({
  currency: fc.constantFrom<unknown>("USD", "usd", "USDT", 5),
  ...percents,
  tiers: fc.array(loosely({ from_volume: amount, ...percents }), { maxLength: 1 }),
  withdrawal: fc.dictionary(
    code,
    // That the minimum is not below the fixed fee is a rule that JSON Schema cannot say.
    loosely({ fixed: amount, minimum: fc.constantFrom<unknown>(100, 101, "x"), percent: amount }),
  ),
});
const anyRates = loosely({
  base: fc.constantFrom<unknown>("CHF", "c", 5),
  rates: fc.dictionary(code, amount),
});

test("the JSON Schemas of the built-in configs refuse what zod refuses, as far as JSON Schema can say it", () => {
  const agree = (config: typeof fees) => (value: unknown) => {
    const [byZod, byJsonSchema] = answers(config, value);
    expect(byJsonSchema).toBe(byZod);
  };
  fc.assert(fc.property(anyFees, agree(fees)), { numRuns: 500 });
  fc.assert(fc.property(anyRates, agree(rates)), { numRuns: 500 });
});

test("they accept all that zod accepts, and are valid schemas", () => {
  for (const config of [fees, rates]) {
    if (config === undefined) throw new Error("two configs are built in");
    expect(metaSchemaIssues(JSON.parse(configSchemaFile(config).text))).toEqual([]);
  }
  const tiers = [
    { from_volume: 0, maker_percent: 1, taker_percent: 1 },
    { from_volume: 5, maker_percent: 1, taker_percent: 1 },
  ];
  const valid = { currency: "USD", maker_percent: 1, taker_percent: 1, tiers };
  expect(answers(fees, valid)).toEqual([true, true]);
  const [first, second] = tiers;
  expect(answers(fees, { ...valid, tiers: [second, first] })).toEqual([false, false]);
  expect(answers(rates, { base: "USD", rates: {} })).toEqual([false, false]);
});
