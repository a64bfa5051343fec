// What Telegram makes of a text before it stores it: cleaned, trimmed, with its entities. Offsets count UTF-16 units,
// as JavaScript's strings do.
import type { MessageEntity } from "grammy/types";
import { parseHtml } from "./html.ts";
import { badRequest } from "./refusal.ts";

const textCharactersMax = 4096;
const captionCharactersMax = 1024;

/** A text as stored: `entities` sorted by offset. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** What a caller hands in: `entities` as parsed from JSON, not checked yet. */
export interface RawText {
  readonly text: string;
  readonly parseMode: string;
  readonly entities?: unknown;
}

/**
 * The text of a message from the bot.
 * @throws a refusal when it is empty, over 4096 characters after entities, or cannot be parsed
 */
export function formatMessageText(raw: RawText): FormattedText {
  if (raw.text === "") {
    throw badRequest("message text is empty");
  }
  const formatted = format(raw);
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
 * @throws a refusal when it is over 1024 characters after entities, or cannot be parsed
 */
export function formatCaption(raw: RawText): FormattedText {
  const formatted = format(raw);
  if (formatted.text.length > captionCharactersMax) {
    throw badRequest("message caption is too long");
  }
  return formatted;
}

/** The text of a message from a person: no markup, only what Telegram finds by itself. */
export function plainText(text: string): FormattedText {
  return withCommands(trimmed({ text: cleaned(text), entities: [] }));
}

function format(raw: RawText): FormattedText {
  switch (raw.parseMode.toLowerCase()) {
    case "":
      return withCommands(trimmed(withEntities(cleaned(raw.text), raw.entities)));
    case "html":
      return withCommands(trimmed(parseHtml(cleaned(raw.text))));
    case "markdown":
    case "markdownv2":
      throw badRequest(`can't parse entities: this stand-in reads HTML only, not ${raw.parseMode}`);
    default:
      throw badRequest("unsupported parse_mode");
  }
}

// As `clean_input_string` in tdlib: control characters become spaces, a carriage return goes.
function cleaned(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject
  return text.replaceAll("\r", "").replaceAll(/[\u0000-\u0009\u000b-\u001f]/g, " ");
}

function trimmed({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const kept = text.trim();
  return {
    text: kept,
    entities: entities.flatMap((entity) => {
      const from = Math.max(0, entity.offset - start);
      const to = Math.min(kept.length, entity.offset + entity.length - start);
      return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
    }),
  };
}

// The pattern is tdlib's (`match_bot_commands` in MessageEntity.cpp).
const commandPattern = /(?<![\p{L}\p{N}_/<>])\/\w{1,64}(?:@\w{3,32})?(?![\p{L}\p{N}_/<>])/gu;

function withCommands({ text, entities }: FormattedText): FormattedText {
  const inCode = (offset: number): boolean =>
    entities.some(
      (entity) =>
        (entity.type === "code" || entity.type === "pre" || entity.type === "text_link") &&
        offset >= entity.offset &&
        offset < entity.offset + entity.length,
    );
  const commands = [...text.matchAll(commandPattern)]
    .filter((match) => !inCode(match.index))
    .map((match) => ({
      type: "bot_command" as const,
      offset: match.index,
      length: match[0].length,
    }))
    .filter((found) => !entities.some((entity) => sameEntity(entity, found)));
  return { text, entities: [...entities, ...commands].toSorted((a, b) => a.offset - b.offset) };
}

function sameEntity(a: MessageEntity, b: MessageEntity): boolean {
  return a.type === b.type && a.offset === b.offset && a.length === b.length;
}

const plainEntityTypes = [
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "blockquote",
  "expandable_blockquote",
  "code",
  "pre",
] as const;

function withEntities(text: string, entities: unknown): FormattedText {
  if (!Array.isArray(entities)) {
    return { text, entities: [] };
  }
  return { text, entities: entities.map((entity: unknown) => parseEntity(text, entity)) };
}

function parseEntity(text: string, entity: unknown): MessageEntity {
  const fields: Record<string, unknown> =
    typeof entity === "object" && entity !== null ? { ...entity } : {};
  const { offset, length, url } = fields;
  if (typeof offset !== "number" || typeof length !== "number") {
    throw badRequest(`can't parse MessageEntity: Can't find field "offset"`);
  }
  if (offset < 0) {
    throw badRequest(`receive an entity with incorrect offset ${offset}`);
  }
  if (offset >= text.length) {
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  }
  if (offset + length > text.length) {
    const end = `the end of the text at UTF-16 offset ${offset + length}`;
    throw badRequest(`entity beginning at UTF-16 offset ${offset} ends after ${end}`);
  }
  if (fields["type"] === "text_link" && typeof url === "string") {
    return { type: "text_link", offset, length, url };
  }
  const type = plainEntityTypes.find((known) => known === fields["type"]);
  if (type === undefined) {
    throw badRequest("can't parse MessageEntity: Unsupported type specified");
  }
  return { type, offset, length };
}
