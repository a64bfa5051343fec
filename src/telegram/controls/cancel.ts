// /cancel: ends uploads at once, past everything that waits; and when its turn comes, leaves the question that is open and answers.
// What was sent or pressed before it and has not begun by then is ended as it begins.
import { reply } from "../messages/say.ts";
import type { Middleware, MiddlewareFn } from "grammy";
import type { Uploads } from "../../change/uploads.ts";
import type { ConfigStore } from "../../store/port.ts";
import { nothingToCancel, questionCancelled, tooLateToCancel } from "../../words/decision-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { chatAndPerson } from "../updates/conversation-storage.ts";
import { onCommand } from "../updates/on-command.ts";
import { inOrder, isPress, only } from "../updates/steps.ts";
import { openQuestion } from "../uploads/upload-conversation.ts";

export interface Cancelling {
  /** Belongs before everything that waits. */
  readonly atOnce: MiddlewareFn<BotContext>;
  /** Belongs behind what was sent before. */
  inTurn(lives: readonly ConfigStore[]): Middleware<BotContext>;
}

export function createCancelling(uploads: Uploads): Cancelling {
  /** Presses take no turn: those that are being handled, by chat and person. */
  const presses = new Map<string, Set<Promise<void>>>();

  const notePress: MiddlewareFn<BotContext> = async (ctx, next) => {
    const key = chatAndPerson(ctx) ?? "";
    const theirs = presses.get(key) ?? new Set();
    presses.set(key, theirs);
    const handling = next();
    theirs.add(handling);
    try {
      await handling;
    } finally {
      theirs.delete(handling);
      if (theirs.size === 0) presses.delete(key);
    }
  };

  const atOnce = inOrder(
    only(isPress, notePress),
    onCommand(["cancel"], async (ctx, next) => {
      if (ctx.chatId === undefined) return;
      const cancellation = uploads.cancel(ctx.chatId, ctx.admin.id, ctx.arrival);
      ctx.cancellation = cancellation;
      try {
        await next();
      } finally {
        cancellation.close();
      }
    }),
  );

  function inTurn(lives: readonly ConfigStore[]): Middleware<BotContext> {
    return onCommand(["cancel"], async (ctx) => {
      const asked = openQuestion(ctx, lives);
      await ctx.conversation.exitAll();
      const met = ctx.cancellation?.met ?? [];
      if (asked === undefined && met.length === 0) {
        // A button that was pressed before may be about to begin something.
        await settled(presses.get(chatAndPerson(ctx) ?? ""));
      }
      for (const { live } of met.filter(({ saving }) => saving)) {
        await reply(ctx, tooLateToCancel(live.config.fileName));
      }
      if (asked !== undefined) await reply(ctx, questionCancelled(asked.config.fileName));
      if (asked === undefined && met.length === 0) await reply(ctx, nothingToCancel);
    });
  }

  return { atOnce, inTurn };
}

/** What they failed of is said where they are handled. */
async function settled(handling: ReadonlySet<Promise<void>> | undefined): Promise<void> {
  if (handling !== undefined) await Promise.allSettled(handling);
}
