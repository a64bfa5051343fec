// Every text that a person reads, apart from how an upload ended (outcome-phrases.ts), what
// changed (change-phrases.ts) and the overviews (overview-phrases.ts). Plain text: nothing in it is markup,
// so nothing needs escaping.
import type { Config } from "../model/config.ts";
import type { GivenUpBecause } from "../model/outcome.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { timeText } from "./numbers.ts";
import { troubleText } from "./trouble-words.ts";

/** Who made a version, for the end of a line. */
export function whoText({ how, author }: Revision): string {
  if (author !== null) return `by ${author.name}`;
  return how === "found" ? "found at the first start" : "changed on disk";
}

/** @param reason - of the change, as it was given with the command */
export function askForFile(fileName: string, reason: string | null): string {
  const question = `Send me the new ${fileName} as a file. /cancel to stop.`;
  return reason === null ? question : `${question}\nReason: ${reason}`;
}

/** What came instead of a document. */
export type WrongThing = "text" | "photo" | "sticker" | "album" | "other";

function stillWaiting(fileName: string): string {
  return `I am still waiting for ${fileName} as a file. /cancel to stop.`;
}

/** Whether the bot asked for this file by this text. */
export function asksForFile(text: string, fileName: string): boolean {
  return (
    text.startsWith(askForFile(fileName, null)) ||
    text === askForFileToCheck(fileName) ||
    text.endsWith(stillWaiting(fileName))
  );
}

export function notADocument(wrong: WrongThing, fileName: string): string {
  const still = stillWaiting(fileName);
  switch (wrong) {
    case "text":
      return `That is a text message. ${still}`;
    case "photo":
      return `That is a photo. ${still}`;
    case "sticker":
      return `That is a sticker. ${still}`;
    case "album":
      return `Please send one file at a time. ${still}`;
    case "other":
      return `That is not a document. ${still}`;
    default:
      return wrong satisfies never;
  }
}

export const oneFileAtATime = "Please send one file at a time. Nothing was changed.";

export interface LoneDocumentNotes {
  /** There are more configs than buttons. */
  readonly isCut: boolean;
  /** Its caption is somebody else's. */
  readonly isCaptionIgnored: boolean;
  /** What is wrong with the command in its caption. */
  readonly command: string | undefined;
}

export function whichConfig(
  shownName: string,
  { isCut, isCaptionIgnored, command }: LoneDocumentNotes,
): string {
  return [
    ...(command === undefined ? [] : [command]),
    `Which config is ${shownName} for? Nothing was changed yet.`,
    ...(isCaptionIgnored
      ? ["The caption is not in your own words, so it is neither a command nor the reason."]
      : []),
    ...(isCut
      ? ["Not all fit here: the others take the file with their /set_… as its caption."]
      : []),
  ].join("\n");
}

export const nothingToSet = "There is no config here that you may change. Nothing was changed.";

export function setButton(fileName: string): string {
  return `Set ${fileName}`;
}

export const buttonLabels = {
  showChanges: "Show changes",
  undo: "Undo",
  setIt: "Set it",
  applyAnyway: "Apply anyway",
  discard: "Discard",
  mergeBoth: "Merge both",
  applyMerge: "Apply merge",
  rollBack: "Roll back",
  rollBackAnyway: "Roll back anyway",
  keepCurrent: "Keep current",
  newer: "Newer",
  older: "Older",
} as const;

export function askForFileToCheck(fileName: string): string {
  return `Send me the ${fileName} to check as a file. Nothing will be changed. /cancel to stop.`;
}

export const buttonOutOfDate = "This button is out of date.";
export const onlySenderMayChoose = "Only the person who asked for this can choose.";

export const nothingToCancel = "There is nothing to cancel.";

export function questionCancelled(fileName: string): string {
  return `🚫 Cancelled. ${fileName} was not changed.`;
}

function givenUpText(because: GivenUpBecause, waitingMax: number): string {
  return because === "too_many"
    ? `${waitingMax} newer ones wait for your decision, which is as many as are kept.`
    : "Nobody decided within a day.";
}

/** For a file that was stale, or a merge. */
export function uploadGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return `${questionCancelled(fileName)}\n${givenUpText(because, waitingMax)} Send the file again if you still want it.`;
}

export function rollbackGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return `${fileName} stays as it is.\n${givenUpText(because, waitingMax)}`;
}

/** For a document whose config was asked for. */
export function choiceGivenUp(because: GivenUpBecause, waitingMax: number): string {
  return `🚫 Cancelled. Nothing was changed.\n${givenUpText(because, waitingMax)} Send the file again if you still want it.`;
}

/** For a document that was checked and may be set. */
export function checkGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return `✔️ ${fileName} is valid. Nothing was changed.\n${givenUpText(because, waitingMax)} Send the file again if you still want it.`;
}

export const tooMuchAtOnce =
  "That is more than I can take at once. I did not look at your latest messages: please send them again when the others are answered.";

export function tooLateToCancel(fileName: string): string {
  return `${fileName} is being saved already, which cannot be stopped. Its message will show the result.`;
}

export function tooManyUploads(max: number): string {
  return `You have ${max} uploads on their way already. This file was not taken. Please send it again when they have ended.`;
}

export function commandNeedsFile(fileName: string): string {
  return `No file was attached. Please attach ${fileName} as a file.`;
}

/** @param last - the newest revision that was live once */
export function noFile({ id, fileName }: Config, last: Revision | undefined): string {
  return last === undefined
    ? `There is no ${fileName} yet. /set_${id} creates it.`
    : `${fileName} is not on the server any more. /rollback_${id} brings back revision ${last.revision}.`;
}

/** Telegram takes no file without a byte in it. @param caption - what would stand under it */
export function emptyFile(caption: string): string {
  return `${caption}\nIt is empty, and so cannot be sent as a file.`;
}

export function unreadable(fileName: string, trouble: Trouble): string {
  return `${fileName} could not be read: ${troubleText(trouble)}. Nothing was changed.`;
}

/** For what is not an upload: those tell their own fate. */
export function diskRefused(trouble: Trouble): string {
  return `That could not be done: ${troubleText(trouble)}. No config was changed. Please tell the operator, and try again.`;
}

export const somethingWentWrong =
  "Something went wrong inside the bot, and its log tells more. Please try again; if it happens again, tell the operator.";

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

/** The caption of a file from /get. */
export function liveCaption(
  fileName: string,
  version: {
    readonly sha256: string;
    readonly modifiedAt: string;
    readonly revision: number | undefined;
  },
  entry: Revision | undefined,
): string {
  const hash = `sha256 ${version.sha256}`;
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

/** What /status tells of one config. */
