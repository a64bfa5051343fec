// How keywords get at the schemas that they apply.
import type { Compiler } from "./compile-schema.ts";
import type { Check, SchemaNode } from "./evaluation.ts";
import { isSchemaObject, type Resource, type SchemaObject } from "./schema-registry.ts";

/** @returns undefined where the schema does not have the keyword */
export type Applicator = (
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
) => Check | undefined;

/** Of a list of schemas; undefined where it is none. */
export function nodesOf(
  list: unknown,
  resource: Resource,
  compiler: Compiler,
): readonly SchemaNode[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((schema) => compiler.node(schema, resource) ?? []);
}

/** Named schemas of a keyword such as `properties`. */
export function namedNodes(
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
