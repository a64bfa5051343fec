// Finds schemas by address: which files are there, where `$id`, `$anchor` and `$dynamicAnchor` stand in them, and what a
// reference means. Addresses are names only; nothing is ever fetched. JSON Schema core 2020-12, sections 8.2 and 9.

export const metaSchemaUri = "https://json-schema.org/draft/2020-12/schema";

export type SchemaObject = Readonly<Record<string, unknown>>;
export type Schema = boolean | SchemaObject;

/** A schema with an address of its own: a file, or a part of one that has an `$id`. */
export interface Resource {
  readonly uri: string;
  /** Where the file itself is, whatever its `$id` says; undefined inside a file. */
  readonly fileUri: string | undefined;
  readonly root: Schema;
  readonly anchors: Map<string, Schema>;
  readonly dynamicAnchors: Map<string, Schema>;
}

export interface LocatedSchema {
  readonly schema: Schema;
  readonly resource: Resource;
}

export interface Reference {
  readonly text: string;
  readonly from: Resource;
}

export interface SchemaRegistry {
  /** @param address - an absolute URI */
  add(address: string, document: Schema): Resource;
  /** Every `$ref` and `$dynamicRef` in what was added since `from`. */
  readonly references: readonly Reference[];
  /** The addresses, without fragments, that the reference may mean: by the `$id` around it, then by the file it stands in. */
  addressesOf(reference: Reference): readonly string[];
  /** What has this address; {@link add} gave it, or an `$id`. */
  resourceAt(address: string): Resource | undefined;
  resolve(reference: Reference): LocatedSchema | undefined;
  /** Schemas under keywords that nobody knows: only a reference makes them schemas, and no meta-schema looks at them. */
  readonly adopted: ReadonlySet<Schema>;
  /** Of a schema that was found in what was added. */
  resourceOf(schema: SchemaObject): Resource | undefined;
}

export const keywordsWithSchema = [
  "additionalProperties",
  "propertyNames",
  "items",
  "contains",
  "unevaluatedItems",
  "unevaluatedProperties",
  "not",
  "if",
  "then",
  "else",
  "contentSchema",
];
export const keywordsWithSchemas = ["allOf", "anyOf", "oneOf", "prefixItems"];
export const keywordsWithNamedSchemas = [
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
];

export function createSchemaRegistry(): SchemaRegistry {
  const resources = new Map<string, Resource>();
  const resourceOfSchema = new Map<SchemaObject, Resource>();
  const references: Reference[] = [];
  const adopted = new Set<Schema>();

  function index(schema: unknown, around: Resource): void {
    if (!isSchemaObject(schema) || resourceOfSchema.has(schema)) return;
    const resource = schema === around.root ? around : (embedded(schema, around) ?? around);
    resourceOfSchema.set(schema, resource);
    noteAnchors(schema, resource);
    for (const key of ["$ref", "$dynamicRef"]) {
      const text = schema[key];
      if (typeof text === "string") references.push({ text, from: resource });
    }
    for (const subschema of subschemasOf(schema)) index(subschema, resource);
  }

  function embedded(schema: SchemaObject, around: Resource): Resource | undefined {
    const id = schema["$id"];
    const uri = typeof id === "string" ? resolveUri(id, around.uri) : undefined;
    if (uri === undefined) return undefined;
    const resource = newResource(withoutFragment(uri), undefined, schema);
    resources.set(resource.uri, resource);
    return resource;
  }

  function find(uri: string): LocatedSchema | undefined {
    const resource = resources.get(withoutFragment(uri));
    if (resource === undefined) return undefined;
    const fragment = fragmentOf(uri);
    if (fragment === undefined) return undefined;
    if (fragment === "") return { schema: resource.root, resource };
    if (fragment.startsWith("/")) return atPointer(resource, fragment);
    const schema = resource.anchors.get(fragment);
    return schema === undefined ? undefined : { schema, resource };
  }

  /** RFC 6901; a part with an `$id` on the way begins another resource. */
  function atPointer(resource: Resource, pointer: string): LocatedSchema | undefined {
    let current: unknown = resource.root;
    let around = resource;
    for (const part of pointer.split("/").slice(1)) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
        return undefined;
      }
      current = Object.getOwnPropertyDescriptor(current, key)?.value;
      if (isSchemaObject(current)) around = resourceOfSchema.get(current) ?? around;
    }
    if (!isSchema(current)) return undefined;
    if (isSchemaObject(current) && !resourceOfSchema.has(current)) {
      adopted.add(current);
      index(current, around);
    }
    return { schema: current, resource: around };
  }

  function addressesOf({ text, from }: Reference): readonly string[] {
    const bases = from.fileUri === undefined ? [from.uri] : [from.uri, from.fileUri];
    const uris = bases.flatMap((base) => resolveUri(text, base) ?? []);
    return [...new Set(uris.map(withoutFragment))];
  }

  return {
    references,
    adopted,
    addressesOf,
    resourceAt: (address) => resources.get(address),
    resourceOf: (schema) => resourceOfSchema.get(schema),
    add(address, document) {
      const id = isSchemaObject(document) ? document["$id"] : undefined;
      const uri = (typeof id === "string" ? resolveUri(id, address) : undefined) ?? address;
      const resource = newResource(withoutFragment(uri), address, document);
      resources.set(resource.uri, resource);
      resources.set(address, resource);
      index(document, resource);
      return resource;
    },
    resolve(reference) {
      const fragment = /#.*$/s.exec(reference.text)?.[0] ?? "";
      for (const address of addressesOf(reference)) {
        const found = find(address + fragment);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function newResource(uri: string, fileUri: string | undefined, root: Schema): Resource {
  return { uri, fileUri, root, anchors: new Map(), dynamicAnchors: new Map() };
}

function noteAnchors(schema: SchemaObject, resource: Resource): void {
  const { $anchor: anchor, $dynamicAnchor: dynamicAnchor } = schema;
  if (typeof anchor === "string") resource.anchors.set(anchor, schema);
  if (typeof dynamicAnchor === "string") {
    resource.anchors.set(dynamicAnchor, schema);
    resource.dynamicAnchors.set(dynamicAnchor, schema);
  }
}

function subschemasOf(schema: SchemaObject): readonly unknown[] {
  return [
    ...keywordsWithSchema.map((keyword) => schema[keyword]),
    ...keywordsWithSchemas.flatMap((keyword) => {
      const list = schema[keyword];
      return Array.isArray(list) ? list : [];
    }),
    ...keywordsWithNamedSchemas.flatMap((keyword) => {
      const named = schema[keyword];
      return isSchemaObject(named) ? Object.values(named) : [];
    }),
  ];
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === "boolean" || isSchemaObject(value);
}

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function resolveUri(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

function withoutFragment(uri: string): string {
  return uri.replace(/#.*$/s, "");
}

/** @returns undefined for one that is not written correctly */
export function fragmentOf(uri: string): string | undefined {
  const hash = uri.indexOf("#");
  if (hash === -1) return "";
  try {
    return decodeURIComponent(uri.slice(hash + 1));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
