// The rules of a config in `airlock.yml`: their shape, for the parser and as a JSON Schema for editors. What they mean together is read in rules.ts.
import { z } from "zod";
import { exactDecimal, compareDecimals, signOf } from "../document/limits/exact-decimal.ts";
import {
  parsePathPattern,
  pathPatternSource,
  patternCharsMax,
} from "../document/limits/path-pattern.ts";
import { valueText } from "../document/validation/problem-path.ts";
import { countText } from "../document/validation/problem-words.ts";
import { durationMs, durationMsMax } from "../model/duration.ts";
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
  problemOf: (value: unknown) => string | undefined,
  meta: Readonly<Record<string, unknown>>,
): z.ZodUnknown {
  return checkedParts((value) => {
    const message = problemOf(value);
    return message === undefined
      ? []
      : [{ path: [], message: `${message}, got ${valueText(value)}` }];
  }, meta);
}

const durationRule = "must be a time such as 30s, 10m, 24h or 7d";

const duration = (description: string): z.ZodUnknown =>
  checked(durationProblem, { description, type: "string", pattern: "^0*[1-9][0-9]*[smhd]$" });

function durationProblem(value: unknown): string | undefined {
  const ms = typeof value === "string" ? durationMs(value) : undefined;
  if (ms === undefined) return durationRule;
  if (ms === 0) return "must be longer than 0";
  return ms > durationMsMax ? "must be at most 30d" : undefined;
}

const amountRule =
  "must be a percentage such as 50%, a factor such as 3x, or a number above 0 such as 0.05";
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

function amountProblem(value: unknown): string | undefined {
  if (typeof value === "string" && !amountPattern.test(value)) return amountRule;
  if (typeof value !== "string" && typeof value !== "number") return amountRule;
  const { kind, amount } = readAmount(String(value)) ?? {};
  const number = amount === undefined ? undefined : exactDecimal(amount);
  if (number === undefined) return amountRule;
  if (kind === "times" && compareDecimals(number, one) <= 0) {
    return "must be above 1x, or no change could pass";
  }
  return signOf(number) > 0 ? undefined : "must be above 0, or no change could pass";
}

const limit = z.strictObject({
  path: checked(pathProblem, {
    description:
      "Which values: the path of a change, with * for one key or index or for a part of a name, and ** for any number of steps",
    type: "string",
    maxLength: patternCharsMax,
    pattern: pathPatternSource,
  }),
  at_most: checked(amountProblem, {
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

function pathProblem(value: unknown): string | undefined {
  if (typeof value !== "string") return "must be a path such as **.*_percent";
  const parsed = parsePathPattern(value);
  return parsed.kind === "problem" ? parsed.message : undefined;
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
  expires: duration("How long it waits; 24h where not said").optional(),
});

/** A list with a number of items that is limited; zod's own words for that are about numbers. */
function counted<Item extends z.ZodType>(
  list: z.ZodArray<Item>,
  min: number,
  max: number,
): z.ZodArray<Item> {
  return list
    .superRefine((items: unknown, context) => {
      if (!Array.isArray(items) || (items.length >= min && items.length <= max)) return;
      const side = items.length < min ? "min" : "max";
      const message = countText(side, side === "min" ? min : max, "item", String(items.length));
      context.addIssue({ code: "custom", message });
    })
    .meta({ minItems: min, maxItems: max });
}

/** A program and its arguments, each problem at its item. */
function argvIssues(items: readonly unknown[]): readonly Issue[] {
  if (items.length === 0 || items.length > argvItemsMax) {
    const [side, bound] =
      items.length === 0 ? (["min", 1] as const) : (["max", argvItemsMax] as const);
    return [{ path: [], message: countText(side, bound, "item", String(items.length)) }];
  }
  return items.flatMap((item, index) => {
    const message = argumentProblem(item, index);
    return message === undefined
      ? []
      : [{ path: [index], message: `${message}, got ${valueText(item)}` }];
  });
}

function argumentProblem(item: unknown, index: number): string | undefined {
  if (typeof item !== "string") return "must be a text (put it in quotes)";
  if (index === 0 && item === "") return "must name a program";
  if (item.includes("\0")) return "must hold no NUL character";
  return item.length > argvCharsMax ? `must have at most ${argvCharsMax} characters` : undefined;
}

interface Issue {
  readonly path: readonly number[];
  readonly message: string;
}

/** A value of which a function says what is wrong in its parts. */
function checkedParts(
  issuesOf: (value: unknown) => readonly Issue[],
  meta: Readonly<Record<string, unknown>>,
): z.ZodUnknown {
  return z
    .unknown()
    .superRefine((value, context) => {
      for (const { path, message } of issuesOf(value)) {
        context.addIssue({ code: "custom", message, path: [...path] });
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

function addressProblem(value: unknown): string | undefined {
  const rule = "must be an http or https address such as http://127.0.0.1:8080/config";
  if (typeof value !== "string" || !/^https?:/i.test(value) || !URL.canParse(value)) return rule;
  if (value.length > addressCharsMax) return `must have at most ${addressCharsMax} characters`;
  const { username, password } = new URL(value);
  return username === "" && password === "" ? undefined : `${rule}, without a user or a password`;
}

const address = { type: "string", maxLength: addressCharsMax, pattern: "^[hH][tT][tT][pP][sS]?:" };

const apply = z.strictObject({
  run: checkedParts(
    (value) =>
      Array.isArray(value)
        ? argvIssues(value)
        : [
            {
              path: [],
              message: `must be a list such as [systemctl, reload, exchange], got ${valueText(value)}`,
            },
          ],
    {
      description: "How the service takes the new file: a program and its arguments, no shell",
      ...argv,
    },
  ),
  verify: checkedParts(
    (value) => {
      if (Array.isArray(value)) return argvIssues(value);
      const message = addressProblem(value);
      return message === undefined
        ? []
        : [{ path: [], message: `${message}, got ${valueText(value)}` }];
    },
    {
      description:
        "How it proves that it runs with the file: an address, or a program and its arguments",
      anyOf: [address, argv],
    },
  ).optional(),
  within: duration("The longest that both may take; 30s where not said").optional(),
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
  prometheus: checked(addressProblem, { description: "The address of Prometheus", ...address }),
  query: z
    .string()
    .min(1)
    .max(queryCharsMax)
    .meta({ description: "An instant query with one value as its result" }),
  fails: checked(
    (value) =>
      typeof value === "string" && readComparison(value) !== undefined
        ? undefined
        : "must be a comparison with a number, such as > 5",
    {
      description: "When the query's value means that the change went wrong",
      type: "string",
      pattern: failsPattern.source,
    },
  ),
  during: duration("How long after a change it is asked; 10m where not said").optional(),
  every: duration("How often; 15s where not said").optional(),
});

/** What a config may have beside its file, schema and title. */
export const rulesShape = {
  limits: counted(z.array(limit), 0, limitsMax)
    .meta({ description: "How far one value may move in one change, and within 24 hours" })
    .optional(),
  approval: approval
    .meta({ description: "Who must approve a change before it goes live" })
    .optional(),
  keep: duration(
    "A change goes back by itself after so long, unless somebody presses Keep",
  ).optional(),
  apply: apply.meta({ description: "How the service takes the new file" }).optional(),
  guard: guard
    .meta({ description: "Takes a change back where a query of Prometheus fails" })
    .optional(),
};
