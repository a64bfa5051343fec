// What reading settings for the bot and for the command line have in common: what the variables hold, and how problems are collected.
import { resolve } from "node:path";
import type { z } from "zod";
import type { AirlockFilePlace, Catalog } from "../model/catalog.ts";
import { catalogRefusalLines } from "../words/catalog-refusal-words.ts";
import { settingRules } from "../words/setting-words.ts";
import { type GivenVariables, problemLinesOf, readGivenVariables } from "./given-variables.ts";
import { type SettingProblem, shownValue, tokenPattern } from "./setting-problem.ts";
import { type Environment, readVariables, type Variables, variablesSchema } from "./variables.ts";

export type Parsed<Kind> =
  | { readonly ok: true; readonly settings: Kind }
  /** One line each, naming the variable and what would be right, never the token. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What is known of the settings so far. */
export interface Reading<Values> extends GivenVariables {
  readonly values: Values;
  /** Whether it was given, right or wrong. */
  readonly isGiven: (variable: keyof Variables) => boolean;
  readonly workingFolder: string;
  /** Grows while more is looked at. */
  readonly problems: SettingProblem[];
}

export function beginReading<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
  workingFolder: string,
): Reading<z.output<z.ZodObject<Shape>>> {
  const given = readGivenVariables(env, workingFolder);
  const { values, problems } = readVariables(schema, given.texts);
  return {
    ...given,
    values,
    isGiven: (variable) => given.texts[variable] !== undefined || given.isMisread(variable),
    workingFolder,
    problems: [...problems],
  };
}

/** The order in which problems are listed. */
const variableNames = Object.keys(variablesSchema.shape);

export function linesOf(reading: Reading<unknown>): readonly string[] {
  return problemLinesOf(
    reading,
    reading.problems.toSorted(
      (one, other) => variableNames.indexOf(one.variable) - variableNames.indexOf(other.variable),
    ),
  );
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
