// The schema in the plain form that the evaluator compiles: one document with every reference already resolved and only the keywords that
// refuse something. What the library could misread in people's schemas never reaches it: an `$id` or `$ref` that is mere data in an
// enum or example, a reference by a path or with characters that it does not decode, a `$vocabulary`, keywords of editors.
import {
  fragmentOf,
  isSchema,
  isSchemaObject,
  keywordsWithNamedSchemas,
  keywordsWithSchema,
  keywordsWithSchemas,
  type LocatedSchema,
  type Resource,
  type Schema,
  type SchemaObject,
  type SchemaRegistry,
} from "./schema-registry.ts";

const plainAddressBase = "airlock:///";
/** Of the main schema's plain form. */
export const plainAddress = `${plainAddressBase}0`;

/** About the value itself. In this order, so that what is told first does not depend on how the schema is written. */
const valueKeywords = [
  "type",
  "enum",
  "const",
  "multipleOf",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "maxContains",
  "minContains",
  "maxProperties",
  "minProperties",
  "required",
  "dependentRequired",
  "format",
];
const withSchema = new Set(keywordsWithSchema);
const withSchemas = new Set(keywordsWithSchemas);
const withNamedSchemas = new Set(keywordsWithNamedSchemas);
/** Where references lead is copied because of them. */
for (const keyword of ["$defs", "definitions"]) withNamedSchemas.delete(keyword);
withSchema.delete("contentSchema");

/** A schema with an address of its own, in the making: dynamic references ask which of them were entered. */
interface PlainResource {
  readonly address: string;
  readonly resource: Resource;
  /** What references to places inside it lead to, by {@link names}. */
  readonly defs: Record<string, unknown>;
  readonly names: Map<Schema, string>;
  root: SchemaObject;
}

interface Writing {
  readonly registry: SchemaRegistry;
  readonly resources: Map<Resource, PlainResource>;
  /** What is still to be copied; grows meanwhile. */
  readonly pending: (() => void)[];
}

/**
 * @returns a schema at {@link plainAddress} that accepts what the resource's root does; in it, values of `const` and `enum` are
 *   texts of JSON
 * @throws where a reference means nothing: such a schema is refused when it is read
 */
export function plainSchema(registry: SchemaRegistry, main: Resource): SchemaObject {
  const writing: Writing = { registry, resources: new Map(), pending: [] };
  // What is entered first has the address of the whole.
  const entered = enter(writing, main);
  // Grows while it is walked.
  for (const copy of writing.pending) copy();
  const others = [...writing.resources.values()].filter((each) => each !== entered);
  const embedded = others.map(({ address, root, defs }) => [
    address,
    { $id: address, ...root, $defs: defs },
  ]);
  return {
    $id: plainAddress,
    ...entered.root,
    $defs: { ...entered.defs, ...Object.fromEntries(embedded) },
  };
}

function enter(writing: Writing, resource: Resource): PlainResource {
  const known = writing.resources.get(resource);
  if (known !== undefined) return known;
  const address = `${plainAddressBase}${writing.resources.size}`;
  const entered = { address, resource, defs: {}, names: new Map(), root: {} };
  writing.resources.set(resource, entered);
  const { root, dynamicAnchors } = resource;
  writing.pending.push(() => {
    entered.root = isSchemaObject(root) ? copied(writing, root, resource) : { allOf: [root] };
  });
  // A dynamic reference from elsewhere finds them, whatever leads there otherwise.
  for (const schema of dynamicAnchors.values()) addressOf(writing, { schema, resource });
  return entered;
}

function addressOf(writing: Writing, { schema, resource }: LocatedSchema): string {
  const entered = enter(writing, resource);
  if (schema === resource.root) return entered.address;
  let name = entered.names.get(schema);
  if (name === undefined) {
    name = `s${entered.names.size}`;
    entered.names.set(schema, name);
    const { defs } = entered;
    const key = name;
    writing.pending.push(() => {
      defs[key] = copied(writing, schema, resource);
    });
  }
  return `${entered.address}#/$defs/${name}`;
}

function copied(writing: Writing, schema: SchemaObject, resource: Resource): SchemaObject;
function copied(writing: Writing, schema: unknown, resource: Resource): unknown;
function copied(writing: Writing, schema: unknown, resource: Resource): unknown {
  if (!isSchemaObject(schema)) return schema;
  const own = writing.registry.resourceOf(schema) ?? resource;
  if (own !== resource) return { $ref: addressOf(writing, { schema, resource: own }) };
  const inner = (value: unknown): unknown => copied(writing, value, resource);
  const copy: Record<string, unknown> = {};
  for (const keyword of valueKeywords) {
    if (Object.hasOwn(schema, keyword)) copy[keyword] = plainValue(keyword, schema[keyword]);
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "$dynamicAnchor") copy[keyword] = value;
    else if (withSchema.has(keyword)) copy[keyword] = inner(value);
    else if (withSchemas.has(keyword) && Array.isArray(value)) copy[keyword] = value.map(inner);
    else if (withNamedSchemas.has(keyword)) copy[keyword] = mapped(value, inner);
    else if (keyword === "$ref" || keyword === "$dynamicRef") {
      copy[keyword] = reference(writing, String(value), keyword, resource);
    }
  }
  return withoutDependencies(copy);
}

/** What a value must be equal to may look like a schema: as a text it cannot be taken for one. */
function plainValue(keyword: string, wanted: unknown): unknown {
  if (keyword === "const") return JSON.stringify(wanted);
  return keyword === "enum" && Array.isArray(wanted)
    ? wanted.map((each) => JSON.stringify(each))
    : wanted;
}

function mapped(named: unknown, change: (schema: unknown) => unknown): unknown {
  if (!isSchemaObject(named)) return named;
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, change(schema)]));
}

function reference(
  writing: Writing,
  text: string,
  keyword: "$ref" | "$dynamicRef",
  from: Resource,
): string {
  const target = writing.registry.resolve({ text, from });
  if (target === undefined) throw new Error(`the schema's reference ${text} means nothing`);
  const anchor = fragmentOf(text) ?? "";
  // By its name where the name can mean another one on the way (core section 8.2.3.2); else it is a plain reference.
  return keyword === "$dynamicRef" && target.resource.dynamicAnchors.has(anchor)
    ? `${enter(writing, target.resource).address}#${anchor}`
    : addressOf(writing, target);
}

/** The older name of two keywords, still in the meta-schema; the library knows it no more. */
function withoutDependencies({ dependencies, ...copy }: Record<string, unknown>): SchemaObject {
  if (!isSchemaObject(dependencies)) return copy;
  const entries = Object.entries(dependencies);
  const dependentRequired = entries.filter(([, needed]) => Array.isArray(needed));
  const dependentSchemas = entries.filter(([, schema]) => isSchema(schema));
  const beside = Array.isArray(copy["allOf"]) ? copy["allOf"] : [];
  const both = {
    dependentRequired: Object.fromEntries(dependentRequired),
    dependentSchemas: Object.fromEntries(dependentSchemas),
  };
  return { ...copy, allOf: [...beside, both] };
}
