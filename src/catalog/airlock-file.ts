// The catalog: `airlock.yml` becomes configs and people, or a list of everything that is wrong, each with its line. Reads the
// file, and the schemas that it names; what is in the configs themselves is left to others.
import { basename, dirname, join, resolve } from "node:path";
import { builtInConfigs, type Config } from "../model/config.ts";
import { airlockFileSchema, configsMax, mayPattern, peopleMax } from "./airlock-file-schema.ts";
import { createPeople, everyConfig, type Person, type Role, roles } from "../model/people.ts";
import { parseConfigId } from "../model/config-id.ts";
import type { BuiltInSchemaName, ConfigSchema } from "../model/config-schema.ts";
import { builtInSchemas } from "../document/schemas.ts";
import { newsOf, zodProblems } from "../document/validation/check-document.ts";
import { placeFinder } from "../document/validation/document-places.ts";
import { byPlace, problemText } from "../document/validation/problem.ts";
import type { Problem } from "../model/problem.ts";
import type { ReadDocument } from "../document/validation/document-reading.ts";
import { nearestName } from "../document/validation/problem-words.ts";
import { pathText } from "../document/validation/problem-path.ts";
import type { PathStep } from "../model/comparison.ts";
import { configPath } from "./config-path.ts";
import { readRules, rulesProblems } from "./rules.ts";
import { hasKey, mapAt, textAt } from "./value-parts.ts";
import { loadSchemaFiles } from "./schema-files.ts";
import { readLegible } from "./read-legible.ts";
import { sureProblems } from "./sure-problems.ts";
import { readSmallFile } from "../file/small-file.ts";

const airlockFileBytesMax = 1024 * 1024;
interface AirlockFile {
  /** Empty where the file names none. */
  readonly configs: readonly Config[];
  readonly people: readonly Person[];
}

export type ParsedAirlockFile =
  | { readonly ok: true; readonly file: AirlockFile }
  /** One each, with its line in the file. */
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      readonly found: readonly Problem[];
      /** How many there are; `found` may be the first ones. */
      readonly total: number;
      /** Whether it names people, or might but for its problems. */
      readonly mayNamePeople: boolean;
    }
  | { readonly ok: false; readonly problems: undefined; readonly unreadable: string };

/**
 * @param path - absolute
 * @param configDir - the folder that every config is in
 * @param adminIds - who may write everything; undefined where that is not known, and no rule is held against it
 */
export async function readAirlockFile(
  path: string,
  configDir: string,
  adminIds: readonly number[] | undefined,
): Promise<ParsedAirlockFile> {
  const content = readSmallFile(path, airlockFileBytesMax);
  if (content.text === undefined) {
    return { ok: false, problems: undefined, unreadable: content.reason };
  }
  const { document, problems, total, misread, isWhole } = readLegible(content.text);
  if (document === undefined) return refused(problems, total, true);
  const catalog = await createCatalog(document, dirname(path), configDir);
  const isKnown = isWhole && misread.length === 0;
  const people = readPeople(document, isKnown);
  const found = [
    ...zodProblems(airlockFileSchema, document),
    ...catalog.problems,
    ...people.problems,
  ];
  const arePeopleKnown = isKnown && !found.some(({ path }) => path.startsWith("people"));
  const everybody =
    arePeopleKnown && adminIds !== undefined ? createPeople(adminIds, people.people) : undefined;
  found.push(...rulesProblems(document, everybody));
  const sure = misread.length > 0 ? sureProblems(found, misread, document) : found;
  const all = [...problems, ...newsOf(sure, problems)].toSorted(byPlace);
  const more = total - problems.length;
  if (all.length > 0) {
    const mayNamePeople = !isWhole || misread.length > 0 || hasKey(document.value, "people");
    return refused(all, all.length + more, mayNamePeople);
  }
  return { ok: true, file: { configs: catalog.configs, people: people.people } };
}

function refused(
  found: readonly Problem[],
  total: number,
  mayNamePeople: boolean,
): ParsedAirlockFile {
  const more = total - found.length;
  const lines = found.map(problemText);
  const problems = more > 0 ? [...lines, `… and ${more} more`] : lines;
  return { ok: false, problems, found, total, mayNamePeople };
}

interface Catalog {
  readonly configs: readonly Config[];
  readonly problems: readonly Problem[];
}

async function createCatalog(
  document: ReadDocument,
  folder: string,
  configDir: string,
): Promise<Catalog> {
  const find = placeFinder(document);
  const problems: Problem[] = [];
  const made: Config[] = [];
  const wrong = (steps: readonly PathStep[], message: string): void => {
    problems.push({ ...find.position(find.place(steps).value), path: pathText(steps), message });
  };
  const takenBy = new Map<string, string>();
  const entries = Object.entries(mapAt(document.value, "configs"));
  if (entries.length > configsMax) wrong(["configs"], `must be at most ${configsMax} configs`);

  for (const [name, config] of entries) {
    const id = parseConfigId(name);
    const [file, schema] = [textAt(config, "file"), textAt(config, "schema")];
    const path = file === undefined ? undefined : configPath(configDir, file);
    if (path?.kind === "problem") wrong(["configs", name, "file"], path.message);
    if (path?.kind === "path") {
      const other = takenBy.get(path.path);
      if (other !== undefined) wrong(["configs", name, "file"], `is the file of ${other} already`);
      takenBy.set(path.path, name);
    }
    const loaded = schema === undefined ? undefined : await loadSchema(folder, schema);
    if (loaded?.kind === "problems") {
      for (const message of loaded.messages) wrong(["configs", name, "schema"], message);
    }
    if (id === undefined || file === undefined || loaded?.kind !== "schema") continue;
    made.push({
      id,
      fileName: basename(file),
      path: join(configDir, file),
      title: textAt(config, "title") ?? null,
      schema: loaded.schema,
      rules: readRules(config, ["configs", name], find),
    });
  }
  return { configs: made, problems };
}

/**
 * What each person may; a file that names no configs is about the built-in ones.
 * @param areConfigsKnown - false where a mistake of syntax may hide some
 */
function readPeople(
  document: ReadDocument,
  areConfigsKnown: boolean,
): {
  readonly people: readonly Person[];
  readonly problems: readonly Problem[];
} {
  // All that are named, also those with a problem of their own: one mistake is told once.
  const named = Object.keys(mapAt(document.value, "configs"));
  const known = named.length > 0 ? named : builtInConfigs("").map(({ id }) => String(id));
  const find = placeFinder(document);
  const problems: Problem[] = [];
  const wrong = (steps: readonly PathStep[], part: "key" | "value", message: string): void => {
    const place = find.place(steps);
    problems.push({ ...find.position(place[part]), path: pathText(steps), message });
  };
  const entries = Object.entries(mapAt(document.value, "people"));
  if (entries.length > peopleMax) wrong(["people"], "value", `must be at most ${peopleMax} people`);
  const people = entries.map(([id, person]): Person => {
    const may = new Map<string, Role>();
    for (const [configId, role] of Object.entries(mapAt(person, "may"))) {
      if (isRole(role)) may.set(configId, role);
      const isKnown = configId === everyConfig || known.includes(configId);
      if (!areConfigsKnown || isKnown || !mayPattern.test(configId)) continue;
      const nearest = nearestName(configId, known);
      const hint = nearest === undefined ? "" : `: did you mean ${nearest}?`;
      wrong(["people", id, "may", configId], "key", `is not a config of this file${hint}`);
    }
    return { id: Number(id), name: textAt(person, "name") ?? null, may };
  });
  return { people, problems };
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}

type ConfigSchemaOrProblems =
  | { readonly kind: "schema"; readonly schema: ConfigSchema }
  | { readonly kind: "problems"; readonly messages: readonly string[] };

async function loadSchema(folder: string, name: string): Promise<ConfigSchemaOrProblems> {
  if (!name.startsWith("builtin:")) return loadSchemaFiles(resolve(folder, name), folder);
  const known = Object.keys(builtInSchemas).join(", ");
  return isBuiltIn(name)
    ? { kind: "schema", schema: name }
    : { kind: "problems", messages: [`must be a file, or one of ${known}`] };
}

function isBuiltIn(name: string): name is BuiltInSchemaName {
  return Object.hasOwn(builtInSchemas, name);
}
