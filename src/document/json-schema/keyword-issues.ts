// What each keyword says of a value that it refuses, as all schemas would say it.
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import { gotOf, shorten } from "../../model/excerpt.ts";
import type { Fault, FaultParams } from "../../model/problem.ts";
import type { Issue } from "../validation/issue-problems.ts";
import { notOneOf, unknownKey } from "../validation/suggestions.ts";
import { canonicalText } from "./canonical-value.ts";
import { noneFits } from "./forms.ts";
import { knownKeys } from "./known-keys.ts";
import {
  type CompiledKeywords,
  type Failure,
  issueAt,
  type Keyword,
  pathOf,
  type Refusal,
} from "./schema-failure.ts";

/** A fault of the value, or issues where it is about something inside; undefined for what the applied schemas say. */
const said: {
  readonly [Name in Keyword]?: (
    compiled: CompiledKeywords[Name],
    failure: Failure,
  ) => Fault | readonly Issue[];
} = {
  type: (types, { value }) => ({
    code: "wrong_type",
    params: { types: [types].flat() },
    got: gotOf(value),
  }),
  enum: ({ shown }, { value }) => notOneOf(shown, value),
  const: ({ shown }, { value }) => ({
    code: "not_this",
    params: { value: shown.join() },
    got: gotOf(value),
  }),
  minimum: outOfBounds("at_least"),
  maximum: outOfBounds("at_most"),
  exclusiveMinimum: outOfBounds("more_than"),
  exclusiveMaximum: outOfBounds("less_than"),
  multipleOf: (of, { value }) => ({ code: "not_multiple", params: { of }, got: gotOf(value) }),
  pattern: ({ source }, { value }) => ({
    code: "no_match",
    params: { pattern: shorten(source) },
    got: gotOf(value),
  }),
  format: (format, { value }) => ({ code: "wrong_format", params: { format }, got: gotOf(value) }),
  minLength: wrongCount("at_least", "character"),
  maxLength: wrongCount("at_most", "character"),
  minItems: wrongCount("at_least", "item"),
  maxItems: wrongCount("at_most", "item"),
  minProperties: wrongCount("at_least", "key"),
  maxProperties: wrongCount("at_most", "key"),
  uniqueItems: (_, { node }) => repeatedItems(node),
  required: (keys, failure) => missingKeys(keys, failure, { code: "missing_key" }),
  dependentRequired: (dependent, failure) =>
    dependent
      .filter(([key]) => hasKey(failure.value, key))
      .flatMap(([by, needed]) =>
        missingKeys(needed, failure, { code: "key_needed", params: { by } }),
      ),
  additionalProperties: ({ names }, failure) => unknownKeys(failure.refusals, failure, names),
  unevaluatedProperties: (_, failure) => unevaluatedKeys(failure),
  // What a form that failed looked at counts as looked at: it is told what is wrong with it, once.
  unevaluatedItems: (_, { refusals, besideFailed }) => (besideFailed ? [] : issuesOf(refusals)),
  propertyNames: (_, { refusals }) => refusals.map(wrongKey),
  contains({ minContains, maxContains }, { acceptedCount: got }) {
    const [must, bound] =
      got < minContains
        ? (["at_least", minContains] as const)
        : (["at_most", maxContains] as const);
    return { code: "wrong_contents", params: { must, bound }, got };
  },
  not: (_, { value }) => ({ code: "not_accepted", got: gotOf(value) }),
  anyOf: noneFits,
  oneOf: (forms, failure) =>
    failure.acceptedCount > 0
      ? { code: "fits_several_forms", got: gotOf(failure.value) }
      : noneFits(forms, failure),
};

function outOfBounds(
  must: FaultParams["out_of_bounds"]["must"],
): (bound: number, failure: Failure) => Fault {
  return (bound, { value }) => ({
    code: "out_of_bounds",
    params: { must, bound },
    got: gotOf(value),
  });
}

/** A text is shown, of other things their number. */
function wrongCount(
  must: FaultParams["wrong_count"]["must"],
  of: FaultParams["wrong_count"]["of"],
): (bound: number, failure: Failure) => Fault {
  return (bound, { value }) => {
    const size = Array.isArray(value) ? value.length : Object.keys(Object(value)).length;
    const got = of === "character" ? gotOf(value) : size;
    return { code: "wrong_count", params: { must, bound, of }, got };
  };
}

export function keywordIssues(name: string, compiled: unknown, failure: Failure): readonly Issue[] {
  // The library hands each keyword what it compiled it to.
  const say = (
    said as Record<
      string,
      ((compiled: unknown, failure: Failure) => Fault | readonly Issue[]) | undefined
    >
  )[name];
  const found = say?.(compiled, failure) ?? issuesOf(failure.refusals);
  return "code" in found ? [issueAt(failure.node, found)] : found;
}

function issuesOf(refusals: readonly Refusal[]): readonly Issue[] {
  return refusals.flatMap(({ issues }) => issues);
}

function hasKey(value: unknown, key: string): boolean {
  return Object.hasOwn(Object(value), key);
}

function missingKeys(
  keys: readonly string[],
  { node, value }: Failure,
  fault: Fault,
): readonly Issue[] {
  return keys
    .filter((key) => !hasKey(value, key))
    .map((key) => issueAt(node, fault, { below: [key] }));
}

function repeatedItems(node: Failure["node"]): readonly Issue[] {
  const firstAt = new Map<string, number>();
  const issues: Issue[] = [];
  for (const [index, item] of [...Instance.iter(node)].entries()) {
    const value = Instance.value<unknown>(item);
    const text = canonicalText(value);
    const first = firstAt.get(text);
    if (first === undefined) firstAt.set(text, index);
    else {
      const fault = { code: "repeated_item", params: { first }, got: gotOf(value) } as const;
      issues.push(issueAt(item, fault));
    }
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
      ? [issueAt(node, unknownKey(keyOf(node), names), { about: "key" })]
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
  const because = issue === undefined ? null : withoutGot(issue.fault);
  return issueAt(node, { code: "key_not_accepted", params: { because } }, { about: "key" });
}

/** What a fault got is the key, which stands there already. */
function withoutGot(fault: Fault): Fault {
  const { got: _got, ...rest } = fault;
  if (rest.code !== "fits_no_form" || rest.params.nearest === null) return rest;
  const { path, fault: nearest } = rest.params.nearest;
  return { ...rest, params: { nearest: { path, fault: withoutGot(nearest) } } };
}
