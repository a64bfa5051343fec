// The buttons of a change that goes back by itself: Keep, Revert now, 10 more minutes. Whoever may write may press each; what comes of it
// is told in all messages that have them (keep-messages.ts).
import { reply } from "../messages/say.ts";
import { Composer } from "grammy";
import type { KeepAnswer } from "../../change/after/go-back.ts";
import type { Config } from "../../model/config.ts";
import { changedMeanwhile, noMoreTime, pressFailed } from "../../words/keep-words.ts";
import { blockedText } from "../../words/outcome-words.ts";
import { firstLine } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import type { ConfigService } from "../entrance/config-service.ts";

const pressPattern = /^(stay|back|longer):([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;

export function keepButtons({ doors, keeps }: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, configId, number] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (live === undefined) return;
    const revision = Number(number);
    const decide = { stay: keeps.keep, back: keeps.takeBack, longer: keeps.extend };
    if (act !== "stay" && act !== "back" && act !== "longer") return;
    await answerKeepPress(ctx, live.config, revision, await decide[act](live, revision, ctx.admin));
  });
  return composer;
}

/** Says to whoever pressed what came of it, where the messages that ask do not. */
export async function answerKeepPress(
  ctx: BotContext,
  config: Config,
  revision: number,
  answered: KeepAnswer,
): Promise<void> {
  switch (answered.kind) {
    case "done":
      return answerPress(ctx);
    case "not_pending":
      return outOfDate(ctx);
    case "moved":
      return answerPress(ctx, firstLine(changedMeanwhile(config.fileName, revision)));
    case "no_more_time":
      return answerPress(ctx, noMoreTime);
    case "blocked":
      await answerPress(ctx);
      await reply(ctx, blockedText(config.fileName, answered.why));
      return undefined;
    case "failed":
      await answerPress(ctx);
      await reply(ctx, pressFailed(config.fileName, answered.trouble));
      return undefined;
    default:
      return answered satisfies never;
  }
}
