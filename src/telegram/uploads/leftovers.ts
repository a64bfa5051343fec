// Documents from before a restart that are not tried again: the question that one of them answered is closed, and whose file never
// began is told so. Behind the conversations, since it may be a question that says which config a file was for.
import type { Context, MiddlewareFn } from "grammy";
import type { ConfigStore } from "../../store/port.ts";
import type { Update } from "grammy/types";
import { interruptedText, leftoverText } from "../../words/applied-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { Leftover } from "../updates/deliveries.ts";
import { type Chats, sayFinal } from "../messages/status-message.ts";
import { openQuestion } from "./upload-conversation.ts";

export interface Leftovers {
  /** Resolves when its sender was told, or cannot be. */
  handle(update: Update, leftover: Leftover): Promise<void>;
  /** Ends what {@link Leftovers.handle} began. */
  middleware(lives: readonly ConfigStore[]): MiddlewareFn<BotContext>;
}

/** @param handleUpdate - has the bot handle it, through {@link Leftovers.middleware} */
export function createLeftovers(
  chats: Chats,
  handleUpdate: (update: Update) => Promise<void>,
): Leftovers {
  const underWay = new Map<Update, Leftover>();
  const telling = new Map<Update, Promise<void>>();

  async function tell(ctx: Context, { kind }: Leftover, live: ConfigStore | undefined) {
    const { chatId, msg } = ctx;
    if (chatId === undefined || msg === undefined) return;
    // To what was sent to another bot there is nothing to answer in this one's chat.
    const replyTo = kind === "foreign" ? null : msg.message_id;
    const place = { bot_id: ctx.me.id, chat_id: chatId, reply_to: replyTo, message_id: null };
    const text =
      live === undefined ? leftoverText : interruptedText(live.config.fileName, undefined);
    await sayFinal(chats, place, ctx.from?.id, text);
  }

  return {
    async handle(update, leftover) {
      underWay.set(update, leftover);
      try {
        await handleUpdate(update);
        await telling.get(update);
      } finally {
        underWay.delete(update);
        telling.delete(update);
      }
    },
    middleware: (lives) => async (ctx, next) => {
      const leftover = underWay.get(ctx.update);
      if (leftover === undefined) return next();
      const { kind } = leftover;
      const asked = configOfCaption(ctx, lives);
      // Telegram may be away for long: what this person sent after it does not wait for that.
      if (kind === "foreign") telling.set(ctx.update, tell(ctx, leftover, asked));
      if (kind === "given_up") {
        telling.set(ctx.update, tell(ctx, leftover, asked ?? openQuestion(ctx, lives)));
      }
      if (kind !== "foreign") await ctx.conversation.exitAll();
      return undefined;
    },
  };
}

function configOfCaption(ctx: BotContext, lives: readonly ConfigStore[]): ConfigStore | undefined {
  const id = /^(?:set|check|schedule)_(.+)$/.exec(ctx.command?.name ?? "")?.[1];
  return lives.find(({ config }) => config.id === id);
}
