// What reading settings for the bot and for the command line have in common: where variables come from, and how problems are collected.
import { resolve } from "node:path";
import type { z } from "zod";
import type { AirlockFilePlace, Catalog } from "../model/catalog.ts";
import { catalogRefusalLines } from "../words/catalog-refusal-words.ts";
import { settingRules } from "../words/setting-words.ts";
import { readDotEnv } from "./dot-env.ts";
import { problemLines, type SettingProblem, shownValue, tokenPattern } from "./setting-problem.ts";
import { type Environment, readVariables, type Variables, variablesSchema } from "./variables.ts";

export type Parsed<Kind> =
  | { readonly ok: true; readonly settings: Kind }
  /** One line each, naming the variable and what would be right, never the token. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What is known of the settings so far. */
export interface Reading<Values> {
  readonly values: Values;
  /** Whether it was given, right or wrong; one that is empty was not. */
  readonly isGiven: (variable: keyof Variables) => boolean;
  /** Whether its line of `.env` cannot be read, and nothing else sets it. */
  readonly isMisread: (variable: string) => boolean;
  readonly workingFolder: string;
  /** Of `.env` itself. */
  readonly lines: readonly string[];
  /** Grows while more is looked at. */
  readonly problems: SettingProblem[];
  /** Grows too; is not to be shown in any problem. */
  readonly secrets: string[];
}

export function beginReading<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
  workingFolder: string,
): Reading<z.output<z.ZodObject<Shape>>> {
  const dotEnv = readDotEnv(workingFolder);
  const set = Object.entries(env).filter(
    ([name, value]) => (value ?? "").trim() !== "" && !isLocale(name, value),
  );
  const variables = { ...dotEnv.variables, ...Object.fromEntries(set) };
  const { values, problems } = readVariables(schema, variables);
  const isSet = (variable: string): boolean => (variables[variable] ?? "").trim() !== "";
  return {
    values,
    isGiven: (variable) => isSet(variable) || dotEnv.isMisread(variable),
    isMisread: (variable) => !isSet(variable) && dotEnv.isMisread(variable),
    workingFolder,
    lines: dotEnv.problems,
    problems: [...problems],
    secrets: isSet("BOT_TOKEN") ? [(variables["BOT_TOKEN"] ?? "").trim()] : [],
  };
}

/**
 * On many systems a login shell sets LANGUAGE to the locales that its programs are to speak, `en_US:en`: that is not meant for the bot, and must
 * not win over `.env`. https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html
 */
function isLocale(name: string, value = ""): boolean {
  return name === "LANGUAGE" && /^(?:C|POSIX)$|^[A-Za-z]{2,3}[_:.@]/.test(value.trim());
}

/** The order in which problems are listed. */
const variableNames = Object.keys(variablesSchema.shape);

export function linesOf({
  lines,
  problems,
  secrets,
  isMisread,
}: Reading<unknown>): readonly string[] {
  const sorted = problems
    // That is told of its line; what stood in for it was nobody's choice.
    .filter(({ variable }) => !isMisread(variable))
    .toSorted(
      (one, other) => variableNames.indexOf(one.variable) - variableNames.indexOf(other.variable),
    );
  return [...lines, ...problemLines(sorted, secrets)];
}

/** Values in the catalog are its problems' to show, but not where the token strayed into it. */
export function catalogLines(
  { secrets }: Reading<unknown>,
  airlockFile: AirlockFilePlace,
  catalog: Catalog,
): readonly string[] {
  if (catalog.ok) return [];
  const tokens = secrets.filter((secret) => tokenPattern.test(secret));
  return catalogRefusalLines(airlockFile, catalog.refusal).map((line) =>
    tokens.reduce((text, token) => text.replaceAll(token, "[token]"), line),
  );
}

export function airlockFilePlace({
  values: { AIRLOCK_FILE: named },
  workingFolder,
  secrets,
}: Reading<Pick<Variables, "AIRLOCK_FILE">>): AirlockFilePlace {
  return Object.freeze({
    path: resolve(workingFolder, named ?? "airlock.yml"),
    shownAs: named === undefined ? "airlock.yml" : "AIRLOCK_FILE",
    named: named === undefined ? undefined : shownValue(named, secrets),
  });
}

// Telegram's own server lets a bot download no more: https://core.telegram.org/bots/api#getfile
const telegramDownloadBytesMax = 20_971_520;

export function checkUploadBytes({
  values: { MAX_UPLOAD_BYTES: bytes },
  isGiven,
  problems,
}: Reading<Pick<Variables, "MAX_UPLOAD_BYTES">>): void {
  if (bytes <= telegramDownloadBytesMax || isGiven("TELEGRAM_API_ROOT")) return;
  const rule = settingRules.uploadBytes(telegramDownloadBytesMax);
  problems.push({ variable: "MAX_UPLOAD_BYTES", rule, got: String(bytes) });
}
