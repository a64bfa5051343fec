// What is wrong with the settings, for operators: what each variable must be, after its name.
import type { Trouble } from "../model/trouble.ts";
import { troubleText } from "./trouble-words.ts";

const adminIds = "must be numeric Telegram user ids, separated by commas or spaces";
const apiRoot = "must be an http or https address such as http://127.0.0.1:8081";
const tokenForm =
  'digits, a colon, then letters, digits, "_" and "-", as @BotFather gives it (the value is not shown)';

export const settingRules = {
  token: `must be ${tokenForm}`,
  tokenUnset: "must be set to the bot's token, or BOT_TOKEN_FILE to a file that holds it",
  tokenFileTooMany: "must not be set together with BOT_TOKEN",
  tokenFileUnreadable: (trouble: Trouble): string =>
    `must name a file that holds the token (${troubleText(trouble)})`,
  tokenFile: `must name a file that holds only the token: ${tokenForm}`,
  adminIds,
  adminIdsNobody: `${adminIds}: it names nobody, so nobody could use the bot`,
  apiRoot,
  apiRootWithParts: `${apiRoot}, without a user, a password, "?" or "#"`,
  apiRootWithToken: `${apiRoot}, without the token`,
  host: "must be an IP address or a host name, without a port",
  ownPort: "must be a fixed port here: with 0, only the bot's log knows which one it is",
  timeZone: "must be the name of a time zone, such as Europe/Berlin or UTC",
  wholeNumber: (min: number, max: number): string => `must be a whole number from ${min} to ${max}`,
  seconds: (max: number): string => `must be a number of seconds above 0 and at most ${max}`,
  oneOf: (names: readonly string[]): string => `must be one of ${names.join(", ")}`,
  uploadBytes: (max: number): string =>
    `must be at most ${max} (20 MB) unless TELEGRAM_API_ROOT names a Bot API server of your own`,
  etcdEndpoints:
    "must be up to 16 addresses such as http://10.0.0.1:2379, separated by commas, each without a path or an account",
  etcdPrefix: 'must be 1 to 200 letters, digits and "/", ".", "_", "-", such as /airlock/',
  etcdAccountHalf: "must be set too: an etcd account is ETCD_USERNAME and ETCD_PASSWORD_FILE",
  etcdPasswordFile: (trouble: Trouble | false): string =>
    `must name a file that holds the password of ETCD_USERNAME (${trouble ? troubleText(trouble) : "it is empty"})`,
  etcdCaFile: (trouble: Trouble | false): string =>
    `must name a file of certificates in PEM form (${trouble ? troubleText(trouble) : "it holds none"})`,
  etcdUploadBytes: (max: number): string =>
    `must be at most ${max} (1 MiB) with ETCD_ENDPOINTS: etcd accepts no more at once`,
  machineName: 'must be 1 to 63 letters, digits and ".", "_", "-", such as web-1',
  machineNameUnset:
    'must be set: the host\'s name cannot be used, because it has characters other than letters, digits and ".", "_", "-"',
  etcdEndpointsUnset:
    "must be set: airlock follow keeps files up to date with the store of several machines",
  otherFolder: (variable: string): string => `must be a different folder from ${variable}`,
  folder: (trouble: Trouble): string => `must be a folder (${troubleText(trouble)})`,
  folderThere: (trouble: Trouble): string =>
    `must be a folder that exists (${troubleText(trouble)})`,
} as const;

/** `METRICS_PORT must be a whole number from 0 to 65535, got "x"`. @param got - as it may be shown */
export function settingLine(variable: string, rule: string, got: string | undefined): string {
  return `${variable} ${rule}${got === undefined ? "" : `, got ${got}`}`;
}

/** In place of a value. */
export const hiddenValue = "a value that is not shown here because it may hold the token";

/** @param more - values that are not listed, each wrong in the same way */
export function moreNot(variable: string, rule: string, more: number): string {
  return `${variable} ${rule}: ${more} more are not`;
}

export const dotEnvTexts = {
  unreadable: (trouble: Trouble): string =>
    `.env must be a file that can be read (${troubleText(trouble)})`,
  /** @param line - counted from 1. @param isOpen - a quote in it is never closed */
  wrongLine: (line: number, isOpen: boolean): string =>
    `.env line ${line} ${isOpen ? "must close the quote that it opens" : "must be NAME=value, a # comment or empty"} (its text is not shown)`,
  moreLines: (more: number): string => `.env has ${more} more lines like these`,
} as const;
