// Answers to what a change beyond its limit asks: its author types the new value in the chat where it was asked, in a group as a reply. What
// is typed instead leaves it open.
import { reply } from "../messages/say.ts";
import type { MiddlewareFn } from "grammy";
import { goOnWith } from "../../change/decide.ts";
import type { ParkedNote } from "../../change/parked-changes.ts";
import type { Shown } from "../../change/waiting.ts";
import { wrongAnswer } from "../../words/proposal-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { isOthersWork } from "../updates/command.ts";
import { replyParameters } from "../messages/status-message.ts";
import type { StartChange } from "./upload-intake.ts";

interface Asked extends Pick<Shown<ParkedNote>, "id" | "message"> {
  readonly configId: string;
  readonly confirmation: NonNullable<ParkedNote["confirmation"]>;
}

export interface ConfirmAnswers {
  /** Takes right answers; belongs before an open question for a file, which would take every text. */
  readonly right: MiddlewareFn<BotContext>;
  /** Says so of wrong ones; belongs behind everything that may be meant otherwise. */
  readonly wrong: MiddlewareFn<BotContext>;
}

export function confirmAnswers(
  { lives, parked }: Pick<ConfigService, "lives" | "parked">,
  startChange: StartChange,
): ConfirmAnswers {
  const right: MiddlewareFn<BotContext> = async (ctx, next) => {
    const text = ctx.message?.text?.trim();
    if (text === undefined) return next();
    const answered = await askedOf(ctx);
    const asked = answered.find(({ confirmation }) => confirmation.answers.includes(text));
    const live = lives.find(({ config }) => config.id === asked?.configId);
    const change = asked === undefined ? undefined : await parked.read(asked.id);
    if (asked === undefined || live === undefined || change === undefined) return next();
    const { id, message } = asked;
    const isFirst = await parked.act(id, () =>
      startChange({
        ...goOnWith(live, id, change),
        agreed: [],
        author: ctx.admin,
        arrival: ctx.arrival,
        place: { ...message, reply_to: ctx.msgId ?? null },
      }),
    );
    return isFirst ? undefined : next();
  };

  const wrong: MiddlewareFn<BotContext> = async (ctx, next) => {
    const [asked] = await askedOf(ctx);
    const live = lives.find(({ config }) => config.id === asked?.configId);
    if (asked === undefined || live === undefined) return next();
    const text = wrongAnswer(live.config.fileName, asked.confirmation);
    return reply(ctx, text, replyParameters(ctx.msgId ?? null));
  };

  /** What this text may be an answer to, the newest first. */
  async function askedOf(ctx: BotContext): Promise<readonly Asked[]> {
    const { message: answer } = ctx;
    if (answer?.text === undefined || ctx.command !== undefined || isOthersWork(answer)) return [];
    const { chat, reply_to_message: replied } = answer;
    const found: Asked[] = [];
    for (const { id, message, value } of await parked.shownTo(ctx.admin.id)) {
      if (message.chat_id !== chat.id || (message.bot_id ?? ctx.me.id) !== ctx.me.id) continue;
      const isReply = replied?.message_id === message.message_id;
      if (!isReply && (chat.type !== "private" || replied !== undefined)) continue;
      const { configId, confirmation } = value;
      if (confirmation !== null) found.push({ id, message, configId, confirmation });
    }
    return found;
  }

  return { right, wrong };
}
