// The buttons of changes that wait for a word: Apply anyway, Merge both, Roll back, Discard. Only whoever made the change may
// press them, and what was shown is what is agreed to: where another version is live by then, nothing changes and it asks again.
import { Composer, InlineKeyboard } from "grammy";
import { type LiveConfig, readLive } from "../store/local/live-config.ts";
import type { ParkedChange } from "../change/parked-changes.ts";
import { describeStale } from "../change/stale.ts";
import { versionByHash } from "../change/versions.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import { answerPress, createActOnce, outcomeKeyboard, outOfDate } from "./buttons.ts";
import { comparisonLines, keptCurrent, mergeOffer, parkedTitle } from "../words/change-phrases.ts";
import { replyWithChanges } from "./changes-message.ts";
import { outcomeText } from "../words/outcome-phrases.ts";
import { buttonLabels, onlySenderMayChoose, questionCancelled } from "../words/phrases.ts";
import type { StartChange } from "./upload-intake.ts";

const pressPattern = /^(changes|anyway|merge|discard|keep):([A-Za-z0-9_-]{16})$/;
const linesShownMax = 30;

export function parkedButtons(
  service: ConfigService,
  startChange: StartChange,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { doors, parked, inspector } = service;
  const once = createActOnce();

  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, id] = ctx.match;
    const change = id === undefined ? undefined : await parked.read(id);
    const messageId = ctx.callbackQuery.message?.message_id;
    if (id === undefined || change === undefined || messageId === undefined) return outOfDate(ctx);
    if (act !== "changes" && change.userId !== ctx.admin.id) {
      const visible = await doors.press(ctx, change.configId, "read");
      return visible === undefined ? undefined : answerPress(ctx, onlySenderMayChoose);
    }
    const live = await doors.press(ctx, change.configId, act === "changes" ? "read" : "write");
    if (live === undefined) return undefined;
    if (act === "changes") {
      await answerPress(ctx);
      return showChanges(ctx, live, change);
    }
    const isFirst = await once(id, async () => {
      if (act === "anyway") await goOn(ctx, live, change, id, messageId);
      else if (act === "merge") await offerMerge(ctx, live, change);
      else await ctx.editMessageText(endedText(act, live.config.fileName));
      if (act === "discard") service.uploads.discarded(live, ctx.admin);
      // Only now: a crash or a refusal before this leaves the button as it was.
      await parked.remove(id);
    });
    return isFirst ? answerPress(ctx) : outOfDate(ctx);
  });

  async function showChanges(
    ctx: BotContext,
    live: LiveConfig,
    change: ParkedChange,
  ): Promise<void> {
    const now = await readLive(live);
    await replyWithChanges(ctx, inspector, {
      fileName: live.config.fileName,
      title: parkedTitle(live.config.fileName),
      before: now?.bytes ?? Buffer.of(),
      after: change.bytes,
    });
  }

  async function goOn(
    ctx: BotContext,
    live: LiveConfig,
    change: ParkedChange,
    id: string,
    messageId: number,
  ): Promise<void> {
    const chatId = ctx.chat?.id;
    if (chatId === undefined) return;
    await startChange({
      live,
      author: ctx.admin,
      arrival: ctx.arrival,
      how: change.how,
      purpose: "apply",
      reason: change.reason,
      place: { chat_id: chatId, reply_to: messageId, message_id: messageId },
      message: change.message,
      key: `parked:${id}`,
      base: { sha256: change.shownSha256, madeFromSha256: change.baseSha256 },
      unchecked: change.unchecked,
      receive: () => Promise.resolve({ kind: "received", bytes: change.bytes }),
    });
  }

  async function offerMerge(
    ctx: BotContext,
    live: LiveConfig,
    change: ParkedChange,
  ): Promise<void> {
    const { fileName } = live.config;
    const now = await readLive(live);
    const base =
      change.baseSha256 === null ? undefined : await versionByHash(live, change.baseSha256);
    const merge =
      now === undefined || base === undefined
        ? undefined
        : await inspector.merge(base.bytes, now.bytes, change.bytes);
    if (now === undefined || merge?.kind !== "merged") return showStale(ctx, live, change);
    const bytes = Buffer.from(merge.text);
    const comparison = await inspector.compare(now.bytes, bytes);
    // What is live now is in the merge: it is what this edit was made from.
    const [shownSha256, baseSha256] = [now.sha256, now.sha256];
    const id = await parked.park({ ...change, shownSha256, baseSha256, bytes });
    await ctx.editMessageText(mergeOffer(fileName, comparisonLines(comparison, linesShownMax)), {
      reply_markup: new InlineKeyboard()
        .text(buttonLabels.showChanges, `changes:${id}`)
        .row()
        .text(buttonLabels.applyMerge, `anyway:${id}`)
        .text(buttonLabels.discard, `discard:${id}`),
    });
  }

  /** The two edits fitted together, and another change has landed since: the admin decides anew. */
  async function showStale(ctx: BotContext, live: LiveConfig, change: ParkedChange): Promise<void> {
    const { config } = live;
    const baseSha256 = change.baseSha256 ?? change.shownSha256;
    const stale = await describeStale(live, change.bytes, baseSha256, inspector);
    const parkedId = await parked.park({ ...change, shownSha256: stale.liveSha256 });
    const outcome = { kind: "stale", parkedId, ...stale } as const;
    const text = outcomeText(config.fileName, outcome, { author: ctx.admin, nowMs: Date.now() });
    const keyboard = outcomeKeyboard(config.id, outcome);
    await ctx.editMessageText(text, keyboard === undefined ? {} : { reply_markup: keyboard });
  }

  return composer;
}

function endedText(act: string | undefined, fileName: string): string {
  return act === "keep" ? keptCurrent(fileName) : questionCancelled(fileName);
}
