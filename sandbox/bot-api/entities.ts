// The entities that a call brings with its text. Stricter than Telegram, which mends or leaves out what does not fit: here that is refused, so
// that no test passes with it.
import type { MessageEntity } from "grammy/types";
import type { ApiCall } from "./api-method.ts";
import { badRequest } from "./refusal.ts";

/** All that Telegram knows are many more: https://core.telegram.org/bots/api#messageentity */
const knownTypes: ReadonlySet<unknown> = new Set([
  "bold",
  "code",
  "expandable_blockquote",
  "date_time",
]);
const timeFormat = /^(?:r|w?[dD]?[tT]?)$/;

/**
 * @param text - as it came
 * @throws a refusal of one that this server does not know, that reaches beyond the text, splits a character, or crosses another one
 */
export function readEntities(
  { params, world }: ApiCall,
  field: "entities" | "caption_entities",
  text: string,
): readonly MessageEntity[] {
  const value = params.json(field, "MessageEntity");
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badRequest(`field "${field}" must be of type Array`);
  const entities = value.map((each: unknown) => readEntity(each, text, world.unknownEntities));
  for (const [index, one] of entities.entries()) {
    for (const other of entities.slice(index + 1)) refuseCrossing(one, other);
  }
  return entities;
}

function readEntity(value: unknown, text: string, unknown: ReadonlySet<string>): MessageEntity {
  const fields: Record<string, unknown> =
    typeof value === "object" && value !== null ? { ...value } : {};
  const { type, offset, length } = fields;
  if (typeof type !== "string" || !knownTypes.has(type) || unknown.has(type)) {
    throw badRequest("can't parse MessageEntity: Unsupported type specified");
  }
  const isRange =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    Number(offset) >= 0 &&
    Number(length) > 0 &&
    Number(offset) + Number(length) <= text.length;
  if (!isRange) throw badRequest(`entity beyond the text: ${JSON.stringify(value)}`);
  for (const edge of [Number(offset), Number(offset) + Number(length)]) {
    if (/^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, edge - 1), edge + 1))) {
      throw badRequest(`entity splits a character: ${JSON.stringify(value)}`);
    }
  }
  const isTime =
    Number.isSafeInteger(fields["unix_time"]) &&
    timeFormat.test(String(fields["date_time_format"]));
  if (type === "date_time" && !isTime) {
    throw badRequest("can't parse MessageEntity: wrong date_time");
  }
  return fields as unknown as MessageEntity;
}

function refuseCrossing(one: MessageEntity, other: MessageEntity): void {
  const [first, second] = one.offset <= other.offset ? [one, other] : [other, one];
  const firstEnd = first.offset + first.length;
  if (second.offset >= firstEnd) return;
  const isInside =
    second.offset + second.length <= firstEnd ||
    (first.offset === second.offset && second.length >= first.length);
  const types = [one.type, other.type];
  const areNestable =
    one.type !== other.type &&
    (types.includes("expandable_blockquote") ||
      (types.includes("bold") && !types.includes("code")));
  if (!isInside || !areNestable) {
    throw badRequest(`entities cross: ${JSON.stringify([one, other])}`);
  }
}
