// What reading settings has in common, for the bot, the command line and the follower: what the variables hold, where the catalog and the
// folders are, and how problems are collected.
import { resolve } from "node:path";
import type { z } from "zod";
import type { AirlockFilePlace, Catalog, ReadCatalog } from "../model/catalog.ts";
import { catalogRefusalLines } from "../words/catalog-refusal-words.ts";
import { settingRules } from "../words/setting-words.ts";
import { createFolderCheck, type FolderCheck, makeFolders, type OwnFolders } from "./folders.ts";
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

/** What is on the disk beside the settings. */
interface Places {
  readonly folders: FolderCheck;
  /** As it was named. */
  readonly configDir: string;
  readonly airlockFile: AirlockFilePlace;
  readonly catalog: Catalog;
}

/** @param adminIds - who may write everything; undefined where that is not known */
export async function lookAtPlaces(
  reading: Reading<Pick<Variables, "CONFIG_DIR" | "AIRLOCK_FILE">>,
  readCatalog: ReadCatalog,
  adminIds?: readonly number[],
): Promise<Places> {
  const folders = createFolderCheck(reading.workingFolder, reading.problems);
  const configDir = folders.look("CONFIG_DIR", reading.values.CONFIG_DIR, "refuse").named;
  const airlockFile = airlockFilePlace(reading);
  const catalog = await readCatalog(airlockFile, configDir, adminIds);
  return { folders, configDir, airlockFile, catalog };
}

/** The folders that Airlock writes, absolute and real. */
export function lookAtOwnFolders(
  { values }: Reading<Pick<Variables, "BACKUP_DIR" | "STATE_DIR">>,
  { folders }: Places,
  whenMissing: "refuse" | "make" = "make",
): OwnFolders {
  return {
    backupDir: folders.look("BACKUP_DIR", values.BACKUP_DIR, whenMissing).real,
    stateDir: folders.look("STATE_DIR", values.STATE_DIR, whenMissing).real,
  };
}

/** @param settingsOf - called where nothing is wrong */
export function endReading<Kind>(
  reading: Reading<unknown>,
  { airlockFile, catalog }: Places,
  settingsOf: (catalog: Extract<Catalog, { readonly ok: true }>) => Kind,
): Parsed<Kind> {
  const problems = [...linesOf(reading), ...catalogLines(reading, airlockFile, catalog)];
  return catalog.ok && problems.length === 0
    ? { ok: true, settings: Object.freeze(settingsOf(catalog)) }
    : { ok: false, problems };
}

/** With the folders that are missing made. */
export function withOwnFolders<Kind extends OwnFolders>(parsed: Parsed<Kind>): Parsed<Kind> {
  const problems = parsed.ok ? makeFolders(parsed.settings) : [];
  return problems.length > 0 ? { ok: false, problems } : parsed;
}

/** Values in the catalog are its problems' to show, but not where the token strayed into it. */
function catalogLines(
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

function airlockFilePlace({
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
