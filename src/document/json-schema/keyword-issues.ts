// What each keyword says of a value that it refuses, in the words that all schemas share.
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import type { Issue } from "../validation/issue-problems.ts";
import { quoted, valueText } from "../validation/problem-path.ts";
import {
  countText,
  limitText,
  missingKeyText,
  oneOfText,
  typeText,
  unknownKeyText,
} from "../validation/problem-words.ts";
import { canonicalText } from "./canonical-value.ts";
import { noneFitsText } from "./forms.ts";
import { knownKeys } from "./known-keys.ts";
import {
  type CompiledKeywords,
  type Failure,
  issueAt,
  type Keyword,
  pathOf,
  type Refusal,
} from "./schema-failure.ts";

/** A sentence about the value, or issues where it is about something inside; undefined for what the applied schemas say. */
const said: {
  readonly [Name in Keyword]?: (
    compiled: CompiledKeywords[Name],
    failure: Failure,
  ) => string | readonly Issue[];
} = {
  type: (types, { got }) => `must be ${[types].flat().map(typeText).join(" or ")}${got}`,
  enum: ({ shown }, { value, got }) => oneOfText(shown, value) + got,
  const: ({ shown }, { got }) => `must be ${shown.join()}${got}`,
  minimum: (bound, { got }) => limitText("min", true, bound) + got,
  maximum: (bound, { got }) => limitText("max", true, bound) + got,
  exclusiveMinimum: (bound, { got }) => limitText("min", false, bound) + got,
  exclusiveMaximum: (bound, { got }) => limitText("max", false, bound) + got,
  multipleOf: (divisor, { got }) => `must be a multiple of ${divisor}${got}`,
  pattern: ({ source }, { got }) => `must match ${quoted(source)}${got}`,
  format: (name, { got }) => `must be a valid ${name}${got}`,
  minLength: (bound, { value }) => countText("min", bound, "character", valueText(value)),
  maxLength: (bound, { value }) => countText("max", bound, "character", valueText(value)),
  minItems: (bound, { value }) => countText("min", bound, "item", countOf(value)),
  maxItems: (bound, { value }) => countText("max", bound, "item", countOf(value)),
  minProperties: (bound, { value }) => countText("min", bound, "key", countOf(value)),
  maxProperties: (bound, { value }) => countText("max", bound, "key", countOf(value)),
  uniqueItems: (_, { node }) => repeatedItems(node),
  required: (keys, failure) => missingKeys(keys, failure, missingKeyText),
  dependentRequired: (dependent, failure) =>
    dependent
      .filter(([key]) => hasKey(failure.value, key))
      .flatMap(([key, needed]) => missingKeys(needed, failure, `is missing, and ${key} needs it`)),
  additionalProperties: ({ names }, failure) => unknownKeys(failure.refusals, failure, names),
  unevaluatedProperties: (_, failure) => unevaluatedKeys(failure),
  // What a form that failed looked at counts as looked at: it is told what is wrong with it, once.
  unevaluatedItems: (_, { refusals, besideFailed }) => (besideFailed ? [] : issuesOf(refusals)),
  propertyNames: (_, { refusals }) => refusals.map(wrongKey),
  contains: ({ minContains, maxContains }, { acceptedCount }) => {
    const bound =
      acceptedCount < minContains ? `at least ${minContains}` : `at most ${maxContains}`;
    return `must have ${bound} of the items that are asked for here, got ${acceptedCount}`;
  },
  not: (_, { got }) => `is not accepted here${got}`,
  anyOf: noneFitsText,
  oneOf: (forms, failure) =>
    failure.acceptedCount > 0
      ? `fits more than one of the forms that are accepted here${failure.got}`
      : noneFitsText(forms, failure),
};

export function keywordIssues(name: string, compiled: unknown, failure: Failure): readonly Issue[] {
  // The library hands each keyword what it compiled it to.
  const say = (
    said as Record<
      string,
      ((compiled: unknown, failure: Failure) => string | readonly Issue[]) | undefined
    >
  )[name];
  const found = say?.(compiled, failure) ?? issuesOf(failure.refusals);
  return typeof found === "string" ? [issueAt(failure.node, found)] : found;
}

function issuesOf(refusals: readonly Refusal[]): readonly Issue[] {
  return refusals.flatMap(({ issues }) => issues);
}

function countOf(value: unknown): string {
  return String(Array.isArray(value) ? value.length : Object.keys(Object(value)).length);
}

function hasKey(value: unknown, key: string): boolean {
  return Object.hasOwn(Object(value), key);
}

function missingKeys(
  keys: readonly string[],
  { node, value }: Failure,
  message: string,
): readonly Issue[] {
  return keys
    .filter((key) => !hasKey(value, key))
    .map((key) => issueAt(node, message, { below: [key] }));
}

function repeatedItems(node: Failure["node"]): readonly Issue[] {
  const firstAt = new Map<string, number>();
  const issues: Issue[] = [];
  for (const [index, item] of [...Instance.iter(node)].entries()) {
    const value = Instance.value<unknown>(item);
    const text = canonicalText(value);
    const first = firstAt.get(text);
    if (first === undefined) firstAt.set(text, index);
    else
      issues.push(issueAt(item, `must not be the same as item ${first}, got ${valueText(value)}`));
  }
  return issues;
}

/** @param known - the keys to suggest one of */
function unknownKeys(
  refusals: readonly Refusal[],
  { tree }: Failure,
  known: ReadonlySet<string>,
): readonly Issue[] {
  const names = [...known];
  return refusals.flatMap(({ url, node, issues }) =>
    tree[url] === false
      ? [issueAt(node, unknownKeyText(keyOf(node), names), { about: "key" })]
      : issues,
  );
}

function unevaluatedKeys(failure: Failure): readonly Issue[] {
  const known = knownKeys(failure.tree, failure.url);
  // Where a form failed, its keys were not noted: that they are known is all that can be told, and what is wrong in it is told there.
  const unseen = failure.besideFailed
    ? failure.refusals.filter(({ node }) => !known.has(keyOf(node)))
    : failure.refusals;
  return unknownKeys(unseen, failure, known);
}

function keyOf(node: Failure["node"]): string {
  return String(pathOf(node).at(-1));
}

/** @param refusal - of a key by its name */
function wrongKey({ node, issues: [issue] }: Refusal): Issue {
  // The key itself is told before.
  const message = (issue?.message ?? "").replace(`, got ${valueText(Instance.value(node))}`, "");
  return issueAt(node, `is not an accepted key: ${message}`, { about: "key" });
}
