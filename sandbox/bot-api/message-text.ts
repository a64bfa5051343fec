// What Telegram makes of a text before it stores it: cleaned, trimmed, with its entities. Offsets count UTF-16 units,
// as JavaScript's strings do.
import type { MessageEntity } from "grammy/types";
import { badRequest } from "./refusal.ts";

const textCharactersMax = 4096;
const captionCharactersMax = 1024;

/** A text as stored: `entities` sorted by offset. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/**
 * The text of a message from the bot.
 * @throws a refusal when it is empty, or over 4096 characters
 */
export function formatMessageText(raw: FormattedText): FormattedText {
  if (raw.text === "") {
    throw badRequest("message text is empty");
  }
  const formatted = formattedText(raw);
  if (formatted.text === "") {
    throw badRequest("text must be non-empty");
  }
  if (formatted.text.length > textCharactersMax) {
    throw badRequest("message is too long");
  }
  return formatted;
}

/**
 * The caption of a document from the bot; it may be empty.
 * @throws a refusal when it is over 1024 characters
 */
export function formatCaption(raw: FormattedText): FormattedText {
  const formatted = formattedText(raw);
  if (formatted.text.length > captionCharactersMax) {
    throw badRequest("message caption is too long");
  }
  return formatted;
}

/** With what Telegram finds in it by itself beside them: commands, but not in `code`. */
function formattedText(raw: FormattedText): FormattedText {
  const { text, entities } = plainText(raw.text);
  const before = cleaned(raw.text).length - cleaned(raw.text).trimStart().length;
  const own = raw.entities.flatMap((entity) => {
    const offset = Math.max(0, entity.offset - before);
    const end = Math.min(text.length, entity.offset - before + entity.length);
    return end > offset ? [{ ...entity, offset, length: end - offset }] : [];
  });
  const code = own.filter(({ type }) => type === "code");
  const found = entities.filter(
    ({ offset, length }) =>
      !code.some((one) => one.offset < offset + length && offset < one.offset + one.length),
  );
  return {
    text,
    entities: [...own, ...found].toSorted((a, b) => a.offset - b.offset || b.length - a.length),
  };
}

/** A text without markup, with what Telegram finds in it by itself: commands. */
export function plainText(text: string): FormattedText {
  const kept = cleaned(text).trim();
  return { text: kept, entities: commandsIn(kept) };
}

// As `clean_input_string` in tdlib: control characters become spaces, a carriage return goes.
function cleaned(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject
  return text.replaceAll("\r", "").replaceAll(/[\u0000-\u0009\u000b-\u001f]/g, " ");
}

// The pattern is tdlib's (`match_bot_commands` in MessageEntity.cpp).
const commandPattern = /(?<![\p{L}\p{N}_/<>])\/\w{1,64}(?:@\w{3,32})?(?![\p{L}\p{N}_/<>])/gu;

function commandsIn(text: string): readonly MessageEntity[] {
  return [...text.matchAll(commandPattern)].map((match) => ({
    type: "bot_command",
    offset: match.index,
    length: match[0].length,
  }));
}
