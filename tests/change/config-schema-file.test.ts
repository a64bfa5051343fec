import * as fc from "fast-check";
import { expect, test } from "vitest";
import { builtInConfigs } from "../../src/model/config.ts";
import { configSchemaFile } from "../../src/change/config-schema-file.ts";
import { compileMetaSchema } from "../../src/document/json-schema/compile-schema.ts";
import { builtInSchemas } from "../../src/document/schemas.ts";
import { compiledSchema } from "../document/compiled-schema.ts";

const [fees, rates] = builtInConfigs("/nowhere");

/** @returns whether zod accepts, and whether the JSON Schema does */
async function answers(
  config: typeof fees,
  value: unknown,
): Promise<readonly [byZod: boolean, byJsonSchema: boolean]> {
  if (config === undefined || typeof config.schema !== "string") throw new Error("not built in");
  const findIssues = await compiledSchema(JSON.parse(configSchemaFile(config).text));
  return [builtInSchemas[config.schema].safeParse(value).success, findIssues(value).length === 0];
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

test("the JSON Schemas of the built-in configs refuse what zod refuses, as far as JSON Schema can say it", async () => {
  const agree = (config: typeof fees) => async (value: unknown) => {
    const [byZod, byJsonSchema] = await answers(config, value);
    expect(byJsonSchema).toBe(byZod);
  };
  await fc.assert(fc.asyncProperty(anyFees, agree(fees)), { numRuns: 500 });
  await fc.assert(fc.asyncProperty(anyRates, agree(rates)), { numRuns: 500 });
});

test("they accept all that zod accepts, and are valid schemas", async () => {
  const findIssues = await compileMetaSchema();
  for (const config of [fees, rates]) {
    if (config === undefined) throw new Error("two configs are built in");
    expect(findIssues(JSON.parse(configSchemaFile(config).text))).toEqual([]);
  }
  const tiers = [
    { from_volume: 0, maker_percent: 1, taker_percent: 1 },
    { from_volume: 5, maker_percent: 1, taker_percent: 1 },
  ];
  const valid = { currency: "USD", maker_percent: 1, taker_percent: 1, tiers };
  expect(await answers(fees, valid)).toEqual([true, true]);
  const [first, second] = tiers;
  expect(await answers(fees, { ...valid, tiers: [second, first] })).toEqual([false, false]);
  expect(await answers(rates, { base: "USD", rates: {} })).toEqual([false, false]);
});
