// Going back: /rollback_* to any revision, with a preview first, and Undo of a change while it is still live. Both are new
// revisions, made by the same write path as an upload.
import { reply } from "../messages/say.ts";
import { Composer } from "grammy";
import { previewRollback } from "../../change/roll-back.ts";
import { undoable } from "../../change/undo.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { answerPress, outOfDate, removeButtons } from "../messages/buttons.ts";
import { answerKeepPress } from "./keep-buttons.ts";
import {
  alreadyLive,
  changedSince,
  revisionPruned,
  rollbackPreview,
} from "../../words/rollback-words.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { askedRevision, noVersionText } from "./asked-version.ts";
import { messageReference } from "../messages/message-reference.ts";
import type { StartChange } from "../uploads/upload-intake.ts";
import { Keyboard } from "../messages/keyboard.ts";

const undoPattern = /^undo:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;

export function rollbackCommands(service: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    service.doors.command("rollback", async (ctx, live) => {
      const { config } = live;
      const found = await previewRollback(live, askedRevision(ctx), ctx.admin.id, service);
      if (found.kind === "already_live") {
        return reply(ctx, alreadyLive(config.fileName, found.entry.revision));
      }
      if (found.kind !== "preview") return reply(ctx, noVersionText(config, found));
      const { entry, changes, problems, parkedId: id } = found;
      const label = problems.length === 0 ? buttonLabels.rollBack : buttonLabels.rollBackAnyway;
      const text = rollbackPreview(config.fileName, entry, changes, problems);
      const preview = await reply(ctx, text, {
        keyboard: new Keyboard()
          .text(label, `anyway:${id}`)
          .text(buttonLabels.keepCurrent, `keep:${id}`),
      });
      return service.parked.shownIn(id, messageReference(preview, ctx.me));
    }),
  );
  return composer;
}

/** Restores exactly what a change replaced, only while that change's version is still live. */
export function undoButtons(
  { doors, keeps }: ConfigService,
  startChange: StartChange,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(undoPattern, async (ctx) => {
    const [, configId, number] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (live === undefined) return undefined;
    const messageId = ctx.callbackQuery.message?.message_id;
    if (messageId === undefined) return outOfDate(ctx);
    const revision = Number(number);
    // A guard that could not tell asks for Keep after Undo was shown: to undo that change is Revert now.
    if (keeps.waits(live.config.id, revision) !== null) {
      const answer = await keeps.takeBack(live, revision, ctx.admin);
      await answerKeepPress(ctx, live.config, revision, answer);
      return answer.kind === "done" ? removeButtons(ctx) : undefined;
    }
    const found = await undoable(live, revision);
    if (found.kind === "unknown") return outOfDate(ctx);
    if (found.kind === "changed_since") {
      await answerPress(ctx, changedSince(live.config.fileName, found.by));
      return removeButtons(ctx);
    }
    if (found.kind === "pruned") {
      await answerPress(ctx, revisionPruned(live.config, found.revision));
      return removeButtons(ctx);
    }
    const { entry, before } = found;
    const chatId = ctx.callbackQuery.message?.chat.id;
    if (chatId === undefined) return outOfDate(ctx);
    await answerPress(ctx);
    await removeButtons(ctx);
    return startChange({
      live,
      author: ctx.admin,
      arrival: ctx.arrival,
      how: "undo",
      purpose: "apply",
      reason: null,
      place: { chat_id: chatId, reply_to: messageId, message_id: null },
      message: null,
      key: `undo:${live.config.id}:${entry.revision}`,
      base: { sha256: entry.sha256 },
      unchecked: true,
      receive: () => Promise.resolve({ kind: "received", bytes: before.bytes }),
    });
  });
  return composer;
}
