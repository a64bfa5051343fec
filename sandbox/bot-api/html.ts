// Telegram's HTML mode, after `parse_html` in tdlib's MessageEntity.cpp: same tags, same refusals, same byte offsets.
import type { MessageEntity } from "grammy/types";
import { badRequest, type Refusal } from "./refusal.ts";

type PlainEntityType = "bold" | "italic" | "underline" | "strikethrough" | "spoiler" | "blockquote";

const entityTypes: Readonly<Record<string, PlainEntityType | "code" | "pre" | "text_link">> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
  span: "spoiler",
  blockquote: "blockquote",
  code: "code",
  pre: "pre",
  a: "text_link",
};

interface OpenTag {
  readonly name: string;
  readonly offset: number;
  readonly argument: string;
}

/**
 * Splits marked-up text into plain text and entities.
 * @throws a refusal, "can't parse entities: …", for an unknown, unclosed or crossed tag
 */
export function parseHtml(html: string): { text: string; entities: readonly MessageEntity[] } {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = "";
  let at = 0;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === "&") {
      const [decoded, length] = decodeReference(html, at);
      text += decoded;
      at += length;
    } else if (character !== "<") {
      text += character;
      at += 1;
    } else if (html.charAt(at + 1) === "/") {
      const last = open.pop();
      at = closeTag(html, at, last);
      if (last !== undefined && text.length > last.offset) {
        entities.push(makeEntity(last, text.length));
      }
    } else {
      const tag = openTag(html, at, text.length);
      open.push(tag);
      at = tag.end;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw unparsable(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  }
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset) };
}

function unparsable(reason: string): Refusal {
  return badRequest(`can't parse entities: ${reason}`);
}

function byteOffset(html: string, at: number): number {
  return Buffer.byteLength(html.slice(0, at));
}

function openTag(html: string, at: number, offset: number): OpenTag & { end: number } {
  const bytes = byteOffset(html, at);
  const name = /^[^\s>]*/.exec(html.slice(at + 1))?.[0] ?? "";
  const known = name.toLowerCase();
  if (at + 1 + name.length >= html.length) {
    throw unparsable(`Unclosed start tag at byte offset ${bytes}`);
  }
  if (!Object.hasOwn(entityTypes, known)) {
    throw unparsable(`Unsupported start tag "${known}" at byte offset ${bytes}`);
  }
  const rest = html.slice(at + 1 + name.length);
  const attributes = /^(?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w.-]+))?)*\s*>/.exec(rest)?.[0];
  if (attributes === undefined) {
    throw unparsable(`Unclosed start tag "${known}" at byte offset ${bytes}`);
  }
  const value = (attribute: string): string => {
    const found = new RegExp(`\\s${attribute}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([\\w.-]+))`).exec(
      attributes,
    );
    return found?.[1] ?? found?.[2] ?? found?.[3] ?? "";
  };
  if (known === "span" && value("class") !== "tg-spoiler") {
    throw unparsable(`Tag "span" must have class "tg-spoiler" at byte offset ${bytes}`);
  }
  const end = at + 1 + name.length + attributes.length;
  return { name: known, offset, argument: known === "a" ? value("href") : "", end };
}

function closeTag(html: string, at: number, last: OpenTag | undefined): number {
  const bytes = byteOffset(html, at);
  if (last === undefined) {
    throw unparsable(`Unexpected end tag at byte offset ${bytes}`);
  }
  const found = /^<\/([^\s>]*)\s*>/.exec(html.slice(at));
  if (found === null) {
    throw unparsable(`Unclosed end tag at byte offset ${bytes}`);
  }
  const name = (found[1] ?? "").toLowerCase();
  if (name !== "" && name !== last.name) {
    throw unparsable(
      `Unmatched end tag at byte offset ${bytes}, expected "</${last.name}>", found "</${name}>"`,
    );
  }
  return at + found[0].length;
}

function makeEntity(tag: OpenTag, end: number): MessageEntity {
  const type = entityTypes[tag.name] ?? "bold";
  const place = { offset: tag.offset, length: end - tag.offset };
  return type === "text_link" ? { type, ...place, url: tag.argument } : { type, ...place };
}

const namedReferences: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function decodeReference(html: string, at: number): readonly [text: string, length: number] {
  const found = /^&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]+));?/i.exec(html.slice(at, at + 12));
  if (found === null) {
    return ["&", 1];
  }
  const [whole, hexadecimal, decimal, name] = found;
  if (name !== undefined) {
    const text = namedReferences[name];
    return text === undefined ? ["&", 1] : [text, whole.length];
  }
  const code =
    hexadecimal === undefined
      ? Number.parseInt(decimal ?? "0", 10)
      : Number.parseInt(hexadecimal, 16);
  return code === 0 || code >= 0x10_ff_ff ? ["&", 1] : [String.fromCodePoint(code), whole.length];
}
