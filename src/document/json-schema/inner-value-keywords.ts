// The keywords that apply schemas to what is inside a map or a list (JSON Schema core 2020-12, sections 10.3 and 11).
import { valueText } from "../validation/problem-path.ts";
import { unknownKeyText } from "../validation/problem-words.ts";
import { namedNodes, nodesOf } from "./applicator.ts";
import type { Compiler } from "./compile-schema.ts";
import {
  accepts,
  applyInside,
  type Check,
  firstIssue,
  refuse,
  refuseKey,
  type Run,
  type SchemaNode,
} from "./evaluation.ts";
import { patternOf } from "./formats.ts";
import { knownKeys } from "./known-keys.ts";
import { isSchemaObject, type Resource, type SchemaObject } from "./schema-registry.ts";

/** `properties`, `patternProperties` and, for the keys that neither knows, `additionalProperties`. */
export function objectKeys(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const named = namedNodes(schema["properties"], resource, compiler);
  const patterns = [...namedNodes(schema["patternProperties"], resource, compiler)].flatMap(
    ([source, node]) => {
      const pattern = patternOf(source);
      return pattern === undefined ? [] : [{ pattern, node }];
    },
  );
  const additional = schema["additionalProperties"];
  const rest = compiler.node(additional, resource);
  if (named.size === 0 && patterns.length === 0 && rest === undefined) return undefined;

  function keyHolds(key: string, inner: unknown, run: Run): boolean | undefined {
    const node = named.get(key);
    let holds = node === undefined ? undefined : applyInside(node, key, inner, run);
    for (const { pattern, node: matched } of patterns) {
      if (pattern.test(key)) holds = applyInside(matched, key, inner, run) && holds !== false;
    }
    if (holds !== undefined || rest === undefined) return holds;
    if (additional !== false) return applyInside(rest, key, inner, run);
    return refuseKey(
      run,
      key,
      run.issues === undefined ? "" : unknownKeyText(key, [...named.keys()]),
    );
  }

  return (value, run, seen) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const [key, inner] of Object.entries(value)) {
      const holds = keyHolds(key, inner, run);
      if (holds === undefined) continue;
      seen?.keys.add(key);
      if (holds) continue;
      valid = false;
      if (run.issues === undefined) break;
    }
    return valid;
  };
}

export function propertyNames(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const node = compiler.node(schema["propertyNames"], resource);
  if (node === undefined) return undefined;
  return (value, run) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const key of Object.keys(value)) {
      if (accepts(node, key, run)) continue;
      valid = false;
      if (run.issues === undefined) break;
      refuseKey(run, key, `is not an accepted key: ${keyMessage(node, key, run)}`);
    }
    return valid;
  };
}

/** What the schema says of a key that it refuses. */
function keyMessage(node: SchemaNode, key: string, run: Run): string {
  const message = firstIssue(node, key, run)?.message ?? "";
  // The key itself is told before.
  return message.replace(`, got ${valueText(key)}`, "");
}

/** `prefixItems`, and `items` for those after them. */
export function listItems(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const first = nodesOf(schema["prefixItems"], resource, compiler) ?? [];
  const rest = compiler.node(schema["items"], resource);
  if (first.length === 0 && rest === undefined) return undefined;
  return (value, run, seen) => {
    if (!Array.isArray(value)) return true;
    let valid = true;
    for (const [index, item] of value.entries()) {
      const node = first[index] ?? rest;
      if (node === undefined) break;
      seen?.items.add(index);
      if (applyInside(node, index, item, run)) continue;
      valid = false;
      if (run.issues === undefined) break;
    }
    return valid;
  };
}

export function contains(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const node = compiler.node(schema["contains"], resource);
  if (node === undefined) return undefined;
  const { minContains, maxContains } = schema;
  const min = typeof minContains === "number" ? minContains : 1;
  const max = typeof maxContains === "number" ? maxContains : Number.POSITIVE_INFINITY;
  return (value, run, seen) => {
    if (!Array.isArray(value)) return true;
    let fitting = 0;
    for (const [index, item] of value.entries()) {
      if (!accepts(node, item, run)) continue;
      fitting += 1;
      seen?.items.add(index);
    }
    if (fitting >= min && fitting <= max) return true;
    const bound = fitting < min ? `at least ${min}` : `at most ${max}`;
    return refuse(run, `must have ${bound} of the items that are asked for here, got ${fitting}`);
  };
}

export function unevaluatedProperties(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const wanted = schema["unevaluatedProperties"];
  const node = compiler.node(wanted, resource);
  if (node === undefined) return undefined;
  return (value, run, seen) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const [key, inner] of Object.entries(value)) {
      if (seen?.keys.has(key) === true) continue;
      seen?.keys.add(key);
      const holds =
        wanted === false
          ? refuseUnknown(run, key, schema, resource, compiler)
          : applyInside(node, key, inner, run);
      if (!holds) valid = false;
    }
    return valid;
  };
}

function refuseUnknown(
  run: Run,
  key: string,
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): false {
  if (run.issues === undefined) return false;
  return refuseKey(run, key, unknownKeyText(key, knownKeys(schema, resource, compiler)));
}

export function unevaluatedItems(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const node = compiler.node(schema["unevaluatedItems"], resource);
  if (node === undefined) return undefined;
  return (value, run, seen) => {
    if (!Array.isArray(value)) return true;
    let valid = true;
    for (const [index, item] of value.entries()) {
      if (seen?.items.has(index) === true) continue;
      seen?.items.add(index);
      if (!applyInside(node, index, item, run)) valid = false;
    }
    return valid;
  };
}
