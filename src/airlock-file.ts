// The catalog: `airlock.yml` becomes configs and people, or a list of everything that is wrong, each with its line. Reads the
// file, and the schemas that it names; what is in the configs themselves is left to others.
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { z } from "zod";
import type { Config } from "./change/catalog.ts";
import { parseConfigId } from "./change/config-id.ts";
import {
  builtInSchemas,
  type BuiltInSchemaName,
  type ConfigSchema,
  keyedRecord,
} from "./change/schemas.ts";
import { checkWith, type ReadDocument, zodProblems } from "./change/validation/check-document.ts";
import { placeFinder } from "./change/validation/document-places.ts";
import { type Problem, problemText } from "./change/validation/problem.ts";
import { type PathStep, pathText } from "./change/validation/problem-path.ts";
import { loadSchemaFiles } from "./schema-files.ts";
import { readSmallFile } from "./small-file.ts";

const airlockFileBytesMax = 1024 * 1024;
const titleCharsMax = 64;
const configsMax = 500;

const idMessage = "must be 1 to 20 small letters, digits and underscores, a letter first";

/** The shape of the file; what its values mean is checked below. */
const airlockFileSchema = z.strictObject({
  configs: keyedRecord(
    /^[a-z][a-z0-9_]{0,19}$/,
    idMessage,
    z.strictObject({
      file: z.string(),
      schema: z.string(),
      title: z.string().min(1).max(titleCharsMax).optional(),
    }),
  ).optional(),
});

interface AirlockFile {
  readonly configs: readonly Config[];
}

export type ParsedAirlockFile =
  | { readonly ok: true; readonly file: AirlockFile }
  /** One each, with its line in the file. */
  | { readonly ok: false; readonly problems: readonly string[] }
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
  const checked = checkWith(Buffer.from(content.text), "yaml", (document) =>
    zodProblems(airlockFileSchema, document),
  );
  if (checked.kind === "invalid") return refused(checked.problems);
  const catalog = createCatalog(checked.document, dirname(path), configDir);
  return catalog.problems.length > 0
    ? refused(catalog.problems)
    : { ok: true, file: { configs: catalog.configs } };
}

function refused(problems: readonly Problem[]): ParsedAirlockFile {
  return { ok: false, problems: problems.map(problemText) };
}

interface Catalog {
  readonly configs: readonly Config[];
  readonly problems: readonly Problem[];
}

function createCatalog(document: ReadDocument, folder: string, configDir: string): Catalog {
  const { configs = {} } = airlockFileSchema.parse(document.value);
  const find = placeFinder(document);
  const problems: Problem[] = [];
  const made: Config[] = [];
  const wrong = (steps: readonly PathStep[], message: string): void => {
    problems.push({ ...find.position(find.place(steps).value), path: pathText(steps), message });
  };
  const takenBy = new Map<string, string>();
  const entries = Object.entries(configs);
  if (entries.length > configsMax) wrong(["configs"], `must be at most ${configsMax}`);

  for (const [name, { file, schema, title }] of entries) {
    const id = parseConfigId(name);
    const path = configPath(configDir, file);
    if (path === undefined) {
      wrong(["configs", name, "file"], "must be a file in CONFIG_DIR, and nowhere else");
    } else {
      const other = takenBy.get(path);
      if (other !== undefined) wrong(["configs", name, "file"], `is the file of ${other} already`);
      takenBy.set(path, name);
    }
    const loaded = loadSchema(folder, schema);
    if (loaded.kind === "problems") {
      for (const message of loaded.messages) wrong(["configs", name, "schema"], message);
    }
    if (id === undefined || path === undefined || loaded.kind === "problems") continue;
    made.push({
      id,
      fileName: basename(file),
      path: join(configDir, file),
      title: title ?? null,
      schema: loaded.schema,
    });
  }
  return { configs: made, problems };
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
  return existsSync(path) ? realpathSync(path) : join(real, basename(path));
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
