// Whether the bot can do its work, and why it cannot start or go on: for operators, who read it at /readyz or on standard error.
import type { PollingTrouble } from "../model/polling-trouble.ts";
import type { Trouble } from "../model/trouble.ts";
import { troubleText } from "./trouble-words.ts";

export const pollingTexts: Readonly<Record<PollingTrouble, string>> = {
  starting: "the bot is starting",
  no_answer_yet: "Telegram has not answered yet",
  same_updates: "Telegram hands out the same updates again",
  webhook: "a webhook is set for this bot; it is being removed",
  other_bot: "another bot with the same token is running",
  refused: "Telegram refuses to hand out updates",
  not_telegram: "something else answers in Telegram's place",
  unreachable: "Telegram cannot be reached",
};

export const unknownToken =
  "Telegram does not know this bot token. Check BOT_TOKEN, or make a new token with BotFather.";

/** What is looked at, after "whether". */
export const updatesArrive = "updates arrive";

export const storeAnswers = "the store answers";
export const storeDoesNotAnswer = "the store does not answer";

export const noBotLeads = "no bot leads at the moment: run the command again in a few seconds";

export function canBeWritten(name: string): string {
  return `${name} can be written`;
}

export function isWhereItWas(fileName: string): string {
  return `${fileName} is where it was`;
}

/** @param what - is looked at */
export function notFoundOut(what: string): string {
  return `could not find out whether ${what}`;
}

/** @param what - is looked at */
export function notFoundOutInTime(what: string, timeoutMs: number): string {
  return `could not find out within ${timeoutMs / 1000} s whether ${what}`;
}

export const readinessNotFoundOut = notFoundOut("the bot is ready");

export function folderOf(fileName: string): string {
  return `the folder of ${fileName}`;
}

/** @param name - of a folder: `STATE_DIR` */
export function cannotBeWritten(name: string, trouble: Trouble): string {
  return `${name} cannot be written: ${troubleText(trouble)}`;
}

/** For a setting whose folder ends the start. */
export function cannotBeUsed(variable: string, path: string, trouble: Trouble): string {
  return `${variable} (${path}) cannot be used: ${troubleText(trouble)}`;
}

/** @param code - the operating system's: `EADDRINUSE` */
export function cannotListen(code: string, host: string, port: number): string {
  const both = `METRICS_PORT ${port} on METRICS_HOST ${host}`;
  switch (code) {
    case "EADDRINUSE":
      return `${both} is taken by another program: stop that one, or set METRICS_PORT to a free port (0 picks one)`;
    case "EACCES":
      return `${both} is not allowed for this user: set METRICS_PORT to a port from 1024 up (0 picks one)`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `METRICS_HOST ${host} is not an address of this machine, so METRICS_PORT ${port} cannot be opened on it: set METRICS_HOST to one that is, such as 127.0.0.1`;
    default:
      return `${both} cannot be opened (${code}): set them to an address that can`;
  }
}

export const pageNotMade = "this page could not be made: the log says why";
export const onlyReading = "only GET and HEAD";

/** Of the health check. @param status - none where nothing answers */
export function notHealthy(origin: string, status: number | undefined): string {
  return status === undefined ? `${origin} does not answer` : `${origin} answered ${status}`;
}
