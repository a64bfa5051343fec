// The buttons of an edit on the server: Keep and Put back, for whoever may write. What comes of it is told in all messages that have them
// (tell-drift.ts); putting back is a change like a rollback, and reports like one.
import { Composer } from "grammy";
import type { ConfigStore } from "../../store/port.ts";
import { revisionPruned } from "../../words/rollback-words.ts";
import { driftMoved, driftNotKept } from "../../words/drift-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import { reply } from "../messages/say.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import type { StartChange } from "../uploads/upload-intake.ts";

const pressPattern = /^drift:(keep|back):([a-z][a-z0-9_]{0,19}):([0-9a-f]{16}|gone)$/;

export function driftButtons(
  { doors, drifts }: ConfigService,
  startChange: StartChange,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, configId, tag = ""] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (live === undefined) return undefined;
    return act === "keep" ? keep(ctx, live, tag) : putBack(ctx, live, tag);
  });

  async function keep(ctx: BotContext, live: ConfigStore, tag: string): Promise<void> {
    const { fileName } = live.config;
    const answer = await drifts.keep(live, tag, ctx.admin);
    switch (answer.kind) {
      case "kept":
        return answerPress(ctx);
      case "decided":
        return outOfDate(ctx);
      case "moved":
        return answerPress(ctx, driftMoved(fileName));
      case "failed":
        await answerPress(ctx);
        await reply(ctx, driftNotKept(fileName, answer.trouble));
        return undefined;
      default:
        return answer satisfies never;
    }
  }

  async function putBack(ctx: BotContext, live: ConfigStore, tag: string): Promise<void> {
    const found = await drifts.putBack(live, tag);
    const { message, id } = ctx.callbackQuery ?? {};
    switch (found.kind) {
      case "decided":
        return outOfDate(ctx);
      case "moved":
        return answerPress(ctx, driftMoved(live.config.fileName));
      case "pruned":
        return answerPress(ctx, revisionPruned(live.config, found.revision));
      case "ready": {
        if (message === undefined) return outOfDate(ctx);
        await answerPress(ctx);
        const { version, base } = found;
        await startChange({
          live,
          author: ctx.admin,
          arrival: ctx.arrival,
          how: "rollback",
          purpose: "apply",
          reason: null,
          place: { chat_id: message.chat.id, reply_to: message.message_id, message_id: null },
          message: null,
          // Its buttons stay until something came of it: each press is a try of its own.
          key: `drift:${id}`,
          base,
          unchecked: true,
          receive: () => Promise.resolve({ kind: "received", bytes: version.bytes }),
        });
        return undefined;
      }
      default:
        return found satisfies never;
    }
  }

  return composer;
}
