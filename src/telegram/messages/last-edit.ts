// Brings a message up to date whose text or buttons are out of date: again and again while Telegram is busy, since what it says now is wrong.
import { setTimeout as wait } from "node:timers/promises";
import type { MessageReference } from "../../model/revision.ts";
import { createBackoff } from "../api/backoff.ts";
import { edit, type Said, type Speaker } from "./say.ts";
import { callFailure } from "../api/telegram-api.ts";
import type { Keyboard } from "./keyboard.ts";

/** With the backoff, that is tried for about a minute. */
const attemptsMax = 8;
const backoffLimits = { firstMs: 500, maxMs: 30_000 };

/** A message of the bot's, and whom it tells in a group; undefined where that is not known any more. */
export interface ToldMessage extends MessageReference {
  readonly readerId: number | undefined;
}

/** Resolves when the message says this, or cannot; does not reject for what Telegram does. Without a keyboard it loses its buttons. */
export type LastEdit = (
  message: ToldMessage,
  text: Said,
  keyboard: Keyboard | undefined,
) => Promise<void>;

export function createLastEdit(
  speaker: Speaker,
  botId: number,
  onTrouble: (what: string, error: unknown) => void,
): LastEdit {
  return async (message, text, keyboard) => {
    // Another bot's messages have the same numbers.
    if ((message.bot_id ?? botId) !== botId) return;
    const markup = keyboard === undefined ? {} : { keyboard };
    const pauses = createBackoff(backoffLimits);
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      try {
        await edit(speaker, message, text, markup);
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
