// The keywords that apply other schemas to the same value (JSON Schema core 2020-12, sections 8.2.3 and 10.2).
import { pathText, valueText } from "../validation/problem-path.ts";
import { namesText, typeText } from "../validation/problem-words.ts";
import { namedNodes, nodesOf } from "./applicator.ts";
import type { Compiler } from "./compile-schema.ts";
import {
  accepts,
  applyBeside,
  type Check,
  firstIssue,
  refuse,
  type Run,
  type SchemaNode,
} from "./evaluation.ts";
import { fragmentOf, isSchemaObject, type Resource, type SchemaObject } from "./schema-registry.ts";
import { isOfType, namesIn, plainText } from "./value-keywords.ts";

export function ref(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const text = schema["$ref"];
  if (typeof text !== "string") return undefined;
  let node: SchemaNode | undefined;
  return (value, run, seen) => {
    node ??= nodeAt(compiler.resolve(text, resource), text, compiler);
    return applyBeside(node, value, run, seen);
  };
}

/** Core section 8.2.3.2: where the target is a dynamic anchor, the outermost schema on the way here that has one wins. */
export function dynamicRef(
  schema: SchemaObject,
  from: Resource,
  compiler: Compiler,
): Check | undefined {
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

export function allOf(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
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

export function anyOf(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const nodes = nodesOf(schema["anyOf"], resource, compiler);
  if (nodes === undefined) return undefined;
  const message = noneFits(schema["anyOf"], nodes);
  return (value, run, seen) => {
    let valid = false;
    for (const node of nodes) {
      if (!accepts(node, value, run, seen)) continue;
      valid = true;
      // The others matter where somebody asks what they looked at.
      if (seen === undefined) break;
    }
    if (valid || run.issues === undefined) return valid;
    return refuse(run, message(value, run));
  };
}

export function oneOf(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const nodes = nodesOf(schema["oneOf"], resource, compiler);
  if (nodes === undefined) return undefined;
  const message = noneFits(schema["oneOf"], nodes);
  return (value, run, seen) => {
    const fitting = nodes.filter((node) => accepts(node, value, run, seen)).length;
    if (fitting === 1) return true;
    if (run.issues === undefined) return false;
    if (fitting === 0) return refuse(run, message(value, run));
    const got = valueText(value);
    return refuse(run, `fits more than one of the forms that are accepted here, got ${got}`);
  };
}

/** One sentence for a choice of forms that all fail: what they ask, where that is short to say, or what the nearest one does. */
function noneFits(
  forms: unknown,
  nodes: readonly SchemaNode[],
): (value: unknown, run: Run) => string {
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
  return (value, run) => {
    const message = "fits none of the forms that are accepted here";
    // The nearest is the only one for values of this type.
    const near = nodes.filter(({ types }) => types?.some((type) => isOfType(value, type)) ?? true);
    const [nearest] = near;
    const issue = near.length === 1 && nearest ? firstIssue(nearest, value, run) : undefined;
    if (issue === undefined) return `${message}, got ${valueText(value)}`;
    const path = pathText(issue.path.slice(run.path.length));
    return `${message}: by the nearest one ${path === "" ? "it" : path} ${issue.message}`;
  };
}

export function not(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): Check | undefined {
  const node = compiler.node(schema["not"], resource);
  if (node === undefined) return undefined;
  return (value, run) =>
    !accepts(node, value, run) || refuse(run, `is not accepted here, got ${valueText(value)}`);
}

export function conditional(
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

export function dependentSchemas(
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
