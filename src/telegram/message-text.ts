// Makes a text fit into one message: its lists share what the rest of it leaves.
import { type Text, textOf } from "../words/text.ts";

/** Telegram's limit is 4096 (https://core.telegram.org/bots/api#sendmessage); the rest is left for what is put around it. */
const textCharsMax = 4000;
/** Longer lists are not read in a chat. */
const listCharsMax = 3800;

/** @param lineCharsMax - of a list's lines, for lines that have no limit of their own */
export function messageText(whole: Text, lineCharsMax = Infinity): string {
  const text = whole.map((part) =>
    typeof part === "string"
      ? part
      : { ...part, lines: part.lines.map((line) => line.slice(0, lineCharsMax)) },
  );
  const lists = text.filter((part) => typeof part !== "string").length;
  if (lists === 0) return textOf(text, 0);
  let others = 0;
  for (const part of text) if (typeof part === "string") others += part.length + 1;
  return textOf(text, Math.min(listCharsMax, Math.floor((textCharsMax - others) / lists)));
}
