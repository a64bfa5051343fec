// The settings that the command line needs: less than the bot, and no secret. Each command asks for what it uses, so that nothing else
// can stop it.
import type { Catalog, ReadCatalog } from "../model/catalog.ts";
import { checkEtcdUploadBytes, etcdVariableNames, readEtcdSettings } from "./etcd-settings.ts";
import {
  beginReading,
  checkUploadBytes,
  endReading,
  linesOf,
  lookAtOwnFolders,
  lookAtPlaces,
  type Parsed,
} from "./reading.ts";
import { type Environment, variablesSchema } from "./variables.ts";
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
  return {
    async forConfigs() {
      const reading = beginReading(configsVariables, env, workingFolder);
      const etcd = readEtcdSettings(reading);
      const places = await lookAtPlaces(reading, readCatalog);
      return endReading(reading, places, ({ configs }) => ({ configs, etcd }));
    },
    async forCheck() {
      const reading = beginReading(checkVariables, env, workingFolder);
      const { airlockFile, catalog } = await lookAtPlaces(
        reading,
        readCatalog,
        knownAdmins(env, workingFolder),
      );
      checkUploadBytes(reading);
      const problems = linesOf(reading);
      if (problems.length > 0) return { ok: false, problems };
      const { MAX_UPLOAD_BYTES: uploadBytesMax, VALIDATION_SECONDS: validationTimeoutMs } =
        reading.values;
      return { ok: true, settings: { airlockFile, catalog, uploadBytesMax, validationTimeoutMs } };
    },
    async forPast() {
      const reading = beginReading(pastVariables, env, workingFolder);
      const places = await lookAtPlaces(reading, readCatalog);
      const etcd = readEtcdSettings(reading);
      // With etcd nothing is looked for in them.
      const ownFolders = lookAtOwnFolders(reading, places, etcd === undefined ? "refuse" : "make");
      return endReading(reading, places, ({ configs }) => ({
        ...ownFolders,
        configs,
        etcd,
        validationTimeoutMs: reading.values.VALIDATION_SECONDS,
      }));
    },
    async forChange() {
      const reading = beginReading(changeVariables, env, workingFolder);
      const { values } = reading;
      const places = await lookAtPlaces(reading, readCatalog);
      const ownFolders = lookAtOwnFolders(reading, places);
      checkUploadBytes(reading);
      checkEtcdUploadBytes(reading);
      const etcd = readEtcdSettings(reading);
      return endReading(reading, places, ({ configs }) => ({
        ...ownFolders,
        configs,
        etcd,
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
