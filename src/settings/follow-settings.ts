// The settings of `airlock follow`, which keeps this machine's files at what the store has, and of the commands about machines. No token.
import { strict as assert } from "node:assert";
import { hostname } from "node:os";
import type { ReadCatalog } from "../model/catalog.ts";
import { machineNamePattern } from "../model/machine.ts";
import { settingRules } from "../words/setting-words.ts";
import { type EtcdSettings, etcdVariableNames, readEtcdSettings } from "./etcd-settings.ts";
import {
  beginReading,
  endReading,
  linesOf,
  lookAtOwnFolders,
  lookAtPlaces,
  type Parsed,
  type Reading,
  withOwnFolders,
} from "./reading.ts";
import { type Environment, type Variables, variablesSchema } from "./variables.ts";
import type { Settings } from "./settings.ts";

export interface FollowSettings extends Pick<
  Settings,
  | "configDir"
  | "airlockFile"
  | "configs"
  | "backupDir"
  | "stateDir"
  | "metricsHost"
  | "metricsPort"
  | "logLevel"
  | "backupsMax"
  | "validationTimeoutMs"
  | "shutdownTimeoutMs"
> {
  readonly machine: string;
  readonly etcd: EtcdSettings;
}

const followVariables = variablesSchema.pick({
  ...etcdVariableNames,
  MACHINE_NAME: true,
  CONFIG_DIR: true,
  BACKUP_DIR: true,
  STATE_DIR: true,
  AIRLOCK_FILE: true,
  METRICS_HOST: true,
  METRICS_PORT: true,
  LOG_LEVEL: true,
  BACKUP_KEEP: true,
  VALIDATION_SECONDS: true,
  SHUTDOWN_SECONDS: true,
});

/** As readSettings of settings.ts. */
export async function readFollowSettings(
  env: Environment,
  workingFolder: string,
  readCatalog: ReadCatalog,
): Promise<Parsed<FollowSettings>> {
  const reading = beginReading(followVariables, env, workingFolder);
  const { values } = reading;
  const places = await lookAtPlaces(reading, readCatalog);
  const { configDir, airlockFile } = places;
  const ownFolders = lookAtOwnFolders(reading, places);
  const etcd = neededEtcd(reading);
  const machine = machineName(reading);
  const parsed = endReading(reading, places, ({ configs }) => {
    assert(etcd !== undefined);
    return {
      ...ownFolders,
      machine,
      etcd,
      configDir,
      airlockFile,
      configs: Object.freeze(configs),
      metricsHost: values.METRICS_HOST,
      metricsPort: values.METRICS_PORT,
      logLevel: values.LOG_LEVEL,
      backupsMax: values.BACKUP_KEEP,
      validationTimeoutMs: values.VALIDATION_SECONDS,
      shutdownTimeoutMs: values.SHUTDOWN_SECONDS,
    };
  });
  return withOwnFolders(parsed);
}

const machinesVariables = variablesSchema.pick(etcdVariableNames);

/** Where the machines are that follow. */
export function readMachinesSettings(
  env: Environment,
  workingFolder: string,
): Parsed<EtcdSettings> {
  const reading = beginReading(machinesVariables, env, workingFolder);
  const etcd = neededEtcd(reading);
  const problems = linesOf(reading);
  return etcd === undefined || problems.length > 0
    ? { ok: false, problems }
    : { ok: true, settings: etcd };
}

function neededEtcd(
  reading: Reading<Pick<Variables, keyof typeof etcdVariableNames>>,
): EtcdSettings | undefined {
  const etcd = readEtcdSettings(reading);
  if (!reading.isGiven("ETCD_ENDPOINTS")) {
    reading.problems.push({ variable: "ETCD_ENDPOINTS", rule: settingRules.etcdEndpointsUnset });
  }
  return etcd;
}

function machineName({
  values: { MACHINE_NAME: named },
  isGiven,
  problems,
}: Reading<Pick<Variables, "MACHINE_NAME">>): string {
  const name = named ?? hostname();
  if (!machineNamePattern.test(name) && !isGiven("MACHINE_NAME")) {
    problems.push({ variable: "MACHINE_NAME", rule: settingRules.machineNameUnset, got: name });
  }
  return name;
}
