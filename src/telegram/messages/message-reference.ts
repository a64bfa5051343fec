// How a message is named in what is kept: by its numbers, and the bot that sees it under them.
import type { MessageReference } from "../../model/revision.ts";

export function messageReference(
  message: { readonly message_id: number; readonly chat: { readonly id: number } },
  bot: { readonly id: number },
): MessageReference {
  return { bot_id: bot.id, chat_id: message.chat.id, message_id: message.message_id };
}
