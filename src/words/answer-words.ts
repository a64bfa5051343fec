// What commands answer that show something, or cannot be done.
import type { Config } from "../model/config.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { english } from "./text.ts";
import { liveAsOf } from "./store-words.ts";
import { whoText } from "./change-words.ts";
import { timeText } from "./numbers.ts";
import { troubleText } from "./trouble-words.ts";

/** @param last - the newest revision that was live once */
export function noFile({ id, fileName }: Config, last: Revision | undefined): string {
  return last === undefined
    ? `There is no ${fileName} yet. /set_${id} creates it.`
    : `${fileName} is not on the server any more. /rollback_${id} brings back revision ${last.revision}.`;
}

/** Under what would stand under the file: Telegram takes none without a byte in it. */
export const emptyFile = "It is empty, so it cannot be sent as a file.";

export function unreadable(fileName: string, trouble: Trouble): string {
  return `${fileName} could not be read: ${troubleText(trouble)}. Nothing was changed.`;
}

/** For what is not an upload: those tell their own fate. */
export function diskRefused(trouble: Trouble): string {
  return `That could not be done: ${troubleText(trouble)}. No config was changed. Please tell the operator, and try again.`;
}

export const somethingWentWrong =
  "Something went wrong inside the bot, and its log has the details. Please try again; if it happens again, tell the operator.";

export function readOnly({ fileName }: Config): string {
  return `You may read ${fileName}, but not change it. Nothing was changed.`;
}

/** @param nearest - the command that is probably meant */
export function unknownCommand(command: string, nearest: string | undefined): string {
  return `I do not know ${command}${nearest === undefined ? "." : `: did you mean ${nearest}?`}`;
}

export const helpHint = "/help lists what I can do.";

export const notYourWords =
  "I take commands only in your own words, not from a forwarded message or by way of another bot. See /help for what I can do.";

export const notUnderstood = "Send me a config as a file, or see /help for what I can do.";

/** As many digits as tell two versions apart. */
const hashDigits = 12;

/** The caption of a file from /get. */
export function liveCaption(
  fileName: string,
  version: {
    readonly sha256: string;
    readonly modifiedAt: string;
    readonly revision: number | undefined;
    readonly asOf?: string;
  },
  entry: Revision | undefined,
): string {
  const away = version.asOf === undefined ? "" : `\n${english(liveAsOf(version.asOf))}`;
  const hash = `sha256 ${version.sha256.slice(0, hashDigits)}${away}`;
  if (version.revision === undefined) {
    const after = entry === undefined ? "" : `, after revision ${entry.revision}`;
    return `${fileName}, changed on disk ${timeText(version.modifiedAt)}${after}\n${hash}`;
  }
  const who =
    entry?.revision === version.revision ? `\n${whoText(entry)}, ${timeText(entry.at)}` : "";
  return `${fileName}, revision ${version.revision}${who}\n${hash}`;
}

/** The caption of a schema; the line is what the YAML language server looks for. */
export function schemaCaption(fileName: string, schemaName: string): string {
  const what = `What ${fileName} may hold, for your editor.`;
  if (/\.json$/i.test(fileName)) return what;
  return `${what} With both files in one folder, this first line gives completion:\n# yaml-language-server: $schema=${schemaName}`;
}
