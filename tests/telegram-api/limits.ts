// What https://core.telegram.org/bots/api says of a call's values in prose: lengths, and words out of a closed set.
import { z } from "zod";

type Check = (value: unknown) => string | undefined;

const characters =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === "string" && (value.length < min || value.length > max)
      ? `must have ${min} to ${max} characters, has ${value.length}`
      : undefined;

const bytes =
  (min: number, max: number): Check =>
  (value) => {
    const length = typeof value === "string" ? Buffer.byteLength(value) : min;
    return length < min || length > max
      ? `must have ${min} to ${max} bytes, has ${length}`
      : undefined;
  };

const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && !words.includes(value)
      ? `must be one of ${words.join(", ")}, is ${value}`
      : undefined;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && !pattern.test(value)
      ? `must match ${String(pattern)}, is ${value}`
      : undefined;

const items =
  (max: number): Check =>
  (value) =>
    Array.isArray(value) && value.length > max
      ? `must have at most ${max} items, has ${value.length}`
      : undefined;

const anyButton: Check = (value) => {
  const actions = Object.keys(z.record(z.string(), z.unknown()).parse(value)).filter(
    (name) => !["text", "icon_custom_emoji_id", "style"].includes(name),
  );
  return actions.length === 1
    ? undefined
    : `must have exactly one action, has ${actions.join(", ") || "none"}`;
};

const entityTypes = [
  "mention, hashtag, cashtag, bot_command, url, email, phone_number, bold, italic, underline, strikethrough, spoiler",
  "blockquote, expandable_blockquote, code, pre, text_link, text_mention, custom_emoji, date_time",
].flatMap((line) => line.split(", "));

/** By the place in a call; `[]` is any item of a list. */
const checks: Readonly<Record<string, Check>> = {
  "sendMessage.text": characters(1, 4096),
  "editMessageText.text": characters(1, 4096),
  "sendDocument.caption": characters(0, 1024),
  "sendPhoto.caption": characters(0, 1024),
  "answerCallbackQuery.text": characters(0, 200),
  "setMyCommands.commands": items(100),
  "*.commands[].command": matching(/^[a-z0-9_]{1,32}$/),
  "*.commands[].description": characters(1, 256),
  "*.language_code": matching(/^([a-z]{2})?$/),
  "*.entities": items(100),
  "*.entities[].type": oneOf(...entityTypes),
  "*.caption_entities[].type": oneOf(...entityTypes),
  "*.reply_markup.input_field_placeholder": characters(1, 64),
  "*.reply_markup.inline_keyboard": (value) =>
    Array.isArray(value) ? items(100)(value.flat()) : undefined,
  "*.reply_markup.inline_keyboard[][]": anyButton,
  "*.reply_markup.inline_keyboard[][].text": characters(1, 4096),
  "*.reply_markup.inline_keyboard[][].callback_data": bytes(1, 64),
  "*.reply_markup.inline_keyboard[][].style": oneOf("danger", "success", "primary"),
};

/** @param values - of the right types, or what is wrong with them is said elsewhere */
export function limitFaults(
  method: string,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [
    ...entityRangeFaults(method, values["text"], values["entities"]),
    ...entityRangeFaults(method, values["caption"], values["caption_entities"]),
    ...targetFaults(method, values),
    ...Object.entries(values).flatMap(([name, value]) =>
      faultsBelow(value, name, `${method}.${name}`, method),
    ),
  ];
}

function faultsBelow(
  value: unknown,
  place: string,
  where: string,
  method: string,
): readonly string[] {
  const fault = (checks[`${method}.${place}`] ?? checks[`*.${place}`])?.(value);
  const own = fault === undefined ? [] : [`${where}: ${fault}`];
  if (typeof value !== "object" || value === null) return own;
  const below = Array.isArray(value)
    ? value.flatMap((item: unknown, index) =>
        faultsBelow(item, `${place}[]`, `${where}[${index}]`, method),
      )
    : Object.entries(value).flatMap(([name, item]) =>
        faultsBelow(item, `${place}.${name}`, `${where}.${name}`, method),
      );
  return [...own, ...below];
}

const entitySchema = z.object({
  type: z.string(),
  offset: z.number(),
  length: z.number(),
  url: z.string().optional(),
  unix_time: z.number().optional(),
});

// Offsets and lengths count UTF-16 units. What stands outside the text, or in the middle of a pair, Telegram refuses or drops.
function entityRangeFaults(method: string, text: unknown, entities: unknown): readonly string[] {
  if (typeof text !== "string") return [];
  const read = z.array(entitySchema).safeParse(entities ?? []);
  if (!read.success) return [];
  return read.data.flatMap((entity, index) => {
    const { offset, length } = entity;
    const where = `${method}: entity ${index} (${entity.type}, ${offset}, ${length})`;
    const isInside = offset >= 0 && length > 0 && offset + length <= text.length;
    const cutsPair = [offset, offset + length].some((at) =>
      /^[\uDC00-\uDFFF]/.test(text.slice(at)),
    );
    return [
      ...(isInside ? [] : [`${where} is not within the text of ${text.length} units`]),
      ...(isInside && cutsPair ? [`${where} cuts a character in two`] : []),
      ...(entity.type === "text_link" && entity.url === undefined ? [`${where} has no url`] : []),
      ...(entity.type === "date_time" && entity.unix_time === undefined
        ? [`${where} has no unix_time`]
        : []),
    ];
  });
}

// "Required if inline_message_id is not specified."
function targetFaults(
  method: string,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (!method.startsWith("editMessage") || values["inline_message_id"] !== undefined) return [];
  return ["chat_id", "message_id"]
    .filter((name) => values[name] === undefined)
    .map((name) => `${method}: ${name} is required without inline_message_id`);
}
