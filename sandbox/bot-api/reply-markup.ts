// Reads `reply_markup` as Telegram does: keeps inline keyboards, notes a forced reply, refuses the rest.
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { badRequest } from "./refusal.ts";

const callbackDataBytesMax = 64;
const buttonsMax = 100;

/** `other` is a forced reply: such a message can never be edited. The bot sends no keyboards of the other kinds. */
export type ReplyMarkup =
  | { readonly kind: "none" }
  | { readonly kind: "inline"; readonly keyboard: InlineKeyboardMarkup }
  | { readonly kind: "other" };

/**
 * @param value - the parameter, parsed from JSON; undefined when it was not sent
 * @throws a refusal naming the field that is wrong
 */
export function parseReplyMarkup(value: unknown): ReplyMarkup {
  if (value === undefined) {
    return { kind: "none" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest("object expected as reply markup");
  }
  const fields: Record<string, unknown> = { ...value };
  for (const name of ["force_reply", "selective"]) {
    if (fields[name] !== undefined && typeof fields[name] !== "boolean") {
      throw badRequest(`field "${name}" must be of type Boolean`);
    }
  }
  if (fields["inline_keyboard"] !== undefined) {
    return parseInlineKeyboard(fields["inline_keyboard"]);
  }
  return { kind: fields["force_reply"] === true ? "other" : "none" };
}

/** Like {@link parseReplyMarkup}, for edits, which take nothing but an inline keyboard. */
export function parseEditedMarkup(value: unknown): InlineKeyboardMarkup | undefined {
  const markup = parseReplyMarkup(value);
  if (markup.kind === "other") {
    throw badRequest("inline keyboard expected");
  }
  return markup.kind === "inline" ? markup.keyboard : undefined;
}

function parseInlineKeyboard(value: unknown): ReplyMarkup {
  if (!Array.isArray(value)) {
    throw badRequest('field "inline_keyboard" must be of type Array');
  }
  const rows = value.map((row: unknown) => {
    if (!Array.isArray(row)) {
      throw badRequest("can't parse inline keyboard: expected an Array of InlineKeyboardButton");
    }
    return row.map((button: unknown) => parseButton(button));
  });
  const keyboard = rows.filter((row) => row.length > 0);
  if (keyboard.flat().length > buttonsMax) {
    throw badRequest("reply markup is too long");
  }
  return keyboard.length === 0
    ? { kind: "none" }
    : { kind: "inline", keyboard: { inline_keyboard: keyboard } };
}

const styles = ["danger", "success", "primary"] as const;

function parseButton(value: unknown): InlineKeyboardButton {
  if (typeof value !== "object" || value === null) {
    throw badRequest("can't parse inline keyboard button: InlineKeyboardButton must be an Object");
  }
  const { text, callback_data: data, style }: Record<string, unknown> = { ...value };
  if (text === undefined) {
    throw badRequest(`can't parse inline keyboard button: Can't find field "text"`);
  }
  if (typeof text !== "string") {
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be of type String');
  }
  if (text.trim() === "") {
    throw badRequest("REPLY_MARKUP_INVALID");
  }
  if (typeof data !== "string" || data === "") {
    throw badRequest(
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    );
  }
  if (Buffer.byteLength(data) > callbackDataBytesMax) {
    throw badRequest("BUTTON_DATA_INVALID");
  }
  const shown = styles.find((known) => known === style);
  if (style !== undefined && shown === undefined) {
    throw badRequest("can't parse inline keyboard button: invalid button style specified");
  }
  return { text, callback_data: data, ...(shown !== undefined && { style: shown }) };
}
