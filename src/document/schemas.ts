// The schemas of the two configs that come with Airlock. Rules between fields look at what is there even where other parts
// are wrong, so that all problems are told at once.
import { z } from "zod";
import type { BuiltInSchemaName } from "../model/config-schema.ts";
import { gotOf } from "../model/excerpt.ts";
import type { Fault, PlainFault } from "../model/problem.ts";
import { RuleBroken } from "./rule-broken.ts";

const percent = z.number().min(0).max(100);
const assetCodePattern = /^[A-Z0-9]{2,10}$/;
/** Runs a rule also where the value has other problems; the rule then checks what it looks at. */
const always = { when: () => true };

type Report = (path: readonly (string | number)[], fault: Fault) => void;

/** @param check - nothing is known of the value's shape */
function withRule<Schema extends z.ZodType>(
  schema: Schema,
  check: (value: unknown, report: Report) => void,
): Schema {
  return schema.superRefine((value, context) => {
    check(value, (path, fault) => {
      context.addIssue({
        code: "custom",
        path: [...path],
        params: { broken: new RuleBroken(fault) },
      });
    });
  }, always);
}

/** A text that matches `pattern`. */
function textLike(pattern: RegExp, code: PlainFault): z.ZodString {
  const text = z.string().superRefine((value, context) => {
    if (pattern.test(value)) return;
    const broken = new RuleBroken({ code, got: gotOf(value) });
    context.addIssue({ code: "custom", params: { broken } });
  });
  return text.meta({ pattern: pattern.source });
}

const assetCode = textLike(assetCodePattern, "not_asset_code");

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/**
 * A map whose keys match `pattern`. Unlike zod's own record it looks at the values of wrong keys too, and its problem with a
 * key stands at the key.
 */
export function keyedRecord<Value extends z.ZodType>(
  pattern: RegExp,
  code: PlainFault,
  value: Value,
): z.ZodRecord<z.ZodString, Value> {
  const record = z.record(z.string(), value).superRefine((map: unknown, context) => {
    if (typeof map !== "object" || map === null || Array.isArray(map)) return;
    for (const key of Object.keys(map)) {
      if (pattern.test(key)) continue;
      const broken = new RuleBroken({ code }, "key");
      context.addIssue({ code: "custom", path: [key], params: { broken } });
    }
  }, always);
  return record.meta({ propertyNames: { pattern: pattern.source } });
}

const tier = z.strictObject({
  from_volume: z.number().min(0),
  maker_percent: percent,
  taker_percent: percent,
});

// What a rule asks is also said to JSON Schema, as far as that can say it.
const firstTier = { prefixItems: [{ properties: { from_volume: { const: 0 } } }] };
const tiers = withRule(z.array(tier).meta({ allOf: [firstTier] }), (value, report) => {
  if (!Array.isArray(value)) return;
  let before: number | undefined;
  for (const [index, each] of value.entries()) {
    const volume = fieldOf(each, "from_volume");
    if (typeof volume !== "number") continue;
    if (index === 0 && volume !== 0) {
      report([index, "from_volume"], { code: "first_tier_not_zero", got: volume });
    } else if (before !== undefined && volume <= before) {
      const fault = { code: "tier_not_above", params: { before }, got: volume } as const;
      report([index, "from_volume"], fault);
    }
    before = volume;
  }
});

const withdrawal = withRule(
  z.strictObject({
    fixed: z.number().min(0),
    minimum: z.number(),
    percent: percent.optional(),
  }),
  (value, report) => {
    const fixed = fieldOf(value, "fixed");
    const minimum = fieldOf(value, "minimum");
    if (typeof fixed !== "number" || typeof minimum !== "number" || minimum >= fixed) return;
    report(["minimum"], { code: "below_fixed_fee", params: { fixed }, got: minimum });
  },
);

const fees = z.strictObject({
  currency: textLike(/^[A-Z]{3}$/, "not_currency"),
  maker_percent: percent,
  taker_percent: percent,
  tiers: tiers.optional(),
  withdrawal: keyedRecord(assetCodePattern, "not_asset_code", withdrawal).optional(),
});

/**
 * Leaves out what zod and the rules do for each entry of a record where they would find nothing: of all checks of a large file that took the
 * longest. The engine sorts the keys of a large record each time that they are asked for, so they are asked for once.
 * @param isFine - whether schema and rules accept this entry; they accept any record of at least one such
 */
function withShortcut<Schema extends z.ZodType>(
  schema: Schema,
  isFine: (key: string, value: unknown) => boolean,
): Schema {
  // eslint-disable-next-line no-underscore-dangle -- what libraries built on zod are given: https://zod.dev/library-authors
  const inner = schema._zod;
  const run = inner.run.bind(inner);
  inner.run = (payload, context) =>
    areAllFine(payload.value, isFine) ? payload : run(payload, context);
  return schema;
}

/** @returns false also where there are none */
function areAllFine(record: unknown, isFine: (key: string, value: unknown) => boolean): boolean {
  if (!isRecord(record)) return false;
  const keys = Object.keys(record);
  return keys.length > 0 && keys.every((key) => isFine(key, record[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const rate = z.number().gt(0);

const rates = withRule(
  z.strictObject({
    base: assetCode,
    rates: withShortcut(
      withRule(
        keyedRecord(assetCodePattern, "not_asset_code", rate).meta({ minProperties: 1 }),
        (value, report) => {
          if (!isRecord(value)) return;
          for (const key in value) if (Object.hasOwn(value, key)) return;
          report([], { code: "no_rates" });
        },
      ),
      (key, value) =>
        typeof value === "number" &&
        value > 0 &&
        Number.isFinite(value) &&
        assetCodePattern.test(key),
    ),
  }),
  (value, report) => {
    const base = fieldOf(value, "base");
    if (typeof base !== "string" || fieldOf(fieldOf(value, "rates"), base) === undefined) return;
    report(["rates", base], { code: "base_among_rates" });
  },
);

export const builtInSchemas = {
  "builtin:fees": fees,
  "builtin:rates": rates,
} as const satisfies Readonly<Record<BuiltInSchemaName, z.ZodType>>;

/** The JSON Schema of a built-in schema: it accepts all that the schema does, and refuses what JSON Schema can say of the rest. */
export function builtInJsonSchema(name: BuiltInSchemaName): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(builtInSchemas[name]);
}
