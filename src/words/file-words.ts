// What the bot says to get a config as a file: its questions, and what it says of what came instead.

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
      ? ["Not all fit here: for the others, send the file with their /set_… as its caption."]
      : []),
  ].join("\n");
}

export const nothingToSet = "There is no config here that you may change. Nothing was changed.";

export function setButton(fileName: string): string {
  return `Set ${fileName}`;
}

export function askForFileToCheck(fileName: string): string {
  return `Send me the ${fileName} to check as a file. Nothing will be changed. /cancel to stop.`;
}

export const tooMuchAtOnce =
  "That is more than I can handle at once. I have not looked at your latest messages: please send them again when the others are answered.";

export function tooManyUploads(max: number): string {
  return `You have ${max} uploads in progress already. This file was not taken. Please send it again when they are done.`;
}

export function commandNeedsFile(fileName: string): string {
  return `No file was attached. Please attach ${fileName} as a file.`;
}
