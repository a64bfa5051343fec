// Compiles a JSON Schema by the library: what it accepts, and what it refuses in a value. Loaded where a catalog has schemas of its own, and
// only then: the library takes a tenth of a second to load.
import {
  getAllRegisteredSchemaUris,
  type SchemaObject as LibrarySchema,
} from "@hyperjump/json-schema/draft-2020-12";
import {
  buildSchemaDocument,
  compile,
  type CompiledSchema,
  getSchema,
  interpret,
  toSchema,
} from "@hyperjump/json-schema/experimental";
import * as Instance from "@hyperjump/json-schema/instance/experimental";
import type { JsonSchema } from "../../model/config-schema.ts";
import type { Issue } from "../validation/issue-problems.ts";
import "./keywords.ts";
import { createIssueCollector } from "./issue-collector.ts";
import { plainAddress, plainSchema } from "./plain-schema.ts";
import {
  createSchemaRegistry,
  isSchema,
  metaSchemaUri,
  type SchemaRegistry,
} from "./schema-registry.ts";

/** Everything that a schema refuses in the value; nothing for a valid one. */
export type SchemaCheck = (value: unknown) => readonly Issue[];

/** Compiled schemas that are kept; there are as many as configs, and each reload may bring others. */
const compiledMax = 200;
const compiled = new Map<string, Promise<SchemaCheck>>();
let metaSchemas: Promise<JsonSchema["documents"]> | undefined;

/**
 * Compiled once, however often it is asked for.
 * @throws where the schema was not found valid before, see {@link compileMetaSchema}
 */
export async function compileSchema(schema: JsonSchema): Promise<SchemaCheck> {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (compiled.size >= compiledMax) compiled.clear();
  const check = compileAnew(schema);
  compiled.set(key, check);
  return check;
}

/** What is wrong with a schema itself, by the official meta-schema. */
export async function compileMetaSchema(): Promise<SchemaCheck> {
  return compileSchema({ main: metaSchemaUri, documents: {} });
}

/** Every schema may refer to the meta-schema. */
export async function registryWithMetaSchema(): Promise<SchemaRegistry> {
  const registry = createSchemaRegistry();
  metaSchemas ??= readMetaSchemas();
  for (const [address, document] of Object.entries(await metaSchemas)) {
    if (isSchema(document)) registry.add(address, document);
  }
  return registry;
}

async function readMetaSchemas(): Promise<JsonSchema["documents"]> {
  const addresses = getAllRegisteredSchemaUris().filter((address) =>
    address.startsWith(metaSchemaUri.replace(/schema$/, "")),
  );
  return Object.fromEntries(
    await Promise.all(
      addresses.map(async (address) => [address, toSchema(await getSchema(address))] as const),
    ),
  );
}

async function compileAnew({ main, documents }: JsonSchema): Promise<SchemaCheck> {
  const registry = await registryWithMetaSchema();
  for (const [address, document] of Object.entries(documents)) {
    if (isSchema(document)) registry.add(address, document);
  }
  const resource = registry.resourceAt(main);
  if (resource === undefined) throw new Error("the schema is not among its documents");
  // Plain JSON, which the library's type says more narrowly.
  const plain = plainSchema(registry, resource) as LibrarySchema;
  const document = buildSchemaDocument(plain, plainAddress, metaSchemaUri);
  const schema = await getSchema(plainAddress, { ...(await getSchema(metaSchemaUri)), document });
  const ready = await compile(schema);
  return (value) => issuesOf(ready, value);
}

function issuesOf(schema: CompiledSchema, value: unknown): readonly Issue[] {
  // A document's value, so plain JSON.
  const node = Instance.fromJs(value as Parameters<typeof Instance.fromJs>[0]);
  try {
    // Most documents are valid, and the answer alone is found faster.
    if (interpret(schema, node).valid) return [];
    const collector = createIssueCollector();
    interpret(schema, node, { plugins: [collector] });
    return collector.issues;
  } catch (error) {
    // A document is at most a hundred levels deep: only a schema that goes around in circles uses up the stack.
    if (!(error instanceof RangeError)) throw error;
    return [{ path: [], about: "value", fault: { code: "schema_without_end" } }];
  }
}
