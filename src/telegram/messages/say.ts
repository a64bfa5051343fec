// The one way out: whatever people read goes through here, in the language of whoever reads it, with its marks as entities. Nothing is
// parsed from markup, so no name or value can break a text.
import type { Api, InputFile } from "grammy";
import type { Message } from "grammy/types";
import type { Language, Line } from "../../words/line.ts";
import { type Rendered, renderLine, type Text, titled } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Languages } from "./languages.ts";
import { messageText } from "./message-text.ts";
import { callFailure, type grammySignal } from "../api/telegram-api.ts";

/** What is said: a text, a line that is one, or what was rendered to be measured. */
export type Said = Text | Line | Rendered;

interface Under {
  /** Its buttons; without it there are none. */
  readonly keyboard?: Keyboard | undefined;
}
type SendOptions = Under &
  Omit<NonNullable<Parameters<Api["sendMessage"]>[2]>, "entities" | "parse_mode">;
type Signal = ReturnType<typeof grammySignal>;

/** How it reads as a message of its own. */
export function spoken(said: Said, language: Language): Rendered {
  if (isText(said)) return messageText(said, language);
  if (typeof said === "string" || "en" in said) return titled(renderLine(said, language));
  return said;
}

function isText(said: Said): said is Text {
  return Array.isArray(said);
}

/** What a call says beside the text. */
function besides<Options extends Under>(
  { entities }: Rendered,
  { keyboard, ...options }: Options,
  language: Language,
) {
  return {
    ...options,
    ...(entities.length > 0 && { entities: [...entities] }),
    ...(keyboard !== undefined && { reply_markup: keyboard.in(language) }),
  };
}

/** Answers in the chat of the update. */
export function reply(
  ctx: BotContext,
  said: Said,
  options: SendOptions = {},
): Promise<Message.TextMessage> {
  const rendered = spoken(said, ctx.language);
  return ctx.reply(rendered.text, besides(rendered, options, ctx.language));
}

/** Answers with a file. */
export async function replyWithFile(
  ctx: BotContext,
  file: InputFile,
  caption?: Said,
): Promise<void> {
  if (caption === undefined) {
    await ctx.replyWithDocument(file);
    return;
  }
  const { text, entities } = spoken(caption, ctx.language);
  await ctx.replyWithDocument(file, { caption: text, caption_entities: [...entities] });
}

/** Answers with a picture. */
export async function replyWithPicture(
  ctx: BotContext,
  file: InputFile,
  caption: Said,
): Promise<void> {
  const { text, entities } = spoken(caption, ctx.language);
  await ctx.replyWithPhoto(file, { caption: text, caption_entities: [...entities] });
}

/** Rewrites the message whose button was pressed. It may say the same already: where the answer to a call is lost, the next one is refused for that. */
export async function editPressed(ctx: BotContext, said: Said, options: Under = {}): Promise<void> {
  const rendered = spoken(said, ctx.language);
  try {
    await ctx.editMessageText(rendered.text, besides(rendered, options, ctx.language));
  } catch (error) {
    if (callFailure(error).kind !== "not_modified") throw error;
  }
}

/** A label, or what is shown where there are no entities. */
export function plain({ language }: BotContext, said: Line): string {
  return renderLine(said, language).text;
}

/** A chat of which no update tells: what is said there comes later, or to somebody else. */
export interface Speaker {
  readonly api: Api;
  readonly languages: Pick<Languages, "inChat">;
}

export interface Where {
  readonly chat_id: number;
  /** Whoever is meant in a group; undefined where that is not known any more. */
  readonly readerId: number | undefined;
}

export async function send(
  { api, languages }: Speaker,
  { chat_id: chatId, readerId }: Where,
  said: Said,
  options: SendOptions = {},
  signal?: Signal,
): Promise<Message.TextMessage> {
  const language = await languages.inChat(chatId, readerId);
  const rendered = spoken(said, language);
  return api.sendMessage(chatId, rendered.text, besides(rendered, options, language), signal);
}

export async function edit(
  { api, languages }: Speaker,
  { chat_id: chatId, message_id: messageId, readerId }: Where & { readonly message_id: number },
  said: Said,
  options: Under = {},
  signal?: Signal,
): Promise<void> {
  const language = await languages.inChat(chatId, readerId);
  const rendered = spoken(said, language);
  const other = besides(rendered, options, language);
  await api.editMessageText(chatId, messageId, rendered.text, other, signal);
}
