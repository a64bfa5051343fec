// The keywords that apply other schemas, to the same value or to what is inside it (JSON Schema core 2020-12, sections 8.2.3, 10 and
// 11). The order is the one in which they run.
import { namesText, typeText, unknownKeyText } from "../validation/problem-words.ts";
import { valueText } from "../validation/problem-path.ts";
import type { Compiler } from "./compile-schema.ts";
import {
  accepts,
  apply,
  applyBeside,
  applyInside,
  type Check,
  type Run,
  type SchemaNode,
  refuse,
  refuseKey,
} from "./evaluation.ts";
import { patternOf } from "./formats.ts";
import { knownKeys } from "./known-keys.ts";
import { fragmentOf, isSchemaObject, type Resource, type SchemaObject } from "./schema-registry.ts";
import { plainText, namesIn } from "./value-keywords.ts";

type Applicator = (
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
) => Check | undefined;

export const applicators: readonly Applicator[] = [
  ref,
  dynamicRef,
  allOf,
  anyOf,
  oneOf,
  not,
  conditional,
  dependentSchemas,
  objectKeys,
  propertyNames,
  listItems,
  contains,
  unevaluatedProperties,
  unevaluatedItems,
];

function ref(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
  const text = schema["$ref"];
  if (typeof text !== "string") return undefined;
  let node: SchemaNode | undefined;
  return (value, run, seen) => {
    node ??= nodeAt(compiler.resolve(text, resource), text, compiler);
    return applyBeside(node, value, run, seen);
  };
}

/** Core section 8.2.3.2: where the target is a dynamic anchor, the outermost schema on the way here that has one wins. */
function dynamicRef(schema: SchemaObject, from: Resource, compiler: Compiler): Check | undefined {
  const text = schema["$dynamicRef"];
  if (typeof text !== "string") return undefined;
  const anchor = fragmentOf(text) ?? "";
  let initial: ReturnType<Compiler["resolve"]>;
  return (value, run, seen) => {
    initial ??= compiler.resolve(text, from);
    let target = initial;
    if (target?.resource.dynamicAnchors.has(anchor) === true) {
      const outermost = run.scope.find(({ dynamicAnchors }) => dynamicAnchors.has(anchor));
      const dynamic = outermost?.dynamicAnchors.get(anchor);
      if (outermost !== undefined && dynamic !== undefined) {
        target = { schema: dynamic, resource: outermost };
      }
    }
    return applyBeside(nodeAt(target, text, compiler), value, run, seen);
  };
}

function nodeAt(
  target: ReturnType<Compiler["resolve"]>,
  text: string,
  compiler: Compiler,
): SchemaNode {
  const node = target === undefined ? undefined : compiler.node(target.schema, target.resource);
  // References are looked up when the schema is read, and a schema whose references mean nothing is refused there.
  if (node === undefined) throw new Error(`the schema's reference ${text} means nothing`);
  return node;
}

function nodesOf(
  list: unknown,
  resource: Resource,
  compiler: Compiler,
): readonly SchemaNode[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((schema) => compiler.node(schema, resource) ?? []);
}

function allOf(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
  const nodes = nodesOf(schema["allOf"], resource, compiler);
  if (nodes === undefined) return undefined;
  return (value, run, seen) => {
    let valid = true;
    for (const node of nodes) {
      if (applyBeside(node, value, run, seen)) continue;
      valid = false;
      if (run.issues === undefined) break;
    }
    return valid;
  };
}

function anyOf(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
  const nodes = nodesOf(schema["anyOf"], resource, compiler);
  if (nodes === undefined) return undefined;
  const message = noneFits(schema["anyOf"]);
  return (value, run, seen) => {
    let valid = false;
    for (const node of nodes) {
      if (!accepts(node, value, run, seen)) continue;
      valid = true;
      // The others matter where somebody asks what they looked at.
      if (seen === undefined) break;
    }
    return valid || refuse(run, message(value));
  };
}

function oneOf(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
  const nodes = nodesOf(schema["oneOf"], resource, compiler);
  if (nodes === undefined) return undefined;
  const message = noneFits(schema["oneOf"]);
  return (value, run, seen) => {
    const fitting = nodes.filter((node) => accepts(node, value, run, seen)).length;
    if (fitting === 1) return true;
    if (fitting === 0) return refuse(run, message(value));
    const got = valueText(value);
    return refuse(run, `fits more than one of the forms that are accepted here, got ${got}`);
  };
}

/** One sentence for a choice of forms that all fail; with what they ask, where that is short to say. */
function noneFits(forms: unknown): (value: unknown) => string {
  const list = Array.isArray(forms) ? forms.filter(isSchemaObject) : [];
  const onlyHas = (key: string): boolean =>
    list.length > 0 && list.every((form) => Object.keys(form).join() === key);
  if (onlyHas("type")) {
    const types = list.flatMap(({ type }) => [type].flat().map((name) => typeText(String(name))));
    return (value) => `must be ${types.join(" or ")}, got ${valueText(value)}`;
  }
  if (onlyHas("const")) {
    const values = namesText(list.map((form) => plainText(form["const"])));
    return (value) => `must be one of ${values}, got ${valueText(value)}`;
  }
  if (onlyHas("required")) {
    const keys = list.map(({ required }) => namesIn(required).join(" and "));
    return () => `must have ${keys.join(", or ")}`;
  }
  return (value) => `fits none of the forms that are accepted here, got ${valueText(value)}`;
}

function not(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
  const node = compiler.node(schema["not"], resource);
  if (node === undefined) return undefined;
  return (value, run) =>
    !accepts(node, value, run) || refuse(run, `is not accepted here, got ${valueText(value)}`);
}

function conditional(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const condition = compiler.node(schema["if"], resource);
  if (condition === undefined) return undefined;
  const then = compiler.node(schema["then"], resource);
  const otherwise = compiler.node(schema["else"], resource);
  return (value, run, seen) => {
    const branch = accepts(condition, value, run, seen) ? then : otherwise;
    return branch === undefined || applyBeside(branch, value, run, seen);
  };
}

/** Named schemas of a keyword such as `properties`. */
function namedNodes(
  named: unknown,
  resource: Resource,
  compiler: Compiler,
): ReadonlyMap<string, SchemaNode> {
  const nodes = new Map<string, SchemaNode>();
  if (!isSchemaObject(named)) return nodes;
  for (const [name, schema] of Object.entries(named)) {
    const node = compiler.node(schema, resource);
    if (node !== undefined) nodes.set(name, node);
  }
  return nodes;
}

function dependentSchemas(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  // "dependencies" is the older name of two keywords, still in the meta-schema; its lists of keys are in value-keywords.ts.
  const nodes = [
    ...namedNodes(schema["dependencies"], resource, compiler),
    ...namedNodes(schema["dependentSchemas"], resource, compiler),
  ];
  if (nodes.length === 0) return undefined;
  return (value, run, seen) => {
    if (!isSchemaObject(value)) return true;
    let valid = true;
    for (const [key, node] of nodes) {
      if (Object.hasOwn(value, key) && !applyBeside(node, value, run, seen)) valid = false;
    }
    return valid;
  };
}

/** `properties`, `patternProperties` and, for the keys that neither knows, `additionalProperties`. */
function objectKeys(
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

function propertyNames(
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
      refuseKey(run, key, `is not an accepted key: ${firstMessage(node, key, run)}`);
    }
    return valid;
  };
}

/** What the schema says of a value that it refuses. */
function firstMessage(node: SchemaNode, value: unknown, run: Run): string {
  const issues: NonNullable<Run["issues"]> = [];
  apply(node, value, { ...run, issues });
  const message = issues[0]?.message ?? "";
  // The key itself is told before.
  return message.replace(`, got ${valueText(value)}`, "");
}

/** `prefixItems`, and `items` for those after them. */
function listItems(
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

function contains(schema: SchemaObject, resource: Resource, compiler: Compiler): Check | undefined {
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

function unevaluatedProperties(
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

function unevaluatedItems(
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
