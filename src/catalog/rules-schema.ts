// The rules of a config in `airlock.yml`: their shape, for the parser and as a JSON Schema for editors. What they mean together is read in rules.ts.
import { z } from "zod";
import { exactDecimal, compareDecimals, signOf } from "../document/limits/exact-decimal.ts";
import {
  parsePathPattern,
  pathPatternSource,
  patternCharsMax,
} from "../document/limits/path-pattern.ts";
import { RuleBroken } from "../document/rule-broken.ts";
import { gotOf } from "../model/excerpt.ts";
import type { Fault } from "../model/problem.ts";
import { dayMs, durationMs, durationMsMax } from "../model/duration.ts";
import { comparisonOperators, type Limit, type Rules } from "../model/rules.ts";

export const limitsMax = 100;
export const approvalsMax = 20;
export const approversMax = 100;
export const argvItemsMax = 64;
export const argvCharsMax = 1000;
export const queryCharsMax = 2000;
export const addressCharsMax = 2000;

/** A value of which a function says what is wrong. */
function checked(
  faultOf: (value: unknown) => Fault | undefined,
  meta: Readonly<Record<string, unknown>>,
): z.ZodUnknown {
  return checkedParts((value) => issuesOf([], faultOf(value), value), meta);
}

const duration = (meta: { readonly description: string }): z.ZodUnknown =>
  checked(durationFault, { ...meta, type: "string", pattern: "^0*[1-9][0-9]*[smhd]$" });

function durationFault(value: unknown): Fault | undefined {
  const ms = typeof value === "string" ? durationMs(value) : undefined;
  if (ms === undefined) return { code: "not_time" };
  if (ms === 0) return { code: "no_time" };
  return ms > durationMsMax
    ? { code: "time_too_long", params: { daysMax: durationMsMax / dayMs } }
    : undefined;
}

const amountPattern = /^(\d{1,15}(?:\.\d{1,15})?)([%x]?)$/;
const one = { digits: 1n, power: 0 };

/** @param text - as the catalog has it; undefined for what is neither a number nor a text */
export function readAmount(text: string | undefined): Limit["atMost"] | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = amountPattern.exec(text) ?? [];
  // Numbers may be written in other ways too.
  if (amount === undefined || unit === "") return { kind: "absolute", amount: text };
  return { kind: unit === "%" ? "percent" : "times", amount };
}

function amountFault(value: unknown): Fault | undefined {
  const wrong = { code: "not_amount" } as const;
  if (typeof value === "string" && !amountPattern.test(value)) return wrong;
  if (typeof value !== "string" && typeof value !== "number") return wrong;
  const { kind, amount } = readAmount(String(value)) ?? {};
  const number = amount === undefined ? undefined : exactDecimal(amount);
  if (number === undefined) return wrong;
  if (kind === "times" && compareDecimals(number, one) <= 0) return { code: "no_factor" };
  return signOf(number) > 0 ? undefined : { code: "no_amount" };
}

const limit = z.strictObject({
  path: checked(pathFault, {
    description:
      "Which values: the path of a change, with * for one key or index or for a part of a name, and ** for any number of steps",
    type: "string",
    maxLength: patternCharsMax,
    pattern: pathPatternSource,
  }),
  at_most: checked(amountFault, {
    description:
      "How far a value may move: 50% of the old value, 3x either way, or 0.05 up or down",
    anyOf: [
      { type: "number", exclusiveMinimum: 0 },
      { type: "string", pattern: amountPattern.source },
    ],
  }),
  hard: z
    .boolean()
    .meta({ description: "A change beyond it is invalid, and nobody can approve it" })
    .optional(),
});

function pathFault(value: unknown): Fault | undefined {
  const parsed = parsePathPattern(typeof value === "string" ? value : "");
  return parsed.kind === "wrong" ? parsed.fault : undefined;
}

const approval = z.strictObject({
  when: z.enum(["always", "over_limits"]).meta({ description: "Which changes wait for approval" }),
  approvals: z
    .int()
    .min(1)
    .max(approvalsMax)
    .meta({ description: "How many people other than the author; 1 where not said" })
    .optional(),
  by: counted(z.array(z.int().min(1)), 1, approversMax)
    .meta({
      description: "Telegram ids of those who may approve; all who may write, where not said",
    })
    .optional(),
  expires: duration({ description: "How long it waits; 24h where not said" }).optional(),
});

/** A list with a number of items that is limited; what zod itself says of that is about numbers. */
function counted<Item extends z.ZodType>(
  list: z.ZodArray<Item>,
  min: number,
  max: number,
): z.ZodArray<Item> {
  return list
    .superRefine((items: unknown, context) => {
      if (!Array.isArray(items) || (items.length >= min && items.length <= max)) return;
      const broken = new RuleBroken(wrongCount(items.length, min, max, "item"));
      context.addIssue({ code: "custom", params: { broken } });
    })
    .meta({ minItems: min, maxItems: max });
}

/** A program and its arguments, each problem at its item. */
function argvIssues(items: readonly unknown[]): readonly Issue[] {
  if (items.length === 0 || items.length > argvItemsMax) {
    return [{ path: [], fault: wrongCount(items.length, 1, argvItemsMax, "item") }];
  }
  return items.flatMap((item, index) => issuesOf([index], argumentFault(item, index), item));
}

function argumentFault(item: unknown, index: number): Fault | undefined {
  if (typeof item !== "string") return { code: "argument_no_text" };
  if (index === 0 && item === "") return { code: "no_program" };
  if (item.includes("\0")) return { code: "argument_with_nul" };
  return item.length > argvCharsMax
    ? wrongCount(item.length, 0, argvCharsMax, "character")
    : undefined;
}

function wrongCount(size: number, min: number, max: number, of: "item" | "character"): Fault {
  const params =
    size < min
      ? ({ must: "at_least", bound: min, of } as const)
      : ({ must: "at_most", bound: max, of } as const);
  return { code: "wrong_count", params, got: size };
}

/** What is wrong with `value`, which is at `path`, with the value itself. */
function issuesOf(
  path: readonly number[],
  fault: Fault | undefined,
  value: unknown,
): readonly Issue[] {
  return fault === undefined ? [] : [{ path, fault: { ...fault, got: gotOf(value) } }];
}

interface Issue {
  readonly path: readonly number[];
  readonly fault: Fault;
}

/** A value of which a function says what is wrong in its parts. */
function checkedParts(
  findIssues: (value: unknown) => readonly Issue[],
  meta: Readonly<Record<string, unknown>>,
): z.ZodUnknown {
  return z
    .unknown()
    .superRefine((value, context) => {
      for (const { path, fault } of findIssues(value)) {
        const broken = new RuleBroken(fault);
        context.addIssue({ code: "custom", path: [...path], params: { broken } });
      }
    })
    .meta({ ...meta });
}

const argv = {
  type: "array",
  minItems: 1,
  maxItems: argvItemsMax,
  prefixItems: [{ minLength: 1 }],
  items: { type: "string", maxLength: argvCharsMax },
};

function addressFault(value: unknown): Fault | undefined {
  if (typeof value !== "string" || !/^https?:/i.test(value) || !URL.canParse(value)) {
    return { code: "not_address" };
  }
  if (value.length > addressCharsMax) {
    return wrongCount(value.length, 0, addressCharsMax, "character");
  }
  const { username, password } = new URL(value);
  return username === "" && password === "" ? undefined : { code: "address_with_user" };
}

const address = { type: "string", maxLength: addressCharsMax, pattern: "^[hH][tT][tT][pP][sS]?:" };

const apply = z.strictObject({
  run: checkedParts(
    (value) =>
      Array.isArray(value) ? argvIssues(value) : issuesOf([], { code: "not_argv" }, value),
    {
      description: "How the service takes the new file: a program and its arguments, no shell",
      ...argv,
    },
  ),
  verify: checkedParts(
    (value) =>
      Array.isArray(value) ? argvIssues(value) : issuesOf([], addressFault(value), value),
    {
      description:
        "How it proves that it runs with the file: an address, or a program and its arguments",
      anyOf: [address, argv],
    },
  ).optional(),
  within: duration({
    description: "The longest that both may take; 30s where not said",
  }).optional(),
});

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const failsPattern = new RegExp(`^(${comparisonOperators.join("|")}) *(${number})$`);

/** @returns undefined for what is no comparison with a finite number */
export function readComparison(text: string): NonNullable<Rules["guard"]>["fails"] | undefined {
  const [, operator, bound] = failsPattern.exec(text) ?? [];
  const known = comparisonOperators.find((each) => each === operator);
  if (known === undefined || !Number.isFinite(Number(bound))) return undefined;
  return { operator: known, bound: Number(bound) };
}

const guard = z.strictObject({
  prometheus: checked(addressFault, { description: "The address of Prometheus", ...address }),
  query: z
    .string()
    .min(1)
    .max(queryCharsMax)
    .meta({ description: "An instant query with one value as its result" }),
  fails: checked(
    (value) =>
      typeof value === "string" && readComparison(value) !== undefined
        ? undefined
        : { code: "not_comparison" },
    {
      description: "When the query's value means that the change went wrong",
      type: "string",
      pattern: failsPattern.source,
    },
  ),
  during: duration({
    description: "How long after a change it is asked; 10m where not said",
  }).optional(),
  every: duration({ description: "How often; 15s where not said" }).optional(),
});

const rollout = z.strictObject({
  first: z.literal(1).meta({ description: "How many machines take a change before the others" }),
  // oxlint-disable-next-line unicorn/no-thenable -- a key of the catalog, which nobody awaits
  then: z.literal("all").meta({ description: "How many follow when it is live on the first" }),
  jitter: duration({
    description: "Each of the others waits for a random time up to this; 5s where not said",
  }).optional(),
});

/** What a config may have beside its file, schema and title. */
export const rulesShape = {
  limits: counted(z.array(limit), 0, limitsMax)
    .meta({ description: "How far one value may move in one change, and within 24 hours" })
    .optional(),
  approval: approval
    .meta({ description: "Who must approve a change before it goes live" })
    .optional(),
  keep: duration({
    description: "A change goes back by itself after so long, unless somebody presses Keep",
  }).optional(),
  apply: apply.meta({ description: "How the service takes the new file" }).optional(),
  guard: guard
    .meta({ description: "Takes a change back where a query of Prometheus fails" })
    .optional(),
  rollout: rollout
    .meta({
      description:
        "With several machines: a change goes to one first, and to the others when it is live there",
    })
    .optional(),
};
