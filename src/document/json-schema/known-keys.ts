// Which keys a schema knows in a map, also by the schemas that it applies to the same map: to suggest the one that was meant.
import type { Compiler } from "./compile-schema.ts";
import { isSchemaObject, type Resource, type SchemaObject } from "./schema-registry.ts";

const listsBeside = ["allOf", "anyOf", "oneOf"];
const schemasBeside = ["if", "then", "else"];

export function knownKeys(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
): readonly string[] {
  const keys = new Set<string>();
  const visited = new Set<unknown>();

  function visit(current: unknown, around: Resource): void {
    if (!isSchemaObject(current) || visited.has(current)) return;
    visited.add(current);
    const { properties, $ref: reference, dependentSchemas } = current;
    if (isSchemaObject(properties)) for (const key of Object.keys(properties)) keys.add(key);
    for (const keyword of listsBeside) {
      const list = current[keyword];
      if (Array.isArray(list)) for (const each of list) visit(each, around);
    }
    for (const keyword of schemasBeside) visit(current[keyword], around);
    if (isSchemaObject(dependentSchemas)) {
      for (const each of Object.values(dependentSchemas)) visit(each, around);
    }
    const target = typeof reference === "string" ? compiler.resolve(reference, around) : undefined;
    if (target !== undefined) visit(target.schema, target.resource);
  }

  visit(schema, resource);
  return [...keys];
}
