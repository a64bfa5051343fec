// Merge both, under an upload that took back somebody's change unseen: whoever may write, and sees it, is shown the merge in a message of
// their own, until somebody changes the file again.
import { Composer } from "grammy";
import { mergeSetBack } from "../../change/set-back.ts";
import { mergeOffer } from "../../words/change-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import { answerPress, mergeKeyboard, outOfDate } from "../messages/buttons.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { messageReference } from "../messages/message-reference.ts";
import { reply } from "../messages/say.ts";
import { replyParameters } from "../messages/status-message.ts";

const pressPattern = /^both:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;

export function setBackButtons({
  doors,
  parked,
  inspector,
}: Pick<ConfigService, "doors" | "parked" | "inspector">): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, configId, number] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (live === undefined) return undefined;
    const merge = await mergeSetBack(live, Number(number), ctx.admin.id, inspector);
    if (merge === undefined) return outOfDate(ctx);
    await answerPress(ctx);
    // Whoever sees no answer presses again: all that comes of it is one decision.
    const decision = ctx.callbackQuery.data;
    const id = await parked.park({ ...merge.change, decision });
    try {
      const offer = await reply(ctx, mergeOffer(live.config.fileName, merge.changes), {
        ...replyParameters(ctx.callbackQuery.message?.message_id ?? null),
        keyboard: mergeKeyboard(id),
      });
      await parked.shownIn(id, messageReference(offer, ctx.me));
    } catch (error) {
      // Where only the answer was lost, the buttons may be there.
      if (!(error instanceof NoAnswer)) await parked.remove(id);
      throw error;
    }
    return undefined;
  });
  return composer;
}
