// Which etcd keeps everything, where several machines share it: the endpoints, the account, the authority of their certificates.
import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { readSmallFile } from "../file/small-file.ts";
import { settingRules } from "../words/setting-words.ts";
import type { Reading } from "./reading.ts";
import type { Variables } from "./variables.ts";

export interface EtcdSettings {
  /** At least one: `http://127.0.0.1:2379`. */
  readonly endpoints: readonly URL[];
  /** What every key starts with; ends in a slash. */
  readonly prefix: string;
  readonly user: { readonly name: string; readonly password: string } | undefined;
  /** PEM: only these authorities are trusted; undefined for those that Node knows. */
  readonly ca: string | undefined;
}

const passwordFileBytesMax = 4096;
const caFileBytesMax = 256 * 1024;
/** etcd takes 1.5 MiB in one request, in which base64 and the rest of it are counted. */
const etcdUploadBytesMax = 1_048_576;

export const etcdVariableNames = {
  ETCD_ENDPOINTS: true,
  ETCD_PREFIX: true,
  ETCD_USERNAME: true,
  ETCD_PASSWORD_FILE: true,
  ETCD_CA_FILE: true,
} as const;

type EtcdVariables = Pick<Variables, keyof typeof etcdVariableNames>;

/** @returns undefined without `ETCD_ENDPOINTS`, and where something is wrong, which is then among the problems */
export function readEtcdSettings(reading: Reading<EtcdVariables>): EtcdSettings | undefined {
  const { values, isGiven } = reading;
  if (!isGiven("ETCD_ENDPOINTS")) return undefined;
  const user = readUser(reading);
  const ca = values.ETCD_CA_FILE === undefined ? undefined : readAuthorities(reading);
  const { ETCD_ENDPOINTS: endpoints, ETCD_PREFIX: prefix } = values;
  return endpoints && Object.freeze({ endpoints, prefix, user, ca });
}

/** What fits into a Telegram download may still be too much for etcd. */
export function checkEtcdUploadBytes({
  values: { MAX_UPLOAD_BYTES: bytes },
  isGiven,
  problems,
}: Reading<Pick<Variables, "MAX_UPLOAD_BYTES">>): void {
  if (!isGiven("ETCD_ENDPOINTS") || bytes <= etcdUploadBytesMax) return;
  const rule = settingRules.etcdUploadBytes(etcdUploadBytesMax);
  problems.push({ variable: "MAX_UPLOAD_BYTES", rule, got: String(bytes) });
}

function readUser({
  values: { ETCD_USERNAME: name, ETCD_PASSWORD_FILE: file },
  workingFolder,
  problems,
  secrets,
}: Reading<EtcdVariables>): EtcdSettings["user"] {
  if (name === undefined && file === undefined) return undefined;
  if (name === undefined || file === undefined) {
    const variable = name === undefined ? "ETCD_USERNAME" : "ETCD_PASSWORD_FILE";
    problems.push({ variable, rule: settingRules.etcdAccountHalf });
    return undefined;
  }
  const content = readSmallFile(resolve(workingFolder, file), passwordFileBytesMax);
  const password = content.text?.replace(/\r?\n$/, "") ?? "";
  if (password === "") {
    const rule = settingRules.etcdPasswordFile(content.text === undefined && content.trouble);
    problems.push({ variable: "ETCD_PASSWORD_FILE", rule, got: file });
    return undefined;
  }
  secrets.push(password);
  return { name, password };
}

function readAuthorities({
  values: { ETCD_CA_FILE: file = "" },
  workingFolder,
  problems,
}: Reading<EtcdVariables>): string | undefined {
  const content = readSmallFile(resolve(workingFolder, file), caFileBytesMax);
  if (content.text !== undefined && holdsCertificate(content.text)) return content.text;
  const rule = settingRules.etcdCaFile(content.text === undefined && content.trouble);
  problems.push({ variable: "ETCD_CA_FILE", rule, got: file });
  return undefined;
}

function holdsCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    // Whatever is wrong with it, etcd could not be trusted by it.
    return false;
  }
}
