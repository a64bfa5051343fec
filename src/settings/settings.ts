// Airlock's own settings: the environment and `.env` become one frozen value, or a list of everything that is wrong.
// What each variable may hold is in variables.ts; here it meets the disk: the token's file, the folders, the catalog.
import { resolve } from "node:path";
import { readSmallFile } from "../file/small-file.ts";
import type { AirlockFilePlace, Catalog, ReadCatalog } from "../model/catalog.ts";
import type { Config } from "../model/config.ts";
import type { Person } from "../model/people.ts";
import { settingRules } from "../words/setting-words.ts";
import { checkEtcdUploadBytes, type EtcdSettings, readEtcdSettings } from "./etcd-settings.ts";
import {
  beginReading,
  checkUploadBytes,
  endReading,
  lookAtOwnFolders,
  lookAtPlaces,
  type Parsed,
  type Reading,
  withOwnFolders,
} from "./reading.ts";
import { tokenPattern } from "./setting-problem.ts";
import { type Environment, type LogLevel, type Variables, variablesSchema } from "./variables.ts";

export interface Settings {
  readonly token: string;
  /** Each once; none only where the catalog names people. */
  readonly adminIds: readonly number[];
  /** Absolute, and as it was named: a link on the way to it is followed anew at each look, so that one that is turned is noticed. */
  readonly configDir: string;
  /** Where the catalog is, or may come to be: it can be read again while the bot runs. */
  readonly airlockFile: AirlockFilePlace;
  /** From the catalog; without one, the two that come with Airlock. */
  readonly configs: readonly Config[];
  /** From the catalog, beside {@link Settings.adminIds}. */
  readonly people: readonly Person[];
  /** This and the next are absolute and real. The three folders exist, and are three different ones. */
  readonly backupDir: string;
  readonly stateDir: string;
  /** Without a slash at its end; undefined is Telegram's own server. */
  readonly telegramApiRoot: string | undefined;
  /** Absolute and real: where a Bot API server in local mode keeps its files; undefined where none does. */
  readonly telegramFilesDir: string | undefined;
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
  /** For whoever chose none; `auto` is that of their Telegram app. */
  readonly language: Variables["LANGUAGE"];
  /** An IANA name: by it the times that admins write without an offset are read. */
  readonly timeZone: string;
  /** Keeps everything where several machines share it; undefined for this machine's disk. */
  readonly etcd: EtcdSettings | undefined;
}

/**
 * The bot's settings, from the environment and from `.env` in the working folder, if there is one. The environment wins; an empty
 * variable counts as unset, so it does not. When all is right, `BACKUP_DIR` and `STATE_DIR` are made where they are missing.
 * @param workingFolder - absolute; relative paths in the variables start there
 * @returns settings, or every problem
 */
export async function readSettings(
  env: Environment,
  workingFolder: string,
  readCatalog: ReadCatalog,
): Promise<Parsed<Settings>> {
  const reading = beginReading(variablesSchema, env, workingFolder);
  const { values, problems } = reading;
  const token = readToken(reading);
  const areAdminsKnown = !problems.some(({ variable }) => variable === "ADMIN_IDS");
  const places = await lookAtPlaces(
    reading,
    readCatalog,
    areAdminsKnown ? values.ADMIN_IDS : undefined,
  );
  const { configDir, airlockFile } = places;
  const ownFolders = lookAtOwnFolders(reading, places);
  const filesDir = values.TELEGRAM_FILES_DIR;
  const telegramFilesDir =
    filesDir === undefined
      ? undefined
      : places.folders.look("TELEGRAM_FILES_DIR", filesDir, "refuse").real;
  checkSomebodyMay(reading, places.catalog);
  checkUploadBytes(reading);
  checkEtcdUploadBytes(reading);
  const etcd = readEtcdSettings(reading);
  const parsed = endReading(reading, places, ({ configs, people }) => ({
    ...ownFolders,
    token,
    adminIds: Object.freeze(values.ADMIN_IDS),
    configDir,
    airlockFile,
    configs: Object.freeze(configs),
    people: Object.freeze(people),
    telegramApiRoot: values.TELEGRAM_API_ROOT,
    telegramFilesDir,
    metricsHost: values.METRICS_HOST,
    metricsPort: values.METRICS_PORT,
    logLevel: values.LOG_LEVEL,
    uploadBytesMax: values.MAX_UPLOAD_BYTES,
    backupsMax: values.BACKUP_KEEP,
    downloadTimeoutMs: values.DOWNLOAD_SECONDS,
    validationTimeoutMs: values.VALIDATION_SECONDS,
    shutdownTimeoutMs: values.SHUTDOWN_SECONDS,
    language: values.LANGUAGE,
    timeZone: values.TIMEZONE,
    etcd,
  }));
  return withOwnFolders(parsed);
}

const tokenFileBytesMax = 4096;

function readToken({
  values,
  isGiven,
  workingFolder,
  problems,
  secrets,
}: Reading<Pick<Variables, "BOT_TOKEN" | "BOT_TOKEN_FILE">>): string {
  const { BOT_TOKEN: token, BOT_TOKEN_FILE: file } = values;
  const wrong = (variable: keyof Variables, rule: string, got?: string): "" => {
    problems.push({ variable, rule, ...(got !== undefined && { got }) });
    return "";
  };
  if (isGiven("BOT_TOKEN")) {
    if (file !== undefined) {
      wrong("BOT_TOKEN_FILE", settingRules.tokenFileTooMany);
    }
    return token ?? "";
  }
  if (file === undefined) {
    return wrong("BOT_TOKEN", settingRules.tokenUnset);
  }
  const content = readSmallFile(resolve(workingFolder, file), tokenFileBytesMax);
  if (content.text === undefined) {
    return wrong("BOT_TOKEN_FILE", settingRules.tokenFileUnreadable(content.trouble), file);
  }
  const fromFile = content.text.trim();
  if (fromFile !== "") secrets.push(fromFile);
  if (tokenPattern.test(fromFile)) return fromFile;
  return wrong("BOT_TOKEN_FILE", settingRules.tokenFile);
}

/** Nobody need be named in ADMIN_IDS where the catalog names people; whom one names that cannot be read is not known. */
function checkSomebodyMay(
  { values, problems, isMisread }: Reading<Pick<Variables, "ADMIN_IDS">>,
  catalog: Catalog,
): void {
  const isNamed = catalog.ok ? catalog.people.length > 0 : catalog.mayNamePeople;
  const hasOthers = isNamed || isMisread("AIRLOCK_FILE");
  const isWrong = problems.some(({ variable }) => variable === "ADMIN_IDS");
  if (values.ADMIN_IDS.length > 0 || isWrong || hasOthers) return;
  problems.push({ variable: "ADMIN_IDS", rule: settingRules.adminIdsNobody });
}
