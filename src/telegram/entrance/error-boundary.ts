// What a handler threw: a line of the log, and a short reply for whoever waits for an answer.
import { reply } from "../messages/say.ts";
import type { MiddlewareFn } from "grammy";
import { refusedBecause } from "../../model/trouble.ts";
import {
  diskRefused,
  fileRefused,
  fileUnconfirmed,
  somethingWentWrong,
} from "../../words/answer-words.ts";
import type { Line } from "../../words/line.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import { fileMethods } from "../api/repeat-calls.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { replyParameters } from "../messages/status-message.ts";
import { failedCallOf, isCallError } from "../api/telegram-api.ts";

/** One place turns what a handler threw into a log line and, for admins, a short reply. */
export function errorBoundary(listener: {
  /** Expected trouble, such as Telegram refusing a call. */
  readonly trouble: (what: string, error: unknown) => void;
  readonly bug: (error: unknown) => void;
}): MiddlewareFn<BotContext> {
  const trouble = (error: unknown): void => listener.trouble("answering", error);

  /** @returns what whoever waits is told; undefined where it is not known whether they wait */
  function explained(error: unknown): Line | undefined {
    if (isCallError(error)) {
      trouble(error);
      return withoutFile(error);
    }
    const refusal = refusedBecause(error);
    if (refusal === undefined) listener.bug(error);
    else trouble(error);
    return refusal === undefined ? somethingWentWrong : diskRefused(refusal);
  }

  async function explain(ctx: BotContext, error: unknown): Promise<void> {
    const text = explained(error);
    // A stranger has no admin, and is told nothing.
    const isStranger = (ctx.admin as BotContext["admin"] | undefined) === undefined;
    if (text === undefined || isStranger) return;
    await reply(ctx, text, replyParameters(ctx.msgId ?? null));
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

/** A text whose answer is lost has probably arrived; a file is missed. */
function withoutFile(error: unknown): Line | undefined {
  const { method = "" } = failedCallOf(error) ?? {};
  if (!fileMethods.includes(method)) return undefined;
  return error instanceof NoAnswer ? fileUnconfirmed : fileRefused;
}
