// The messages around a question for a file: how it is asked, and what comes as an answer.
import type { Message } from "grammy/types";
import type { ConfigStore } from "../../store/port.ts";
import { asksForFile, type WrongThing } from "../../words/file-words.ts";
import type { Text } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { replyTarget } from "../updates/reply-target.ts";
import { reply } from "../messages/say.ts";
import { isCallError } from "../api/telegram-api.ts";
import type { DocumentMessage } from "./choices.ts";
import { replyParameters } from "../messages/status-message.ts";

/** A question of the bot's for a file, anybody's, open or closed. */
export function repliesToQuestion(ctx: BotContext, lives: readonly ConfigStore[]): boolean {
  const target = ctx.message === undefined ? undefined : replyTarget(ctx.message);
  if (target?.kind !== "message" || target.message.from?.id !== ctx.me.id) return false;
  const { text = "" } = target.message;
  return lives.some(({ config }) => asksForFile(text, config.fileName));
}

/** Where Telegram does not take it, or does not answer, that is logged. @returns which message it became */
export async function tell(
  ctx: BotContext,
  text: Text,
  options: Parameters<BotContext["reply"]>[1],
): Promise<number | null> {
  try {
    return (await reply(ctx, text, options)).message_id;
  } catch (error) {
    if (!isCallError(error)) throw error;
    ctx.onTrouble("telling what is waited for", error);
    return null;
  }
}

/** In a group, a bot in privacy mode sees only replies to it; so the question asks for one, of this person alone. */
export function questionOptions(ctx: BotContext): Parameters<BotContext["reply"]>[1] {
  if (ctx.chat?.type === "private" || ctx.msg === undefined) return {};
  return {
    ...replyParameters(ctx.msg.message_id),
    reply_markup: { force_reply: true, selective: true },
  };
}

export function documentMessage(message: Message | undefined): DocumentMessage | undefined {
  const document = message?.document;
  if (message === undefined || document === undefined) return undefined;
  return { message_id: message.message_id, chat: { id: message.chat.id }, document };
}

/** What admins say to each other in a group is no answer, unless it replies to the bot. */
export function isAnswer(ctx: BotContext, message: Message): boolean {
  return ctx.chat?.type === "private" || message.reply_to_message?.from?.id === ctx.me.id;
}

export function wrongThing(message: Message): WrongThing {
  if (message.media_group_id !== undefined) return "album";
  if (message.photo !== undefined) return "photo";
  if (message.sticker !== undefined) return "sticker";
  return message.text === undefined ? "other" : "text";
}
