// Which keys a schema knows in a map, also by the schemas that it applies to the same map: to suggest the one that was meant.
import { keywordsAt, type SchemaTree } from "./schema-failure.ts";

export function knownKeys(tree: SchemaTree, url: string): ReadonlySet<string> {
  const keys = new Set<string>();
  const visited = new Set<string>();

  function visit(at: string | undefined): void {
    if (at === undefined || visited.has(at)) return;
    visited.add(at);
    const schema = keywordsAt(tree, at);
    for (const key of Object.keys(schema.properties ?? {})) keys.add(key);
    for (const list of [schema.allOf, schema.anyOf, schema.oneOf, schema.then, schema.else]) {
      list?.forEach(visit);
    }
    visit(schema.if);
    for (const [, dependent] of schema.dependentSchemas ?? []) visit(dependent);
    visit(schema.ref);
  }

  visit(url);
  return keys;
}
