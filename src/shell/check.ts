// `airlock check`: the same validation as an upload's, for hooks and CI. Reads the catalog and the files, and nothing else.
import { realpathSync, statSync } from "node:fs";
import { basename, resolve, sep } from "node:path";
import type { Config } from "../model/config.ts";
import { systemTrouble } from "../file/small-file.ts";
import { catalogRefusalLines } from "../words/catalog-refusal-words.ts";
import { type Fault, type Problem, wholeDocument } from "../model/problem.ts";
import { pathText } from "../model/excerpt.ts";
import { noSuchConfig, whichConfig } from "../words/command-words.ts";
import { andMore } from "../words/numbers.ts";
import { messageText, textWithPath } from "../words/problem-words.ts";
import { english } from "../words/text.ts";
import type { CheckSettings } from "../settings/command-settings.ts";
import {
  CommandFailure,
  mustParse,
  type ReadInput,
  readInput,
  type Terminal,
  unreadableText,
} from "./terminal.ts";
import { never } from "../model/never.ts";

export interface CheckOptions {
  readonly config?: string;
  readonly format: "text" | "json";
  /** What standard input is called. */
  readonly stdinFilename?: string;
}

interface CheckedFile {
  readonly file: string;
  /** null for the catalog. */
  readonly config: string | null;
  readonly problems: readonly Problem[];
  /** How many there are, of which the first are listed. */
  readonly total: number;
}

/** @returns whether everything is valid */
export async function check(
  terminal: Terminal,
  file: string | undefined,
  options: CheckOptions,
): Promise<boolean> {
  const settings = mustParse(await terminal.settings.forCheck());
  const checked = settings.catalog.ok
    ? await checkConfigs(terminal, settings, settings.catalog.configs, file, options)
    : [catalogProblems(settings)];
  await print(terminal, checked, options.format);
  return checked.every(({ total }) => total === 0);
}

/** @throws CommandFailure for a catalog that cannot even be read */
function catalogProblems({ catalog, airlockFile }: CheckSettings): CheckedFile {
  const file = airlockFile.named ?? airlockFile.shownAs;
  if (catalog.ok) return { file, config: null, problems: [], total: 0 };
  const { refusal } = catalog;
  if (refusal.code !== "wrong") {
    throw new CommandFailure(catalogRefusalLines(airlockFile, refusal).join("\n"));
  }
  return { file, config: null, problems: refusal.found, total: refusal.total };
}

async function checkConfigs(
  terminal: Terminal,
  settings: CheckSettings,
  configs: readonly Config[],
  file: string | undefined,
  options: CheckOptions,
): Promise<readonly CheckedFile[]> {
  if (file === undefined && options.stdinFilename === undefined) {
    const wanted = options.config === undefined ? configs : [configById(configs, options.config)];
    return inspect(
      terminal,
      settings,
      wanted.map((config) => ({
        config,
        path: config.path,
        shown: config.path,
        isOneOfAll: true,
      })),
    );
  }
  const path = file ?? "-";
  const shown = path === "-" ? (options.stdinFilename ?? "-") : path;
  const full = path === "-" ? path : resolve(terminal.workingFolder, path);
  if (path !== "-") refuseMissing(full, path);
  const config =
    options.config === undefined
      ? configByFile(configs, shown, terminal.workingFolder)
      : configById(configs, options.config);
  return inspect(terminal, settings, [{ config, path: full, shown, isOneOfAll: false }]);
}

/** Before anybody asks which config it is. @throws CommandFailure where there is no such file */
function refuseMissing(path: string, shown: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw new CommandFailure(unreadableText(shown, systemTrouble(error)));
  }
  if (isFolder) throw new CommandFailure(unreadableText(shown, { code: "is_folder" }));
}

interface FileToCheck {
  readonly config: Config;
  readonly path: string;
  readonly shown: string;
  readonly isOneOfAll: boolean;
}

async function inspect(
  terminal: Terminal,
  { uploadBytesMax, validationTimeoutMs }: CheckSettings,
  files: readonly FileToCheck[],
): Promise<readonly CheckedFile[]> {
  const inspector = terminal.machine.createInspector(validationTimeoutMs);
  const checked: CheckedFile[] = [];
  try {
    for (const { config, path, shown, isOneOfAll } of files) {
      const input = await readInput(path, uploadBytesMax);
      const found = await validate(input);
      checked.push({ file: shown, config: config.id, ...found });

      async function validate(read: ReadInput): Promise<Pick<CheckedFile, "problems" | "total">> {
        if (read.kind === "too_large") {
          return wholeFile({ code: "too_large", params: { bytesMax: uploadBytesMax } });
        }
        if (read.kind === "unreadable") {
          // The others are checked all the same; a file that was asked for alone is a command that failed.
          if (isOneOfAll) {
            return wholeFile({ code: "unreadable", params: { trouble: read.trouble } });
          }
          throw new CommandFailure(unreadableText(shown, read.trouble));
        }
        const validation = await inspector.check(read.bytes, config, never);
        if (validation.kind !== "invalid") return { problems: [], total: 0 };
        return { problems: validation.problems, total: validation.total };
      }
    }
    return checked;
  } finally {
    await inspector.close();
  }
}

function wholeFile(fault: Fault): Pick<CheckedFile, "problems" | "total"> {
  return { problems: [wholeDocument(fault)], total: 1 };
}

/** @throws CommandFailure where there is no such config */
export function configById(configs: readonly Config[], id: string): Config {
  const config = configs.find((each) => each.id === id);
  if (config === undefined) {
    throw new CommandFailure(noSuchConfig(id, idsOf(configs)));
  }
  return config;
}

/** The config whose live file this is; else the only one whose file has this name. */
function configByFile(configs: readonly Config[], file: string, workingFolder: string): Config {
  const path = realPath(resolve(workingFolder, file));
  const same = configs.find((config) => realPath(config.path) === path);
  const named = configs.filter(({ fileName }) => fileName === basename(file));
  const only = named.length === 1 ? named[0] : undefined;
  const config = same ?? only;
  if (config === undefined) {
    throw new CommandFailure(whichConfig(file, named.length > 0, idsOf(configs)));
  }
  return config;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It need not exist: what is in a commit may not be in the folder.
    return path;
  }
}

function idsOf(configs: readonly Config[]): readonly string[] {
  return configs.map(({ id }) => id);
}

async function print(
  terminal: Terminal,
  checked: readonly CheckedFile[],
  format: CheckOptions["format"],
): Promise<void> {
  const files = checked.map((each) => ({
    ...each,
    file: relativeTo(terminal.workingFolder, each.file),
  }));
  if (format === "json") {
    const valid = files.every(({ total }) => total === 0);
    const asJson = files.map((each) => ({ ...each, problems: each.problems.map(jsonOf) }));
    await terminal.out(`${JSON.stringify({ valid, files: asJson }, null, 2)}\n`);
    return;
  }
  await terminal.out(files.flatMap(linesOf).join(""));
}

function relativeTo(folder: string, path: string): string {
  return path.startsWith(folder + sep) ? path.slice(folder.length + 1) : path;
}

function jsonOf(problem: Problem): unknown {
  const { line, column, path } = problem.place;
  return { line, column, path: pathText(path), message: english(messageText(problem)) };
}

/** What concerns the whole file stands at its beginning: whoever reads these lines wants a place. */
function linesOf({ file, problems, total }: CheckedFile): readonly string[] {
  const lines = problems.map((problem) => {
    const { line, column } = problem.place;
    return `${file}:${line ?? 1}:${column ?? 1}: ${english(textWithPath(problem))}\n`;
  });
  const rest = total - problems.length;
  return rest === 0 ? lines : [...lines, `${file}: ${english(andMore(rest))}.\n`];
}
