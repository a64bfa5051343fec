// Turns schemas into checks, each schema once and when it is first needed, so that schemas may refer to one another.
import type { Check, SchemaNode } from "./evaluation.ts";
import { applicators } from "./applicators.ts";
import {
  isSchema,
  isSchemaObject,
  type LocatedSchema,
  type Resource,
  type Schema,
  type SchemaObject,
  type SchemaRegistry,
} from "./schema-registry.ts";
import { formatKeyword, valueKeywords } from "./value-keywords.ts";

/** Gives the applicators the nodes of other schemas. */
export interface Compiler {
  /** Of a schema that stands in a schema of this resource; undefined for what is no schema. */
  node(schema: unknown, around: Resource): SchemaNode | undefined;
  /** Of what a `$ref` or `$dynamicRef` means by itself. */
  resolve(text: string, from: Resource): LocatedSchema | undefined;
}

export interface CompileOptions {
  readonly assertsFormat: boolean;
}

export function createCompiler(registry: SchemaRegistry, options: CompileOptions): Compiler {
  const nodes = new Map<SchemaObject, SchemaNode>();

  const compiler: Compiler = {
    node(schema, around) {
      if (!isSchema(schema)) return undefined;
      if (!isSchemaObject(schema)) return booleanNode(schema, around);
      const known = nodes.get(schema);
      if (known !== undefined) return known;
      const resource = registry.resourceOf(schema) ?? around;
      const checks: Check[] = [];
      // Known before it is filled: a schema may contain itself.
      const node = { resource, checks, types: typesOf(schema), asksSeen: asksSeen(schema) };
      nodes.set(schema, node);
      checks.push(...checksOf(schema, resource, compiler, options));
      return node;
    },
    resolve: (text, from) => registry.resolve({ text, from }),
  };
  return compiler;
}

function booleanNode(schema: Schema, resource: Resource): SchemaNode {
  const checks: readonly Check[] = schema === false ? [refuseAll] : [];
  return { resource, checks, types: undefined, asksSeen: false };
}

const refuseAll: Check = (_, run) => {
  run.issues?.push({ path: [...run.path], about: "value", message: "is not accepted here" });
  return false;
};

function typesOf({ type }: SchemaObject): readonly string[] | undefined {
  return type === undefined ? undefined : [type].flat().map(String);
}

function asksSeen(schema: SchemaObject): boolean {
  return (
    Object.hasOwn(schema, "unevaluatedProperties") || Object.hasOwn(schema, "unevaluatedItems")
  );
}

/** The value's own keywords first, then those that look into it or beside it; the last ones ask what those looked at. */
function checksOf(
  schema: SchemaObject,
  resource: Resource,
  compiler: Compiler,
  { assertsFormat }: CompileOptions,
): readonly Check[] {
  const own = Object.entries(valueKeywords).map(([keyword, check]) =>
    Object.hasOwn(schema, keyword) ? check(schema[keyword], schema) : undefined,
  );
  const format = assertsFormat ? formatKeyword(schema["format"], schema) : undefined;
  const others = applicators.map((applicator) => applicator(schema, resource, compiler));
  return [...own, format, ...others].filter((check) => check !== undefined);
}
