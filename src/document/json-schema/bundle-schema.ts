// A schema that is split into several files, as one document: for editors, which read one file and know references inside it.
import type { JsonSchema } from "../../model/config-schema.ts";
import {
  createSchemaRegistry,
  isSchema,
  isSchemaObject,
  type SchemaObject,
  type SchemaRegistry,
} from "./schema-registry.ts";

interface Bundling {
  readonly root: SchemaObject;
  readonly registry: SchemaRegistry;
  /** Where each schema is in the bundle, as a JSON pointer. */
  readonly pointers: Map<object, string>;
  /** Dynamic references need the anchors and addresses that they look for: then each file keeps its own (core section 9.3). */
  readonly keepsAddresses: boolean;
}

/**
 * The main file with the others under its `$defs`, and every reference turned into one inside the document. It accepts exactly what the
 * schema does. A schema in one file is itself.
 */
export function bundleSchema({ main, documents }: JsonSchema): unknown {
  const root = documents[main];
  const others = Object.entries(documents).filter(([address]) => address !== main);
  if (others.length === 0 || !isSchemaObject(root)) return root;
  const registry = createSchemaRegistry();
  for (const [address, document] of Object.entries(documents)) {
    if (isSchema(document)) registry.add(address, document);
  }
  // A place under a keyword that nobody knows becomes a schema by being referred to, and may refer on: the list grows meanwhile.
  for (const reference of registry.references) registry.resolve(reference);
  const bundling: Bundling = {
    registry,
    root,
    pointers: new Map(),
    keepsAddresses: Object.values(documents).some(isDynamic),
  };
  const defs = isSchemaObject(root["$defs"]) ? root["$defs"] : {};
  const named = others.map(([address, document]) => ({
    name: freeName(relativeTo(main, address), defs),
    address,
    document,
  }));
  notePointers(bundling, root, "");
  for (const { name, document } of named) {
    notePointers(bundling, document, `/$defs/${pointerPart(name)}`);
  }
  const bundled = named.map(({ name, address, document }) => [
    name,
    embeddedDocument(bundling, document, relativeTo(main, address)),
  ]);
  const copy = copied(bundling, root, false);
  if (!isSchemaObject(copy)) throw new Error("a map is copied as a map");
  return {
    ...copy,
    $defs: {
      ...(isSchemaObject(copy["$defs"]) ? copy["$defs"] : {}),
      ...Object.fromEntries(bundled),
    },
  };
}

function embeddedDocument(bundling: Bundling, document: unknown, name: string): unknown {
  const copy = copied(bundling, document, true);
  if (!bundling.keepsAddresses || !isSchemaObject(copy)) return copy;
  return { $id: name, ...copy };
}

function isDynamic(document: unknown): boolean {
  return JSON.stringify(document).includes('"$dynamicRef"');
}

function relativeTo(main: string, address: string): string {
  const folder = main.slice(0, main.lastIndexOf("/") + 1);
  return address.startsWith(folder) ? address.slice(folder.length) : address;
}

function freeName(name: string, taken: SchemaObject): string {
  return Object.hasOwn(taken, name) ? freeName(`${name}_`, taken) : name;
}

/** RFC 6901, section 6: as it stands in the fragment of an address. */
function pointerPart(key: string): string {
  const escaped = key.replaceAll("~", "~0").replaceAll("/", "~1");
  return encodeURIComponent(escaped).replaceAll("%24", "$");
}

function notePointers(bundling: Bundling, value: unknown, pointer: string): void {
  if (typeof value !== "object" || value === null) return;
  bundling.pointers.set(value, pointer);
  for (const [key, inner] of Object.entries(value)) {
    notePointers(bundling, inner, `${pointer}/${pointerPart(key)}`);
  }
}

function copied(bundling: Bundling, value: unknown, embedded: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => copied(bundling, item, embedded));
  if (!isSchemaObject(value)) return value;
  // Only what is a schema has keywords; a list of accepted values may look like one.
  const resource = bundling.registry.resourceOf(value);
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    // Every reference becomes one from the top of the bundle: nothing inside may begin another document.
    const isAddress = key === "$id" || key === "$schema" || (embedded && key === "$anchor");
    const isInside = embedded || value !== bundling.root;
    if (resource !== undefined && isInside && isAddress && !bundling.keepsAddresses) continue;
    copy[key] =
      resource !== undefined && key === "$ref" && typeof inner === "string"
        ? reference(bundling, inner, value)
        : copied(bundling, inner, embedded);
  }
  return copy;
}

function reference(
  { registry, pointers, keepsAddresses }: Bundling,
  text: string,
  at: SchemaObject,
): string {
  const from = registry.resourceOf(at);
  const target = from && registry.resolve({ text, from });
  if (keepsAddresses || target === undefined || !isSchemaObject(target.schema)) return text;
  const pointer = pointers.get(target.schema);
  return pointer === undefined ? text : `#${pointer}`;
}
