// Going back: /rollback_* to any revision, with a preview first, and Undo of a change while it is still live. Both are new
// revisions, made by the same write path as an upload.
import { Composer, InlineKeyboard } from "grammy";
import { readLive } from "../store/local/live-config.ts";
import { noFileSha256 } from "../change/parked-changes.ts";
import { previousRevision, replacedBytes } from "../store/local/versions.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import { answerPress, outOfDate, removeButtons } from "./buttons.ts";
import {
  alreadyLive,
  changedSince,
  comparisonLines,
  madeAnew,
  revisionPruned,
  rollbackPreview,
} from "../words/change-phrases.ts";
import { buttonLabels } from "../words/phrases.ts";
import { askedRevision, askedVersion } from "./asked-version.ts";
import { messageReference } from "./message-reference.ts";
import type { StartChange } from "./upload-intake.ts";

const undoPattern = /^undo:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;
const linesShownMax = 30;
const never = new AbortController().signal;

export function rollbackCommands({
  doors,
  inspector,
  parked,
}: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    doors.command("rollback", async (ctx, live) => {
      const { config } = live;
      const revision = askedRevision(ctx) ?? (await previousRevision(live));
      const found = await askedVersion(ctx, live, revision);
      if (found === undefined) return undefined;
      const now = await readLive(live);
      if (now?.sha256 === found.entry.sha256) {
        return ctx.reply(alreadyLive(config.fileName, found.entry.revision));
      }
      const [comparison, validation] = await Promise.all([
        now === undefined ? undefined : inspector.compare(now.bytes, found.bytes),
        inspector.check(found.bytes, config, never),
      ]);
      const problems = validation.kind === "invalid" ? validation.problems : [];
      const id = await parked.park({
        configId: config.id,
        how: "rollback",
        userId: ctx.admin.id,
        reason: null,
        message: null,
        shownSha256: now?.sha256 ?? noFileSha256,
        baseSha256: null,
        unchecked: problems.length > 0,
        bytes: found.bytes,
      });
      const lines =
        comparison === undefined ? [madeAnew] : comparisonLines(comparison, linesShownMax);
      const label = problems.length === 0 ? buttonLabels.rollBack : buttonLabels.rollBackAnyway;
      const text = rollbackPreview(config.fileName, found.entry, lines, problems);
      const preview = await ctx.reply(text, {
        reply_markup: new InlineKeyboard()
          .text(label, `anyway:${id}`)
          .text(buttonLabels.keepCurrent, `keep:${id}`),
      });
      return parked.shownIn(id, messageReference(preview, ctx.me));
    }),
  );
  return composer;
}

/** Restores exactly what a change replaced, only while that change's version is still live. */
export function undoButtons(
  { doors }: ConfigService,
  startChange: StartChange,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(undoPattern, async (ctx) => {
    const [, configId, number] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (live === undefined) return undefined;
    const messageId = ctx.callbackQuery.message?.message_id;
    if (messageId === undefined) return outOfDate(ctx);
    const entry = await live.history.get(Number(number));
    if (entry === undefined || entry.backup === null) return outOfDate(ctx);
    const now = await readLive(live);
    // The same bytes are not enough: somebody may have changed the file and put them back since.
    if (now?.sha256 !== entry.sha256 || now.revision !== entry.revision) {
      const changed = now?.revision === undefined ? undefined : live.history.last;
      await answerPress(ctx, changedSince(live.config.fileName, changed));
      return removeButtons(ctx);
    }
    const bytes = await replacedBytes(live, entry);
    if (bytes === undefined) {
      await answerPress(ctx, revisionPruned(live.config, entry.revision - 1));
      return removeButtons(ctx);
    }
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
      receive: () => Promise.resolve({ kind: "received", bytes }),
    });
  });
  return composer;
}
