// What is known of a keyword that refused a value.
import type { CompiledSchema } from "@hyperjump/json-schema/experimental";
import type { JsonNode } from "@hyperjump/json-schema/instance/experimental";
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import type { Issue } from "../validation/issue-problems.ts";
import type { PathStep } from "../../model/comparison.ts";
import type { Fault } from "../../model/problem.ts";
import type { AcceptedValues, AdditionalProperties, Pattern } from "./keywords.ts";

/** Every schema by its address: its keywords, or a boolean. */
export type SchemaTree = CompiledSchema["ast"];

/** What the library compiles a keyword to, where we look at it. Schemas are addresses. */
export interface CompiledKeywords {
  readonly type: string | readonly string[];
  readonly enum: AcceptedValues;
  readonly const: AcceptedValues;
  readonly minimum: number;
  readonly maximum: number;
  readonly exclusiveMinimum: number;
  readonly exclusiveMaximum: number;
  readonly multipleOf: number;
  readonly pattern: Pattern;
  readonly format: string;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minItems: number;
  readonly maxItems: number;
  readonly uniqueItems: boolean;
  readonly minProperties: number;
  readonly maxProperties: number;
  readonly required: readonly string[];
  readonly dependentRequired: readonly (readonly [key: string, needed: readonly string[]])[];
  readonly properties: Readonly<Record<string, string>>;
  readonly additionalProperties: AdditionalProperties;
  readonly propertyNames: string;
  readonly contains: { readonly minContains: number; readonly maxContains: number };
  readonly ref: string;
  readonly not: string;
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
  readonly oneOf: readonly string[];
  readonly if: string;
  /** Of the condition too; empty without one. */
  readonly then: readonly string[];
  readonly else: readonly string[];
  readonly dependentSchemas: readonly (readonly [key: string, schema: string])[];
  readonly unevaluatedProperties: string;
  readonly unevaluatedItems: string;
}

export type Keyword = keyof CompiledKeywords;

/** One schema that a keyword applied, and that refused its value. */
export interface Refusal {
  readonly url: string;
  readonly node: JsonNode;
  readonly issues: readonly Issue[];
}

export interface Failure {
  /** What was refused. */
  readonly node: JsonNode;
  readonly value: unknown;
  /** Of the schemas that the keyword applied. */
  readonly refusals: readonly Refusal[];
  readonly acceptedCount: number;
  readonly tree: SchemaTree;
  /** Of the schema that the keyword stands in. */
  readonly url: string;
  /** Whether a keyword that applies schemas to the same value failed too: what those looked at is then not known. */
  readonly besideFailed: boolean;
}

const keywordsOfSchemas = new WeakMap<object, Partial<CompiledKeywords>>();

/** The keywords of a schema that has any. */
export function keywordsAt(tree: SchemaTree, url: string): Partial<CompiledKeywords> {
  const schema = tree[url];
  if (!Array.isArray(schema)) return {};
  let keywords = keywordsOfSchemas.get(schema);
  if (keywords === undefined) {
    keywords = Object.fromEntries(schema.map(([id, , compiled]) => [keywordName(id), compiled]));
    keywordsOfSchemas.set(schema, keywords);
  }
  return keywords;
}

/** `maximum`, without the library's address before it. */
export function keywordName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

export function issueAt(
  node: JsonNode,
  fault: Fault,
  { about = "value", below = [] }: { about?: Issue["about"]; below?: readonly PathStep[] } = {},
): Issue {
  return { path: [...pathOf(node), ...below], about, fault };
}

/** Of a key's own node: the path of what the key names. */
export function pathOf(node: JsonNode): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (at.type === "property") steps.push(keyOf(at));
    else if (at.parent.type === "array") steps.push(Number(/[0-9]+$/.exec(at.pointer)?.[0]));
  }
  return steps.toReversed();
}

/** @param property - of a map: a key and its value */
function keyOf({ children: [key] }: JsonNode): string {
  if (key === undefined) throw new Error("a property has a key");
  return Instance.value<string>(key);
}
