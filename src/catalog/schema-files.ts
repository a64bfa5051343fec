// Reads the schema that a config of the catalog names, with every file that it refers to, or tells what is wrong with it. Files in the
// schema's folder and below are read; nothing is ever fetched.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { JsonSchema } from "../model/config-schema.ts";
import type { SchemaCheck } from "../document/json-schema/compile-schema.ts";
import {
  isSchema,
  isSchemaObject,
  type LocatedSchema,
  metaSchemaUri,
  type Reference,
  type Schema,
  type SchemaRegistry,
} from "../document/json-schema/schema-registry.ts";
import { checkWith } from "../document/validation/check-document.ts";
import { issueProblems } from "../document/validation/issue-problems.ts";
import { inOrder } from "../document/validation/problem.ts";
import { type Fault, type Problem, wholeDocument } from "../model/problem.ts";
import { readSmallFile } from "../file/small-file.ts";

const schemaFileBytesMax = 4 * 1024 * 1024;
/** A schema may be split into this many files, and as many are looked at for an `$id` that one refers to. */
const schemaFilesMax = 100;
/** More are counted. */
const problemsShownMax = 20;

export type LoadedSchema<Schema = JsonSchema> =
  | { readonly kind: "schema"; readonly schema: Schema }
  | { readonly kind: "wrong"; readonly faults: readonly Fault[] };

interface Loading {
  readonly root: string;
  /** Where the names of files in problems begin. */
  readonly shownFrom: string;
  readonly registry: SchemaRegistry;
  readonly findIssues: SchemaCheck;
  readonly documents: Record<string, unknown>;
  readonly faults: Fault[];
}

/**
 * @param path - of the schema's main file, absolute
 * @param shownFrom - the folder that the names of files in problems are relative to
 */
export async function loadSchemaFiles(path: string, shownFrom: string): Promise<LoadedSchema> {
  // Takes a tenth of a second to load, and most catalogs do without.
  const { compileMetaSchema, registryWithMetaSchema } =
    await import("../document/json-schema/compile-schema.ts");
  const root = dirname(path);
  const loading: Loading = {
    root,
    shownFrom,
    registry: await registryWithMetaSchema(),
    findIssues: await compileMetaSchema(),
    documents: {},
    faults: [],
  };
  const ownReferencesBegin = loading.registry.references.length;
  await load(loading, path);
  // Grows while it is walked: what is loaded may refer to more.
  for (let next = ownReferencesBegin; next < loading.registry.references.length; next += 1) {
    const reference = loading.registry.references[next];
    if (reference !== undefined) await follow(loading, reference);
  }
  const { documents } = loading;
  // The same may be said of each place that refers to it.
  const faults = [...new Map(loading.faults.map((each) => [JSON.stringify(each), each])).values()];
  return faults.length > 0
    ? { kind: "wrong", faults: listed(faults, faults.length, (more) => more) }
    : { kind: "schema", schema: { main: addressOf(root, path), documents } };
}

async function follow(loading: Loading, reference: Reference): Promise<void> {
  const { registry, faults, findIssues } = loading;
  const found = registry.resolve(reference) ?? (await loadMeant(loading, reference));
  if (found === undefined || !registry.adopted.has(found.schema)) return;
  for (const { path, fault } of findIssues(found.schema)) {
    const problem = { ...fault, place: { line: null, column: null, path } };
    faults.push({ code: "not_a_schema", params: { reference: reference.text, problem } });
  }
}

/** Loads the file that a reference means. @returns what it leads to; undefined where it leads nowhere, which is then a problem */
async function loadMeant(
  loading: Loading,
  reference: Reference,
): Promise<LocatedSchema | undefined> {
  const { registry, faults } = loading;
  const faultsBefore = faults.length;
  const params = { reference: reference.text };
  const addresses = registry.addressesOf(reference);
  if (!addresses.some((address) => registry.resourceAt(address) !== undefined)) {
    const path =
      addresses.map((address) => pathOf(loading, address)).find((found) => found !== undefined) ??
      (await fileWithId(loading, addresses));
    if (path === undefined) {
      faults.push({ code: "schema_not_found", params });
      return undefined;
    }
    await load(loading, path);
  }
  const found = registry.resolve(reference);
  // What is wrong with the file itself was told: its places are then no matter.
  if (found === undefined && faults.length === faultsBefore) {
    faults.push({ code: "place_not_found", params });
  }
  return found;
}

async function load(loading: Loading, path: string): Promise<void> {
  const { root, shownFrom, registry, documents, faults } = loading;
  if (Object.keys(documents).length >= schemaFilesMax) {
    faults.push({ code: "too_many_schema_files", params: { max: schemaFilesMax } });
    return;
  }
  const read = await readSchema(loading, path);
  if (read.kind === "problems") {
    const file = relative(shownFrom, path);
    for (const problem of read.problems) {
      faults.push({ code: "in_schema_file", params: { file, problem } });
    }
    return;
  }
  const address = addressOf(root, path);
  documents[address] = read.document;
  registry.add(address, read.document);
}

type ReadSchema =
  | { readonly kind: "document"; readonly document: Schema }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

async function readSchema({ findIssues }: Loading, path: string): Promise<ReadSchema> {
  const content = readSmallFile(path, schemaFileBytesMax);
  if (content.text === undefined) {
    return refused({ code: "schema_unreadable", params: { trouble: content.trouble } });
  }
  const read = await checkWith(Buffer.from(content.text), "json", () => []);
  if (read.kind === "invalid") {
    return { kind: "problems", problems: listed(read.problems, read.total, wholeDocument) };
  }
  const { value: document } = read.document;
  const dialect = isSchemaObject(document) ? document["$schema"] : undefined;
  if (dialect !== undefined && dialect !== metaSchemaUri && dialect !== `${metaSchemaUri}#`) {
    const params = { dialect: JSON.stringify(dialect), only: metaSchemaUri };
    return refused({ code: "other_dialect", params });
  }
  const issues = findIssues(document);
  if (issues.length > 0) {
    const problems = inOrder(issueProblems(issues, read.document));
    return { kind: "problems", problems: listed(problems, problems.length, wholeDocument) };
  }
  if (!isSchema(document)) throw new Error("the meta-schema accepts maps, true and false");
  return { kind: "document", document };
}

function refused(fault: Fault): ReadSchema {
  return { kind: "problems", problems: [wholeDocument(fault)] };
}

/** @param lastOf - what says how many more there are */
function listed<Each>(
  all: readonly Each[],
  total: number,
  lastOf: (more: Fault) => Each,
): readonly Each[] {
  const count = total - problemsShownMax;
  if (count <= 0) return all;
  return [...all.slice(0, problemsShownMax), lastOf({ code: "and_more", params: { count } })];
}

/** No real address: references between the files are resolved by it, and nothing is ever fetched. */
function addressOf(root: string, path: string): string {
  return pathToFileURL(path).href.replace(pathToFileURL(root).href, "airlock://");
}

/** @returns undefined for what is no file in the schema's folder or below */
function pathOf({ root }: Loading, address: string): string | undefined {
  // An escaped slash would be another path than it says.
  if (!address.startsWith("airlock:///") || /%2f/i.test(address)) return undefined;
  const url = pathToFileURL(root).href + address.slice("airlock://".length);
  const path = URL.canParse(url) ? resolve(fileURLToPath(url)) : root;
  return path.startsWith(root + sep) && existsSync(path) ? path : undefined;
}

/** A file beside the schema may be referred to by the `$id` that it gives itself. */
async function fileWithId(
  loading: Loading,
  addresses: readonly string[],
): Promise<string | undefined> {
  const { root } = loading;
  const names = readdirSync(root).filter((name) => name.endsWith(".json"));
  for (const name of names.toSorted().slice(0, schemaFilesMax)) {
    const path = join(root, name);
    const read = await readSchema(loading, path);
    const id =
      read.kind === "document" && isSchemaObject(read.document) ? read.document["$id"] : undefined;
    if (typeof id === "string" && addresses.includes(id.replace(/#$/, ""))) return path;
  }
  return undefined;
}
