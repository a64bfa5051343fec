// Airlock's own settings: the environment and `.env` become one frozen value, or a list of everything that is wrong.
// Touches the disk only for `.env`, the token's file and the three folders; what is in the folders is left to others.
// Each row of the table in parseSettings has its own function, in the order of the table: hence its length.
import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { resolve, sep } from "node:path";
import type { Config } from "../model/config.ts";
import type { Person } from "../model/people.ts";
import { type AirlockFilePlace, type Catalog, readCatalog } from "../catalog/read-catalog.ts";
import { logLevels, type LogLevel } from "../logger.ts";
import {
  createReader,
  type Environment,
  likeTokenPattern,
  type Reader,
  shown,
  tokenPattern,
} from "./setting-reader.ts";
import { readSmallFile, reasonOf } from "../file/small-file.ts";
import { readDotEnv } from "./dot-env.ts";

export interface Settings {
  readonly token: string;
  /** Each once; none only where the catalog names people. */
  readonly adminIds: readonly number[];
  /** The folders are absolute and real, exist, and are three different ones. */
  readonly configDir: string;
  /** Where the catalog is, or may come to be: it can be read again while the bot runs. */
  readonly airlockFile: AirlockFilePlace;
  /** From the catalog; without one, the two that come with Airlock. */
  readonly configs: readonly Config[];
  /** From the catalog, beside {@link Settings.adminIds}. */
  readonly people: readonly Person[];
  readonly backupDir: string;
  readonly stateDir: string;
  /** Without a slash at its end; undefined is Telegram's own server. */
  readonly telegramApiRoot: string | undefined;
  readonly metricsHost: string;
  /** 0 asks for any free port. */
  readonly metricsPort: number;
  readonly logLevel: LogLevel;
  readonly uploadBytesMax: number;
  /** 0 keeps all. */
  readonly backupsMax: number;
  readonly downloadTimeoutMs: number;
  readonly validationTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
}

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Settings from `.env` in the working folder, if there is one, and the environment, which wins. An empty variable
 * counts as unset, so it does not win.
 * @returns as {@link parseSettings} does; a `.env` that is there and cannot be read is one problem more
 */
export function readSettings(env: Environment, workingFolder: string): ParsedSettings {
  const { variables, problems } = mergeEnvironment(env, workingFolder);
  const parsed = parseSettings(variables, workingFolder);
  if (problems.length === 0) return parsed;
  return { ok: false, problems: [...problems, ...(parsed.ok ? [] : parsed.problems)] };
}

function mergeEnvironment(
  env: Environment,
  workingFolder: string,
): { readonly variables: Environment; readonly problems: readonly string[] } {
  const dotEnv = readDotEnv(workingFolder);
  const set = Object.entries(env).filter(([, value]) => (value ?? "").trim() !== "");
  return {
    variables: { ...dotEnv.variables, ...Object.fromEntries(set) },
    problems: dotEnv.problems,
  };
}

/** What a check needs: no secret, and no folder but that of the configs. */
export interface CheckSettings extends Pick<
  Settings,
  "configDir" | "airlockFile" | "uploadBytesMax" | "validationTimeoutMs"
> {
  readonly catalog: Catalog;
}

/** What the command line needs beyond that, to look or to change. */
export type FileSettings = Pick<Settings, "backupDir" | "stateDir" | "backupsMax">;

type Parsed<Kind> =
  | { readonly ok: true; readonly settings: Kind }
  | { readonly ok: false; readonly problems: readonly string[] };

/** As {@link readSettings}, for a check. The catalog's own problems are in its `catalog`. Makes no folders. */
export function readCheckSettings(env: Environment, workingFolder: string): Parsed<CheckSettings> {
  return readWith(env, workingFolder, (reader) => {
    const airlockFile = readAirlockFilePlace(reader);
    const configDir = readFolder(reader, "CONFIG_DIR", "config", undefined);
    return {
      configDir,
      airlockFile,
      catalog: readCatalog(airlockFile, configDir),
      uploadBytesMax: readUploadBytesMax(reader),
      validationTimeoutMs: readSecondsAsMs(reader, "VALIDATION_SECONDS", 10),
    };
  });
}

/** As {@link readSettings}, for the folders of backups and state. @param make - whether missing ones are made */
export function readFileSettings(
  env: Environment,
  workingFolder: string,
  make: boolean,
): Parsed<FileSettings> {
  return readWith(env, workingFolder, (reader) => {
    readFolder(reader, "CONFIG_DIR", "config", undefined);
    return {
      backupDir: readFolder(reader, "BACKUP_DIR", "backups", make ? 0o777 : undefined),
      stateDir: readFolder(reader, "STATE_DIR", "state", make ? 0o700 : undefined),
      backupsMax: readWholeNumber(reader, "BACKUP_KEEP", 100, 0, 1_000_000),
    };
  });
}

function readWith<Kind>(
  env: Environment,
  workingFolder: string,
  read: (reader: Reader) => Kind,
): Parsed<Kind> {
  const { variables, problems } = mergeEnvironment(env, workingFolder);
  const reader = createReader(variables, workingFolder);
  reader.hide(reader.value("BOT_TOKEN") ?? "");
  const settings = read(reader);
  const all = [...problems, ...reader.problems];
  return all.length > 0 ? { ok: false, problems: all } : { ok: true, settings };
}

/**
 * Settings from these variables alone. Creates `BACKUP_DIR` and `STATE_DIR` where they are missing.
 * @param workingFolder - absolute; relative paths in the variables start there
 * @returns settings, or every problem: one line each, naming the variable and what would be right, never the token
 */
export function parseSettings(env: Environment, workingFolder: string): ParsedSettings {
  const reader = createReader(env, workingFolder);
  const token = readToken(reader);
  const airlockFile = readAirlockFilePlace(reader);
  const configDir = readFolder(reader, "CONFIG_DIR", "config", undefined);
  const catalog = readCatalog(airlockFile, configDir);
  const adminIds = readAdminIds(reader, catalog);
  if (!catalog.ok) reader.problems.push(...catalog.problems);
  const settings: Settings = {
    token,
    adminIds,
    configDir,
    airlockFile,
    configs: catalog.ok ? catalog.configs : [],
    people: catalog.ok ? catalog.people : [],
    backupDir: readFolder(reader, "BACKUP_DIR", "backups", 0o777),
    stateDir: readFolder(reader, "STATE_DIR", "state", 0o700),
    telegramApiRoot: readApiRoot(reader),
    metricsHost: readHost(reader),
    metricsPort: readWholeNumber(reader, "METRICS_PORT", 9464, 0, 65_535),
    logLevel: readLogLevel(reader),
    uploadBytesMax: readUploadBytesMax(reader),
    backupsMax: readWholeNumber(reader, "BACKUP_KEEP", 100, 0, 1_000_000),
    downloadTimeoutMs: readSecondsAsMs(reader, "DOWNLOAD_SECONDS", 60),
    validationTimeoutMs: readSecondsAsMs(reader, "VALIDATION_SECONDS", 10),
    shutdownTimeoutMs: readSecondsAsMs(reader, "SHUTDOWN_SECONDS", 10),
  };
  const { problems } = reader;
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, settings: Object.freeze(settings) };
}

const tokenFileBytesMax = 4096;
const tokenRule =
  'digits, a colon, then letters, digits, "_" and "-", as @BotFather gives it (what came is not shown)';

function readToken(reader: Reader): string {
  const token = reader.value("BOT_TOKEN");
  const file = reader.value("BOT_TOKEN_FILE");
  if (token !== undefined) {
    reader.hide(token);
    if (!tokenPattern.test(token)) reader.wrong("BOT_TOKEN", `must be ${tokenRule}`);
    if (file !== undefined) {
      reader.wrong("BOT_TOKEN_FILE", "must be unset where BOT_TOKEN is set: only one can hold");
    }
    return token;
  }
  if (file === undefined) {
    reader.wrong(
      "BOT_TOKEN",
      "must be set to the bot's token, or BOT_TOKEN_FILE to a file that holds it",
    );
    return "";
  }
  const content = readSmallFile(resolve(reader.workingFolder, file), tokenFileBytesMax);
  if (content.text === undefined) {
    reader.wrong(
      "BOT_TOKEN_FILE",
      `must name a file that holds the token (${content.reason})`,
      file,
    );
    return "";
  }
  const fromFile = content.text.trim();
  reader.hide(fromFile);
  if (!tokenPattern.test(fromFile)) {
    reader.wrong("BOT_TOKEN_FILE", `must name a file that holds only the token: ${tokenRule}`);
  }
  return fromFile;
}

const wrongItemsShownMax = 10;

/** Nobody need be named here where the catalog names people; what one names that cannot be read is not known. */
function readAdminIds(reader: Reader, catalog: Catalog): readonly number[] {
  const rule = "must be numeric Telegram user ids, separated by commas or spaces";
  const text = reader.value("ADMIN_IDS") ?? "";
  const items = text.split(/[\s,]+/).filter((item) => item !== "");
  const hasOthers = catalog.ok ? catalog.people.length > 0 : catalog.mayNamePeople;
  if (items.length === 0 && !hasOthers) {
    reader.wrong("ADMIN_IDS", `${rule}: it names nobody, so nobody could use the bot`);
  }
  const wrong = items.filter((item) => !/^[1-9]\d*$/.test(item) || !isSafe(item));
  for (const item of wrong.slice(0, wrongItemsShownMax)) reader.wrong("ADMIN_IDS", rule, item);
  if (wrong.length > wrongItemsShownMax) {
    reader.wrong("ADMIN_IDS", `${rule}: ${wrong.length - wrongItemsShownMax} more are not`);
  }
  return Object.freeze([...new Set(items.map(Number))]);
}

function isSafe(digits: string): boolean {
  return Number.isSafeInteger(Number(digits));
}

/** @param createMode - undefined where the folder must be there already */
function readFolder(
  reader: Reader,
  variable: string,
  standard: string,
  createMode: number | undefined,
): string {
  const path = resolve(reader.workingFolder, reader.value(variable) ?? standard);
  const rule = createMode === undefined ? "must be a folder that exists" : "must be a folder";
  // A missing CONFIG_DIR is a mistake to tell of, so nothing may bring it into being on the way.
  const missing = reader.folders.filter(({ identity }) => identity === undefined);
  if (missing.some((other) => path.startsWith(other.path + sep))) return path;
  const same = reader.folders.find((other) => other.path === path);
  if (same !== undefined) return sameFolder(reader, variable, same.variable, path);
  let identity: string | undefined;
  try {
    if (createMode !== undefined && !existsSync(path)) {
      mkdirSync(path, { recursive: true, mode: createMode });
    }
    const facts = statSync(path, { bigint: true });
    if (facts.isDirectory()) identity = `${facts.dev}:${facts.ino}`;
    else reader.wrong(variable, `${rule} (it is something else)`, path);
  } catch (error) {
    reader.wrong(variable, `${rule} (${reasonOf(error)})`, path);
  }
  const alias = reader.folders.find(
    (other) => identity !== undefined && other.identity === identity,
  );
  reader.folders.push({ variable, path, identity });
  if (alias !== undefined) return sameFolder(reader, variable, alias.variable, path);
  return identity === undefined ? path : realpathSync(path);
}

function sameFolder(reader: Reader, variable: string, other: string, path: string): string {
  reader.wrong(variable, `must be another folder than ${other}`, path);
  return path;
}

function readApiRoot(reader: Reader): string | undefined {
  const text = reader.value("TELEGRAM_API_ROOT");
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === "http:" || url?.protocol === "https:";
  const rule = "must be an http or https address such as http://127.0.0.1:8081";
  if (/[@?#]/.test(text)) {
    reader.wrong("TELEGRAM_API_ROOT", `${rule}, without a user, a password, "?" or "#"`);
  } else if (likeTokenPattern.test(url?.pathname ?? "")) {
    reader.wrong("TELEGRAM_API_ROOT", `${rule}, without the token`);
  } else if (!web) {
    reader.wrong("TELEGRAM_API_ROOT", rule, text);
  }
  return url?.href.replace(/\/+$/, "");
}

function readHost(reader: Reader): string {
  const host = reader.value("METRICS_HOST") ?? "127.0.0.1";
  const isName = /^[a-z0-9][a-z0-9.-]{0,252}$/i.test(host) && /[a-z]/i.test(host);
  if (isIP(host) === 0 && !isName) {
    reader.wrong("METRICS_HOST", "must be an IP address or a host name, without a port", host);
  }
  return host;
}

function readLogLevel(reader: Reader): LogLevel {
  const text = reader.value("LOG_LEVEL") ?? "info";
  const level = logLevels.find((known) => known === text);
  if (level === undefined)
    reader.wrong("LOG_LEVEL", `must be one of ${logLevels.join(", ")}`, text);
  return level ?? "info";
}

// Telegram's own server lets a bot download no more: https://core.telegram.org/bots/api#getfile
const telegramDownloadBytesMax = 20_971_520;

function readUploadBytesMax(reader: Reader): number {
  const bytes = readWholeNumber(reader, "MAX_UPLOAD_BYTES", 1_048_576, 1, 104_857_600);
  if (bytes > telegramDownloadBytesMax && reader.value("TELEGRAM_API_ROOT") === undefined) {
    const rule = `must be at most ${telegramDownloadBytesMax} (20 MB) unless TELEGRAM_API_ROOT names a Bot API server of your own`;
    reader.wrong("MAX_UPLOAD_BYTES", rule, String(bytes));
  }
  return bytes;
}

function readWholeNumber(
  reader: Reader,
  variable: string,
  standard: number,
  min: number,
  max: number,
): number {
  const text = reader.value(variable);
  if (text === undefined) return standard;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  reader.wrong(variable, `must be a whole number from ${min} to ${max}`, text);
  return standard;
}

const secondsMax = 3600;

function readSecondsAsMs(reader: Reader, variable: string, standard: number): number {
  const text = reader.value(variable) ?? String(standard);
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  // A timer of 0 ms would be no limit in some places and no time at all in others.
  if (seconds > 0 && seconds <= secondsMax) return Math.max(1, Math.round(seconds * 1000));
  const rule = `must be a number of seconds above 0 and at most ${secondsMax}`;
  reader.wrong(variable, rule, text);
  return standard * 1000;
}

function readAirlockFilePlace(reader: Reader): AirlockFilePlace {
  const named = reader.value("AIRLOCK_FILE");
  return {
    path: resolve(reader.workingFolder, named ?? "airlock.yml"),
    shownAs: named === undefined ? "airlock.yml" : "AIRLOCK_FILE",
    named: named === undefined ? undefined : shown(named, reader.secrets),
  };
}
