// The catalog: `airlock.yml` becomes configs and people, or a list of everything that is wrong, each with its line. Reads the
// file, and the schemas that it names; what is in the configs themselves is left to others.
import { basename, dirname, join, resolve } from "node:path";
import { builtInConfigs, type Config } from "../model/config.ts";
import { airlockFileSchema, configsMax, mayPattern, peopleMax } from "./airlock-file-schema.ts";
import { createPeople, everyConfig, type Person, type Role, roles } from "../model/people.ts";
import { parseConfigId } from "../model/config-id.ts";
import type { BuiltInSchemaName, ConfigSchema } from "../model/config-schema.ts";
import { builtInSchemas } from "../document/schemas.ts";
import { newsOf } from "../document/validation/check-document.ts";
import { type Issue, issueProblems } from "../document/validation/issue-problems.ts";
import { zodIssues } from "../document/validation/zod-issues.ts";
import { placeFinder } from "../document/validation/document-places.ts";
import { inOrder } from "../document/validation/problem.ts";
import type { Catalog, UnreadCatalog } from "../model/catalog.ts";
import type { Fault, Problem } from "../model/problem.ts";
import type { ReadDocument } from "../document/validation/document-reading.ts";
import { nearestName } from "../document/validation/suggestions.ts";
import type { PathStep } from "../model/comparison.ts";
import { configPath } from "./config-path.ts";
import { readRules, rulesIssues } from "./rules.ts";
import { hasKey, mapAt, textAt } from "./value-parts.ts";
import { type LoadedSchema, loadSchemaFiles } from "./schema-files.ts";
import { readLegible } from "./read-legible.ts";
import { sureProblems } from "./sure-problems.ts";
import { readSmallFile } from "../file/small-file.ts";

const airlockFileBytesMax = 1024 * 1024;

/**
 * @param path - absolute
 * @param configDir - the folder that every config is in
 * @param adminIds - who may write everything; undefined where that is not known, and no rule is held against it
 * @returns no configs where the file names none
 */
export async function readAirlockFile(
  path: string,
  configDir: string,
  adminIds: readonly number[] | undefined,
): Promise<Catalog> {
  const content = readSmallFile(path, airlockFileBytesMax);
  if (content.text === undefined) {
    const refusal = { code: "unreadable", trouble: content.trouble } as const;
    return { ok: false, refusal, mayNamePeople: true };
  }
  const { document, problems, total, misread, isWhole } = await readLegible(content.text);
  if (document === undefined) return refused(problems, total, true);
  const configs = await readConfigs(document, dirname(path), configDir);
  const isKnown = isWhole && misread.length === 0;
  const people = readPeople(document.value, isKnown);
  const issues = [
    ...zodIssues(airlockFileSchema, document.value),
    ...configs.issues,
    ...people.issues,
  ];
  const arePeopleKnown = isKnown && !issues.some(({ path: [section] }) => section === "people");
  const everybody =
    arePeopleKnown && adminIds !== undefined ? createPeople(adminIds, people.people) : undefined;
  const found = issueProblems([...issues, ...rulesIssues(document.value, everybody)], document);
  const sure = misread.length > 0 ? sureProblems(found, misread, document) : found;
  const all = inOrder([...problems, ...newsOf(sure, problems)]);
  const more = total - problems.length;
  if (all.length > 0) {
    const mayNamePeople = !isWhole || misread.length > 0 || hasKey(document.value, "people");
    return refused(all, all.length + more, mayNamePeople);
  }
  return { ok: true, configs: configs.configs, people: people.people };
}

function refused(found: readonly Problem[], total: number, mayNamePeople: boolean): UnreadCatalog {
  return { ok: false, refusal: { code: "wrong", found, total }, mayNamePeople };
}

async function readConfigs(
  document: ReadDocument,
  folder: string,
  configDir: string,
): Promise<{ readonly configs: readonly Config[]; readonly issues: readonly Issue[] }> {
  const find = placeFinder(document);
  const issues: Issue[] = [];
  const made: Config[] = [];
  const wrong = (path: readonly PathStep[], fault: Fault): void => {
    issues.push({ path, about: "value", fault });
  };
  const takenBy = new Map<string, string>();
  const entries = Object.entries(mapAt(document.value, "configs"));
  if (entries.length > configsMax) {
    wrong(["configs"], { code: "too_many_configs", params: { max: configsMax } });
  }

  for (const [name, config] of entries) {
    const id = parseConfigId(name);
    const [file, schema] = [textAt(config, "file"), textAt(config, "schema")];
    const path = file === undefined ? undefined : configPath(configDir, file);
    if (path?.kind === "wrong") wrong(["configs", name, "file"], path.fault);
    if (path?.kind === "path") {
      const by = takenBy.get(path.path);
      if (by !== undefined) {
        wrong(["configs", name, "file"], { code: "file_taken", params: { by } });
      }
      takenBy.set(path.path, name);
    }
    const loaded = schema === undefined ? undefined : await loadSchema(folder, schema);
    if (loaded?.kind === "wrong") {
      for (const fault of loaded.faults) wrong(["configs", name, "schema"], fault);
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
  return { configs: made, issues };
}

/**
 * What each person may; a file that names no configs is about the built-in ones.
 * @param areConfigsKnown - false where a mistake of syntax may hide some
 */
function readPeople(
  catalog: unknown,
  areConfigsKnown: boolean,
): { readonly people: readonly Person[]; readonly issues: readonly Issue[] } {
  // All that are named, also those with a problem of their own: one mistake is told once.
  const named = Object.keys(mapAt(catalog, "configs"));
  const known = named.length > 0 ? named : builtInConfigs("").map(({ id }) => String(id));
  const issues: Issue[] = [];
  const entries = Object.entries(mapAt(catalog, "people"));
  if (entries.length > peopleMax) {
    const fault: Fault = { code: "too_many_people", params: { max: peopleMax } };
    issues.push({ path: ["people"], about: "value", fault });
  }
  const people = entries.map(([id, person]): Person => {
    const may = new Map<string, Role>();
    for (const [configId, role] of Object.entries(mapAt(person, "may"))) {
      if (isRole(role)) may.set(configId, role);
      const isKnown = configId === everyConfig || known.includes(configId);
      if (!areConfigsKnown || isKnown || !mayPattern.test(configId)) continue;
      const params = { meant: nearestName(configId, known) ?? null };
      const fault: Fault = { code: "unknown_config", params };
      issues.push({ path: ["people", id, "may", configId], about: "key", fault });
    }
    return { id: Number(id), name: textAt(person, "name") ?? null, may };
  });
  return { people, issues };
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}

async function loadSchema(folder: string, name: string): Promise<LoadedSchema<ConfigSchema>> {
  if (!name.startsWith("builtin:")) return loadSchemaFiles(resolve(folder, name), folder);
  const params = { builtIn: Object.keys(builtInSchemas) };
  return isBuiltIn(name)
    ? { kind: "schema", schema: name }
    : { kind: "wrong", faults: [{ code: "unknown_schema", params }] };
}

function isBuiltIn(name: string): name is BuiltInSchemaName {
  return Object.hasOwn(builtInSchemas, name);
}
