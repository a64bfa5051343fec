// The settings that the command line needs: less than the bot, and no secret. Each command asks for what it uses, so that nothing else
// can stop it.
import type { Catalog, ReadCatalog } from "../model/catalog.ts";
import type { Config } from "../model/config.ts";
import { checkEtcdUploadBytes, etcdVariableNames, readEtcdSettings } from "./etcd-settings.ts";
import { createFolderCheck } from "./folders.ts";
import {
  airlockFilePlace,
  beginReading,
  catalogLines,
  checkUploadBytes,
  linesOf,
  type Parsed,
  type Reading,
} from "./reading.ts";
import { type Environment, type Variables, variablesSchema } from "./variables.ts";
import type { Settings } from "./settings.ts";

/** To look at what is live. */
export type ConfigsSettings = Pick<Settings, "configs" | "etcd">;

export interface CheckSettings extends Pick<
  Settings,
  "airlockFile" | "uploadBytesMax" | "validationTimeoutMs"
> {
  /** Its own problems are in it: they are what a check is about. */
  readonly catalog: Catalog;
}

/** To look back. */
export type PastSettings = ConfigsSettings &
  Pick<Settings, "backupDir" | "stateDir" | "validationTimeoutMs">;

/** To change. The folders of backups and state may be missing. */
export type ChangeSettings = PastSettings & Pick<Settings, "backupsMax" | "uploadBytesMax">;

/** As readSettings of settings.ts, for the commands. Nothing is made. */
export interface CommandSettings {
  forConfigs(): Promise<Parsed<ConfigsSettings>>;
  forCheck(): Promise<Parsed<CheckSettings>>;
  forPast(): Promise<Parsed<PastSettings>>;
  forChange(): Promise<Parsed<ChangeSettings>>;
}

const catalogVariables = variablesSchema.pick({ CONFIG_DIR: true, AIRLOCK_FILE: true });
const configsVariables = catalogVariables.extend(variablesSchema.pick(etcdVariableNames).shape);
const checkVariables = catalogVariables.extend(
  variablesSchema.pick({ MAX_UPLOAD_BYTES: true, VALIDATION_SECONDS: true }).shape,
);
const pastVariables = configsVariables.extend(
  variablesSchema.pick({ BACKUP_DIR: true, STATE_DIR: true, VALIDATION_SECONDS: true }).shape,
);
const changeVariables = pastVariables.extend(
  variablesSchema.pick({ BACKUP_KEEP: true, MAX_UPLOAD_BYTES: true }).shape,
);

const adminVariables = variablesSchema.pick({ ADMIN_IDS: true });

export function createCommandSettings(
  env: Environment,
  workingFolder: string,
  readCatalog: ReadCatalog,
): CommandSettings {
  const begin = async (
    reading: Reading<Pick<Variables, "CONFIG_DIR" | "AIRLOCK_FILE">>,
    adminIds?: readonly number[],
  ) => {
    const folders = createFolderCheck(workingFolder, reading.problems);
    const configDir = folders.look("CONFIG_DIR", reading.values.CONFIG_DIR, "refuse").named;
    const airlockFile = airlockFilePlace(reading);
    return { folders, airlockFile, catalog: await readCatalog(airlockFile, configDir, adminIds) };
  };
  return {
    async forConfigs() {
      const reading = beginReading(configsVariables, env, workingFolder);
      const etcd = readEtcdSettings(reading);
      return end(reading, await begin(reading), (configs) => ({ configs, etcd }));
    },
    async forCheck() {
      const reading = beginReading(checkVariables, env, workingFolder);
      const { airlockFile, catalog } = await begin(reading, knownAdmins(env, workingFolder));
      checkUploadBytes(reading);
      const problems = linesOf(reading);
      if (problems.length > 0) return { ok: false, problems };
      const { MAX_UPLOAD_BYTES: uploadBytesMax, VALIDATION_SECONDS: validationTimeoutMs } =
        reading.values;
      return { ok: true, settings: { airlockFile, catalog, uploadBytesMax, validationTimeoutMs } };
    },
    async forPast() {
      const reading = beginReading(pastVariables, env, workingFolder);
      const { values } = reading;
      const { folders, ...begun } = await begin(reading);
      const etcd = readEtcdSettings(reading);
      // With etcd nothing is looked for in them.
      const whenMissing = etcd === undefined ? "refuse" : "make";
      const backupDir = folders.look("BACKUP_DIR", values.BACKUP_DIR, whenMissing).real;
      const stateDir = folders.look("STATE_DIR", values.STATE_DIR, whenMissing).real;
      const validationTimeoutMs = values.VALIDATION_SECONDS;
      return end(reading, begun, (configs) => ({
        configs,
        etcd,
        backupDir,
        stateDir,
        validationTimeoutMs,
      }));
    },
    async forChange() {
      const reading = beginReading(changeVariables, env, workingFolder);
      const { values } = reading;
      const { folders, ...begun } = await begin(reading);
      const backupDir = folders.look("BACKUP_DIR", values.BACKUP_DIR, "make").real;
      const stateDir = folders.look("STATE_DIR", values.STATE_DIR, "make").real;
      checkUploadBytes(reading);
      checkEtcdUploadBytes(reading);
      const etcd = readEtcdSettings(reading);
      return end(reading, begun, (configs) => ({
        configs,
        etcd,
        backupDir,
        stateDir,
        backupsMax: values.BACKUP_KEEP,
        uploadBytesMax: values.MAX_UPLOAD_BYTES,
        validationTimeoutMs: values.VALIDATION_SECONDS,
      }));
    },
  };
}

/** Where the command line runs, ADMIN_IDS may not be set: then who is an admin is the bot's to know. A mistake in it is the bot's to report. */
function knownAdmins(env: Environment, workingFolder: string): readonly number[] | undefined {
  const { ADMIN_IDS: ids } = beginReading(adminVariables, env, workingFolder).values;
  return ids.length > 0 ? ids : undefined;
}

function end<Kind>(
  reading: Reading<unknown>,
  { airlockFile, catalog }: Pick<CheckSettings, "airlockFile" | "catalog">,
  settingsOf: (configs: readonly Config[]) => Kind,
): Parsed<Kind> {
  const problems = [...linesOf(reading), ...catalogLines(reading, airlockFile, catalog)];
  return catalog.ok && problems.length === 0
    ? { ok: true, settings: settingsOf(catalog.configs) }
    : { ok: false, problems };
}
