// The settings that the command line needs: less than the bot, and no secret.
import { type Catalog, readCatalog } from "../catalog/read-catalog.ts";
import { createFolderCheck } from "./folders.ts";
import {
  airlockFilePlace,
  beginReading,
  checkUploadBytes,
  ended,
  linesOf,
  type Parsed,
} from "./reading.ts";
import type { Settings } from "./settings.ts";
import { type Environment, variablesSchema } from "./variables.ts";

/** What a check needs: no secret, and no folder but that of the configs. */
export interface CheckSettings extends Pick<
  Settings,
  "configDir" | "airlockFile" | "uploadBytesMax" | "validationTimeoutMs"
> {
  /** Its own problems are in it. */
  readonly catalog: Catalog;
}

const checkVariables = variablesSchema.pick({
  CONFIG_DIR: true,
  AIRLOCK_FILE: true,
  MAX_UPLOAD_BYTES: true,
  VALIDATION_SECONDS: true,
});

/** As {@link readSettings}, for a check. Makes no folders. */
export function readCheckSettings(env: Environment, workingFolder: string): Parsed<CheckSettings> {
  const reading = beginReading(checkVariables, env, workingFolder);
  const { values, problems } = reading;
  const folders = createFolderCheck(workingFolder, problems);
  const configDir = folders.look("CONFIG_DIR", values.CONFIG_DIR, "refuse").named;
  const airlockFile = airlockFilePlace(reading);
  checkUploadBytes(reading);
  return ended(reading, {
    configDir,
    airlockFile,
    catalog: readCatalog(airlockFile, configDir),
    uploadBytesMax: values.MAX_UPLOAD_BYTES,
    validationTimeoutMs: values.VALIDATION_SECONDS,
  });
}

/** What the command line needs beyond that, to look back or to change. */
export type FileSettings = Pick<Settings, "backupDir" | "stateDir" | "backupsMax">;

const fileVariables = variablesSchema.pick({
  CONFIG_DIR: true,
  BACKUP_DIR: true,
  STATE_DIR: true,
  BACKUP_KEEP: true,
});

/** As {@link readSettings}, for the folders of backups and state. */
export function readFileSettings(
  env: Environment,
  workingFolder: string,
  whenMissing: "refuse" | "make",
): Parsed<FileSettings> {
  const reading = beginReading(fileVariables, env, workingFolder);
  const { values, problems } = reading;
  const folders = createFolderCheck(workingFolder, problems);
  // Only so that the others are seen to be different ones.
  folders.look("CONFIG_DIR", values.CONFIG_DIR, "refuse");
  const backupDir = folders.look("BACKUP_DIR", values.BACKUP_DIR, whenMissing).real;
  const stateDir = folders.look("STATE_DIR", values.STATE_DIR, whenMissing).real;
  if (linesOf(reading).length === 0) folders.makeMissing();
  return ended(reading, { backupDir, stateDir, backupsMax: values.BACKUP_KEEP });
}
