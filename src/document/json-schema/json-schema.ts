// JSON Schema 2020-12 for the configs of a catalog: the schema with all its files becomes one check. Passes the official test
// suite (tests/document/json-schema/official-suite.test.ts says which parts, and what is otherwise on purpose).
import { createCompiler } from "./compile-schema.ts";
import { apply, type Issue, newRun, type SchemaNode } from "./evaluation.ts";
import { metaSchemas, metaSchemaUri } from "./meta-schemas.ts";
import { createSchemaRegistry, isSchema, type SchemaRegistry } from "./schema-registry.ts";

/** Compiled schemas that are kept; there are as many as configs, and each reload may bring others. */
const compiledMax = 200;

/** A schema with every file that it refers to. Plain JSON: it goes to the worker with each task. */
export interface JsonSchema {
  /** The address of the schema itself, a key of `documents`. */
  readonly main: string;
  readonly documents: Readonly<Record<string, unknown>>;
}

const compiled = new Map<string, SchemaNode>();

/** Everything that the schema refuses in the value; nothing for a valid one. */
export function schemaIssues(schema: JsonSchema, value: unknown): readonly Issue[] {
  const key = JSON.stringify(schema);
  let node = compiled.get(key);
  if (node === undefined) {
    node = compileJsonSchema(schema, { assertsFormat: true });
    if (compiled.size >= compiledMax) compiled.clear();
    compiled.set(key, node);
  }
  return issuesOf(node, value);
}

/** What is wrong with the schema itself, by the official meta-schema. */
export function metaSchemaIssues(document: unknown): readonly Issue[] {
  return schemaIssues({ main: metaSchemaUri, documents: {} }, document);
}

export function issuesOf(node: SchemaNode, value: unknown): readonly Issue[] {
  // Most documents are valid, and the answer alone is found faster.
  if (apply(node, value, newRun(undefined))) return [];
  const issues: Issue[] = [];
  apply(node, value, newRun(issues));
  return issues;
}

/** Every schema knows the meta-schema. */
export function newRegistry(): SchemaRegistry {
  const registry = createSchemaRegistry();
  for (const [address, document] of Object.entries(metaSchemas)) registry.add(address, document);
  return registry;
}

export function registryOf(documents: JsonSchema["documents"]): SchemaRegistry {
  const registry = newRegistry();
  for (const [address, document] of Object.entries(documents)) {
    if (isSchema(document)) registry.add(address, document);
  }
  return registry;
}

/** @throws where the schema was not found valid before, see {@link metaSchemaIssues} */
export function compileJsonSchema(
  { main, documents }: JsonSchema,
  options: { readonly assertsFormat: boolean },
): SchemaNode {
  const registry = registryOf(documents);
  const compiler = createCompiler(registry, options);
  const found = registry.resolve({ text: main, from: registry.add("airlock:///", true) });
  const node = found && compiler.node(found.schema, found.resource);
  if (node === undefined) throw new Error("the schema is not among its documents");
  return node;
}
