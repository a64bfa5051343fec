// What a handler threw: a line of the log, and a short reply for whoever waits for an answer.
import { reply } from "../messages/say.ts";
import type { MiddlewareFn } from "grammy";
import { refusedBecause } from "../../model/trouble.ts";
import { diskRefused, somethingWentWrong } from "../../words/answer-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { replyParameters } from "../messages/status-message.ts";
import { isCallError } from "../api/telegram-api.ts";

/** One place turns what a handler threw into a log line and, for admins, a short reply. */
export function errorBoundary(listener: {
  /** Expected trouble, such as Telegram refusing a call. */
  readonly trouble: (what: string, error: unknown) => void;
  readonly bug: (error: unknown) => void;
}): MiddlewareFn<BotContext> {
  const trouble = (error: unknown): void => listener.trouble("answering", error);

  async function explain(ctx: BotContext, error: unknown): Promise<void> {
    if (isCallError(error)) return trouble(error);
    const refusal = refusedBecause(error);
    if (refusal === undefined) listener.bug(error);
    else trouble(error);
    // A stranger has no admin, and is told nothing.
    if ((ctx.admin as BotContext["admin"] | undefined) === undefined) return undefined;
    const text = refusal === undefined ? somethingWentWrong : diskRefused(refusal);
    await reply(ctx, text, replyParameters(ctx.msgId ?? null));
    return undefined;
  }

  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      try {
        await explain(ctx, error);
      } catch (replyError) {
        if (!isCallError(replyError)) throw replyError;
        trouble(replyError);
      }
    }
  };
}
