// Makes a text fit into one message: its lists share what the rest of it leaves.
import type { Language } from "../../words/line.ts";
import { isList, render, type Rendered, renderLine, type Text, titled } from "../../words/text.ts";

/** Telegram's limit is 4096 (https://core.telegram.org/bots/api#sendmessage); the rest is left for what is put around it. */
const textCharsMax = 4000;
/** Longer lists are not read in a chat. */
const listCharsMax = 3800;

/** @param lineCharsMax - of a list's lines, for lines that have no limit of their own */
export function messageText(text: Text, language: Language, lineCharsMax = Infinity): Rendered {
  const lists = text.filter(isList).length;
  if (lists === 0) return titled(render(text, language));
  let others = 0;
  for (const part of text) {
    if (!isList(part)) others += renderLine(part, language).text.length + 1;
  }
  const share = Math.floor((textCharsMax - others) / lists);
  const limits = { listCharsMax: Math.min(listCharsMax, share), lineCharsMax };
  return titled(render(text, language, limits));
}
