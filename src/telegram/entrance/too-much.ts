// What one person sends beyond all measure is left out, and they are told so once at a time: answers to all of it would only be more.
import { reply } from "../messages/say.ts";
import type { Middleware } from "grammy";
import { tooMuchAtOnce } from "../../words/file-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress } from "../messages/buttons.ts";
import type { Turns } from "../updates/turns.ts";

/** For those behind the access check. */
export function leaveOutTooMuch(isTooMuch: Turns["isTooMuch"]): Middleware<BotContext> {
  const beingTold = new Set<number>();
  return async (ctx, next) => {
    if (!isTooMuch(ctx.update)) return next();
    const { id } = ctx.admin;
    if (beingTold.has(id)) return undefined;
    beingTold.add(id);
    try {
      if (ctx.callbackQuery === undefined) await reply(ctx, tooMuchAtOnce);
      else await answerPress(ctx, tooMuchAtOnce);
    } finally {
      beingTold.delete(id);
    }
    return undefined;
  };
}
