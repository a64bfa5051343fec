// The catalog: `airlock.yml` becomes configs and people, or a list of everything that is wrong, each with its line. Reads the
// file, and the schemas that it names; what is in the configs themselves is left to others.
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { builtInConfigs, type Config } from "../model/config.ts";
import { airlockFileSchema, configsMax, mayPattern, peopleMax } from "./airlock-file-schema.ts";
import { everyConfig, type Person, type Role, roles } from "../model/people.ts";
import { parseConfigId } from "../model/config-id.ts";
import { builtInSchemas, type BuiltInSchemaName, type ConfigSchema } from "../document/schemas.ts";
import {
  checkWith,
  type ReadDocument,
  zodProblems,
} from "../document/validation/check-document.ts";
import { placeFinder } from "../document/validation/document-places.ts";
import { type Problem, problemText } from "../document/validation/problem.ts";
import { nearestName } from "../document/validation/problem-words.ts";
import { type PathStep, pathText } from "../document/validation/problem-path.ts";
import { loadSchemaFiles } from "./schema-files.ts";
import { readSmallFile } from "../file/small-file.ts";

/** As the kernel: more links in a row are a circle. */
const linksMax = 40;

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
    }
  | { readonly ok: false; readonly problems: undefined; readonly unreadable: string };

/**
 * @param path - absolute
 * @param configDir - the folder that every config is in
 */
export function readAirlockFile(path: string, configDir: string): ParsedAirlockFile {
  const content = readSmallFile(path, airlockFileBytesMax);
  if (content.text === undefined) {
    return { ok: false, problems: undefined, unreadable: content.reason };
  }
  const checked = checkWith(Buffer.from(content.text), "yaml", () => []);
  if (checked.kind === "invalid") return refused(checked.problems);
  const { document } = checked;
  const catalog = createCatalog(document, dirname(path), configDir);
  const people = readPeople(document);
  const problems = [
    ...zodProblems(airlockFileSchema, document),
    ...catalog.problems,
    ...people.problems,
  ];
  return problems.length > 0
    ? refused(problems.toSorted(byPlace))
    : { ok: true, file: { configs: catalog.configs, people: people.people } };
}

function byPlace(one: Problem, other: Problem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

function refused(problems: readonly Problem[]): ParsedAirlockFile {
  return { ok: false, problems: problems.map(problemText), found: problems };
}

/** What stands there if it is a map. What is not is told by the schema: here the rest is looked at all the same. */
function mapAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value) || !Object.hasOwn(value, key)) return {};
  const found = value[key];
  return isRecord(found) ? found : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

interface Catalog {
  readonly configs: readonly Config[];
  readonly problems: readonly Problem[];
}

function createCatalog(document: ReadDocument, folder: string, configDir: string): Catalog {
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
    if (file !== undefined && path === undefined) {
      wrong(["configs", name, "file"], "must be a file in CONFIG_DIR, and nowhere else");
    } else if (path !== undefined) {
      const other = takenBy.get(path);
      if (other !== undefined) wrong(["configs", name, "file"], `is the file of ${other} already`);
      takenBy.set(path, name);
    }
    const loaded = schema === undefined ? undefined : loadSchema(folder, schema);
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
    });
  }
  return { configs: made, problems };
}

/** What each person may; a file that names no configs is about the built-in ones. */
function readPeople(document: ReadDocument): {
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
      if (!mayPattern.test(configId) || configId === everyConfig || known.includes(configId)) {
        continue;
      }
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

/** @returns the real path, links followed; undefined for one that is not inside */
function configPath(configDir: string, file: string): string | undefined {
  const isPlain = file !== "" && !isAbsolute(file) && !file.split(/[/\\]/).includes("..");
  if (!isPlain || !/^[^.].*\.(?:ya?ml|json)$/.test(basename(file))) return undefined;
  const path = join(configDir, file);
  const parent = dirname(path);
  if (!existsSync(parent)) return undefined;
  const real = realpathSync(parent);
  const root = realpathSync(configDir);
  if (real !== root && !real.startsWith(root + sep)) return undefined;
  return existsSync(path) ? realpathSync(path) : dangling(join(real, basename(path)));
}

/**
 * Where a link leads whose target is not there yet: two configs may not meet there either. As resolveLinks of disk/read-file.ts, for a
 * start that waits for nothing and a folder that may be missing too.
 */
function dangling(path: string): string {
  let current = path;
  for (let links = 0; links < linksMax && isLink(current); links += 1) {
    const next = resolve(dirname(current), readlinkSync(current));
    if (!existsSync(dirname(next))) return next;
    current = join(realpathSync(dirname(next)), basename(next));
  }
  return current;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

type ConfigSchemaOrProblems =
  | { readonly kind: "schema"; readonly schema: ConfigSchema }
  | { readonly kind: "problems"; readonly messages: readonly string[] };

function loadSchema(folder: string, name: string): ConfigSchemaOrProblems {
  if (!name.startsWith("builtin:")) return loadSchemaFiles(resolve(folder, name), folder);
  const known = Object.keys(builtInSchemas).join(", ");
  return isBuiltIn(name)
    ? { kind: "schema", schema: name }
    : { kind: "problems", messages: [`must be a file, or one of ${known}`] };
}

function isBuiltIn(name: string): name is BuiltInSchemaName {
  return Object.hasOwn(builtInSchemas, name);
}
