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
import { byPlace, problemText } from "../document/validation/problem.ts";
import { pathText } from "../document/validation/problem-path.ts";
import { readSmallFile } from "../file/small-file.ts";

const schemaFileBytesMax = 4 * 1024 * 1024;
/** A schema may be split into this many files, and as many are looked at for an `$id` that one refers to. */
const schemaFilesMax = 100;
/** More are counted. */
const problemsShownMax = 20;

export type LoadedSchema =
  | { readonly kind: "schema"; readonly schema: JsonSchema }
  /** Each a sentence of its own, with the file where it is not obvious. */
  | { readonly kind: "problems"; readonly messages: readonly string[] };

interface Loading {
  readonly root: string;
  /** Where the names of files in problems begin. */
  readonly shownFrom: string;
  readonly registry: SchemaRegistry;
  readonly findIssues: SchemaCheck;
  readonly documents: Record<string, unknown>;
  readonly problems: string[];
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
    problems: [],
  };
  const ownReferencesBegin = loading.registry.references.length;
  load(loading, path);
  // Grows while it is walked: what is loaded may refer to more.
  for (let next = ownReferencesBegin; next < loading.registry.references.length; next += 1) {
    const reference = loading.registry.references[next];
    if (reference !== undefined) follow(loading, reference);
  }
  const { documents, problems } = loading;
  return problems.length > 0
    ? { kind: "problems", messages: listed([...new Set(problems)]) }
    : { kind: "schema", schema: { main: addressOf(root, path), documents } };
}

function follow(loading: Loading, reference: Reference): void {
  const { registry, problems, findIssues } = loading;
  const found = registry.resolve(reference) ?? loadMeant(loading, reference);
  if (found === undefined || !registry.adopted.has(found.schema)) return;
  for (const { path, message } of findIssues(found.schema)) {
    const where = [pathText(path), message].filter((part) => part !== "").join(": ");
    problems.push(`refers to ${reference.text}, which is not a schema: ${where}`);
  }
}

/** Loads the file that a reference means. @returns what it leads to; undefined where it leads nowhere, which is then a problem */
function loadMeant(loading: Loading, reference: Reference): LocatedSchema | undefined {
  const { registry, problems } = loading;
  const problemsBefore = problems.length;
  const addresses = registry.addressesOf(reference);
  if (!addresses.some((address) => registry.resourceAt(address) !== undefined)) {
    const path =
      addresses.map((address) => pathOf(loading, address)).find((found) => found !== undefined) ??
      fileWithId(loading, addresses);
    if (path === undefined) {
      problems.push(
        `refers to ${reference.text}, which is no file in its folder or below, and nothing is fetched`,
      );
      return undefined;
    }
    load(loading, path);
  }
  const found = registry.resolve(reference);
  // What is wrong with the file itself was told: its places are then no matter.
  if (found === undefined && problems.length === problemsBefore) {
    problems.push(`refers to ${reference.text}, and there is no such place in that schema`);
  }
  return found;
}

function load(loading: Loading, path: string): void {
  const { root, shownFrom, registry, documents, problems } = loading;
  const name = relative(shownFrom, path);
  if (Object.keys(documents).length >= schemaFilesMax) {
    problems.push(`must be split into at most ${schemaFilesMax} files`);
    return;
  }
  const read = readSchema(loading, path);
  if (read.kind === "problems") {
    problems.push(...read.messages.map((message) => `${name}: ${message}`));
    return;
  }
  const address = addressOf(root, path);
  documents[address] = read.document;
  registry.add(address, read.document);
}

type ReadSchema =
  | { readonly kind: "document"; readonly document: Schema }
  | { readonly kind: "problems"; readonly messages: readonly string[] };

function readSchema({ findIssues }: Loading, path: string): ReadSchema {
  const content = readSmallFile(path, schemaFileBytesMax);
  if (content.text === undefined) {
    return refused(`must be a file that can be read (${content.reason})`);
  }
  const read = checkWith(Buffer.from(content.text), "json", () => []);
  if (read.kind === "invalid") {
    return { kind: "problems", messages: listed(read.problems.map(problemText), read.total) };
  }
  const { value: document } = read.document;
  const dialect = isSchemaObject(document) ? document["$schema"] : undefined;
  if (dialect !== undefined && dialect !== metaSchemaUri && dialect !== `${metaSchemaUri}#`) {
    return refused(`is written for ${JSON.stringify(dialect)}, and only ${metaSchemaUri} is read`);
  }
  const issues = findIssues(document);
  if (issues.length > 0) {
    const problems = issueProblems(issues, read.document).toSorted(byPlace);
    return { kind: "problems", messages: listed(problems.map(problemText)) };
  }
  if (!isSchema(document)) throw new Error("the meta-schema accepts maps, true and false");
  return { kind: "document", document };
}

function refused(message: string): ReadSchema {
  return { kind: "problems", messages: [message] };
}

function listed(messages: readonly string[], total = messages.length): readonly string[] {
  const rest = total - problemsShownMax;
  return rest <= 0 ? messages : [...messages.slice(0, problemsShownMax), `… and ${rest} more`];
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
function fileWithId(loading: Loading, addresses: readonly string[]): string | undefined {
  const { root } = loading;
  const names = readdirSync(root).filter((name) => name.endsWith(".json"));
  return names
    .toSorted()
    .slice(0, schemaFilesMax)
    .map((name) => join(root, name))
    .find((path) => {
      const read = readSchema(loading, path);
      const id =
        read.kind === "document" && isSchemaObject(read.document)
          ? read.document["$id"]
          : undefined;
      return typeof id === "string" && addresses.includes(id.replace(/#$/, ""));
    });
}
