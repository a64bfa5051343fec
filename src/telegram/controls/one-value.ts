// /set_* with a path: shows that value, or asks whether to change it. With no path it is a question for a file, and goes on.
import { Composer } from "grammy";
import { type AskedValue, askForValue, type ValueAnswer } from "../../change/one-value.ts";
import type { Config } from "../../model/config.ts";
import { unreadable } from "../../words/answer-words.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { outcomeText } from "../../words/outcome-words.ts";
import type { Text } from "../../words/text.ts";
import {
  noSuchPath,
  openQuote,
  valueAlready,
  valueOffer,
  valueRefused,
  valueShown,
  valueUnreadable,
} from "../../words/value-words.ts";
import { askedValue } from "./asked-value.ts";
import type { Admin, BotContext } from "../updates/bot-context.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { messageReference } from "../messages/message-reference.ts";
import { reply } from "../messages/say.ts";
import { replyParameters } from "../messages/status-message.ts";
import { Keyboard } from "../messages/keyboard.ts";

type Answered = Exclude<ValueAnswer, { readonly kind: "no_path" }>;

/** Belongs before the question for a file. */
export function oneValue(
  service: Pick<ConfigService, "doors" | "inspector" | "parked">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    service.doors.command("set", async (ctx, live, next) => {
      const said = askedValue(ctx.command?.rest ?? "");
      if (said === undefined) return next();
      const asked = "kind" in said ? { path: said.path, value: null, reason: null } : said;
      const answer = await askForValue(live, asked, ctx.admin.id, service);
      if (answer.kind === "no_path") return next();
      const isOpen = "kind" in said && answer.kind === "shown";
      const text = isOpen
        ? [openQuote(live.config, said.path)]
        : answerText(ctx.admin, live.config, answer, asked);
      const keyboard = answer.kind === "offer" ? offerKeyboard(answer.parkedId) : undefined;
      const isPrivate = ctx.chat?.type === "private";
      const message = await reply(ctx, text, {
        ...replyParameters(isPrivate ? null : (ctx.msg?.message_id ?? null)),
        ...(keyboard !== undefined && { keyboard }),
      });
      if (answer.kind === "offer")
        await service.parked.shownIn(answer.parkedId, messageReference(message, ctx.me));
      return undefined;
    }),
  );
  return composer;
}

function offerKeyboard(id: string): Keyboard {
  return new Keyboard()
    .text(buttonLabels.apply, `anyway:${id}`)
    .text(buttonLabels.discard, `discard:${id}`);
}

function answerText(
  author: Admin,
  config: Config,
  answer: Answered,
  { path, reason }: AskedValue,
): Text {
  switch (answer.kind) {
    case "missing":
      return noSuchPath(config, path, answer);
    case "shown":
      return valueShown(config, answer.value, answer.setBy);
    case "same":
      return valueAlready(config, answer);
    case "refused":
      return valueRefused(config, answer.path, answer.fault);
    case "unreadable":
      return [valueUnreadable(config)];
    case "trouble":
      return [unreadable(config.fileName, answer.trouble)];
    case "invalid":
      return outcomeText(config.fileName, answer, { author, nowMs: Date.now() });
    case "offer":
      return valueOffer(config, answer.edit, reason);
    default:
      return answer satisfies never;
  }
}
