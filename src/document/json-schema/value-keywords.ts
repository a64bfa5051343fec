// The keywords that look at one value alone (JSON Schema validation 2020-12, section 6), each with its sentence.
import { valueText, quoted } from "../validation/problem-path.ts";
import { countText, limitText, oneOfText, typeText } from "../validation/problem-words.ts";
import { canonicalText, isMultipleOf } from "./canonical-value.ts";
import { type Check, refuse } from "./evaluation.ts";
import { formatCheck, patternOf } from "./formats.ts";
import { isSchemaObject, type SchemaObject } from "./schema-registry.ts";

/** @returns undefined where the keyword asks nothing */
export type ValueKeyword = (wanted: unknown, schema: SchemaObject) => Check | undefined;

export const valueKeywords: Readonly<Record<string, ValueKeyword>> = {
  type: typeCheck,
  enum: (wanted) => (Array.isArray(wanted) ? enumCheck(wanted) : undefined),
  const: constCheck,
  minimum: (bound) => numberCheck(bound, (n, b) => n >= b, limitText("min", true, bound)),
  maximum: (bound) => numberCheck(bound, (n, b) => n <= b, limitText("max", true, bound)),
  exclusiveMinimum: (bound) => numberCheck(bound, (n, b) => n > b, limitText("min", false, bound)),
  exclusiveMaximum: (bound) => numberCheck(bound, (n, b) => n < b, limitText("max", false, bound)),
  multipleOf: (bound) => numberCheck(bound, isMultipleOf, `must be a multiple of ${String(bound)}`),
  minLength: (bound) => lengthCheck("min", bound),
  maxLength: (bound) => lengthCheck("max", bound),
  pattern: patternCheck,
  minItems: (bound) => countCheck("min", "item", bound, itemsOf),
  maxItems: (bound) => countCheck("max", "item", bound, itemsOf),
  uniqueItems: (wanted) => (wanted === true ? uniqueItems : undefined),
  minProperties: (bound) => countCheck("min", "key", bound, keysOf),
  maxProperties: (bound) => countCheck("max", "key", bound, keysOf),
  required: requiredCheck,
  dependentRequired: dependentRequiredCheck,
  dependencies: dependentRequiredCheck,
};

/** Beside the others, because asserting a format is a choice (validation section 7.2). */
export const formatKeyword: ValueKeyword = (wanted) => {
  const isOfFormat = typeof wanted === "string" ? formatCheck(wanted) : undefined;
  if (isOfFormat === undefined) return undefined;
  const message = `must be a valid ${String(wanted)}`;
  return (value, run) =>
    typeof value !== "string" ||
    isOfFormat(value) ||
    refuse(run, `${message}, got ${valueText(value)}`);
};

function typeCheck(wanted: unknown): Check {
  const types = [wanted].flat().map(String);
  const message = `must be ${types.map(typeText).join(" or ")}`;
  return (value, run) =>
    types.some((type) => isOfType(value, type)) ||
    refuse(run, `${message}, got ${valueText(value)}`);
}

export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isSchemaObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function enumCheck(wanted: readonly unknown[]): Check {
  const texts = new Set(wanted.map(canonicalText));
  const shown = wanted.map(plainText);
  return (value, run) => {
    if (texts.has(canonicalText(value))) return true;
    if (run.issues === undefined) return false;
    return refuse(run, `${oneOfText(shown, value)}, got ${valueText(value)}`);
  };
}

function constCheck(wanted: unknown): Check {
  const text = canonicalText(wanted);
  const message = `must be ${plainText(wanted)}`;
  return (value, run) =>
    canonicalText(value) === text || refuse(run, `${message}, got ${valueText(value)}`);
}

/** As one would write it. */
export function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function numberCheck(
  bound: unknown,
  holds: (value: number, bound: number) => boolean,
  message: string,
): Check | undefined {
  if (typeof bound !== "number") return undefined;
  return (value, run) =>
    typeof value !== "number" || holds(value, bound) || refuse(run, `${message}, got ${value}`);
}

function lengthCheck(limit: "min" | "max", bound: unknown): Check | undefined {
  if (typeof bound !== "number") return undefined;
  return (value, run) => {
    if (typeof value !== "string") return true;
    // In characters, of which some are two units long.
    const length = Array.from(value).length;
    const holds = limit === "min" ? length >= bound : length <= bound;
    return holds || refuse(run, countText(limit, bound, "character", valueText(value)));
  };
}

function patternCheck(wanted: unknown): Check | undefined {
  const pattern = typeof wanted === "string" ? patternOf(wanted) : undefined;
  if (pattern === undefined) return undefined;
  const message = `must match ${quoted(String(wanted))}`;
  return (value, run) =>
    typeof value !== "string" ||
    pattern.test(value) ||
    refuse(run, `${message}, got ${valueText(value)}`);
}

function itemsOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function keysOf(value: unknown): number | undefined {
  return isSchemaObject(value) ? Object.keys(value).length : undefined;
}

function countCheck(
  limit: "min" | "max",
  noun: "item" | "key",
  bound: unknown,
  countOf: (value: unknown) => number | undefined,
): Check | undefined {
  if (typeof bound !== "number") return undefined;
  return (value, run) => {
    const got = countOf(value);
    if (got === undefined || (limit === "min" ? got >= bound : got <= bound)) return true;
    return refuse(run, countText(limit, bound, noun, String(got)));
  };
}

const uniqueItems: Check = (value, run) => {
  if (!Array.isArray(value)) return true;
  const firstAt = new Map<string, number>();
  let valid = true;
  for (const [index, item] of value.entries()) {
    const text = canonicalText(item);
    const first = firstAt.get(text);
    if (first === undefined) firstAt.set(text, index);
    else
      valid = refuse(run, `must not be the same as item ${first}, got ${valueText(item)}`, index);
  }
  return valid;
};

function requiredCheck(wanted: unknown): Check | undefined {
  const keys = namesIn(wanted);
  if (keys.length === 0) return undefined;
  return (value, run) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const key of keys) {
      if (!Object.hasOwn(value, key)) valid = refuse(run, "is missing", key);
    }
    return valid;
  };
}

function dependentRequiredCheck(wanted: unknown): Check | undefined {
  if (!isSchemaObject(wanted)) return undefined;
  return (value, run) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const [key, needed] of Object.entries(wanted)) {
      if (!Object.hasOwn(value, key)) continue;
      for (const other of namesIn(needed)) {
        if (Object.hasOwn(value, other)) continue;
        valid = refuse(run, `is missing, and ${key} needs it`, other);
      }
    }
    return valid;
  };
}

export function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
