// Brings a message up to date whose text or buttons are out of date: again and again while Telegram is busy, since what it says now is wrong.
import { setTimeout as wait } from "node:timers/promises";
import type { Api } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { MessageReference } from "../model/revision.ts";
import { createBackoff } from "./backoff.ts";
import { callFailure } from "./telegram-api.ts";

/** With the backoff, that is tried for about a minute. */
const attemptsMax = 8;
const backoffLimits = { firstMs: 500, maxMs: 30_000 };

/** Resolves when the message says this, or cannot; does not reject for what Telegram does. Without a keyboard it loses its buttons. */
export type LastEdit = (
  message: MessageReference,
  text: string,
  keyboard: InlineKeyboardMarkup | undefined,
) => Promise<void>;

export function createLastEdit(
  api: Api,
  botId: number,
  onTrouble: (what: string, error: unknown) => void,
): LastEdit {
  return async ({ chat_id: chatId, message_id: messageId, bot_id: itsBot }, text, keyboard) => {
    // Another bot's messages have the same numbers.
    if ((itsBot ?? botId) !== botId) return;
    const markup = keyboard === undefined ? {} : { reply_markup: keyboard };
    const pauses = createBackoff(backoffLimits);
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      try {
        await api.editMessageText(chatId, messageId, text, markup);
        return;
      } catch (error) {
        const failure = callFailure(error);
        // It says so already, or it is gone, or nobody is there to read it.
        if (failure.kind !== "again") return;
        onTrouble("bringing a message up to date", error);
        await wait(Math.max(failure.afterMs ?? 0, pauses.nextMs()));
      }
    }
  };
}
