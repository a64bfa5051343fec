// The buttons of changes that wait for a word: Apply anyway, Merge both, Roll back, Discard. Only whoever made the change may
// press them, and what was shown is what is agreed to: where another version is live by then, nothing changes and it asks again.
import { Composer, HttpError, InlineKeyboard } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { type LiveConfig, readLive } from "../store/local/live-config.ts";
import type { ParkedChange } from "../change/parked-changes.ts";
import { describeStale } from "../change/stale.ts";
import { versionByHash } from "../change/versions.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import { answerPress, outcomeKeyboard, outOfDate } from "./buttons.ts";
import { comparisonLines, keptCurrent, mergeOffer, parkedTitle } from "../words/change-phrases.ts";
import { replyWithChanges } from "./changes-message.ts";
import { outcomeText } from "../words/outcome-phrases.ts";
import { buttonLabels, onlySenderMayChoose, questionCancelled } from "../words/phrases.ts";
import type { StartChange } from "./upload-intake.ts";

const pressPattern = /^(changes|anyway|merge|discard|keep):([A-Za-z0-9_-]{16})$/;
const linesShownMax = 30;

/** What waits, and the message whose button was pressed. */
interface Pressed {
  readonly id: string;
  readonly chatId: number;
  readonly messageId: number;
  readonly botId: number;
}

export function parkedButtons(
  service: ConfigService,
  startChange: StartChange,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { doors, parked, inspector } = service;

  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, id] = ctx.match;
    const change = id === undefined ? undefined : await parked.read(id);
    const { message_id: messageId, chat } = ctx.callbackQuery.message ?? {};
    if (id === undefined || change === undefined || messageId === undefined || chat === undefined) {
      return outOfDate(ctx);
    }
    const pressed = { id, chatId: chat.id, messageId, botId: ctx.me.id };
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
    // It waits until that is done: a crash or a refusal before leaves the button as it was.
    const isFirst = await parked.act(id, async () => {
      if (act === "anyway") await goOn(ctx, live, change, pressed);
      else if (act === "merge") await offerMerge(ctx, live, change, pressed);
      else await ctx.editMessageText(endedText(act, live.config.fileName));
      if (act === "discard") service.uploads.discarded(live, ctx.admin.id);
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
    { id, chatId, messageId }: Pressed,
  ): Promise<void> {
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
    pressed: Pressed,
  ): Promise<void> {
    const { fileName } = live.config;
    const now = await readLive(live);
    const base =
      change.baseSha256 === null ? undefined : await versionByHash(live, change.baseSha256);
    const merge =
      now === undefined || base === undefined
        ? undefined
        : await inspector.merge(base.bytes, now.bytes, change.bytes);
    if (now === undefined || merge?.kind !== "merged") {
      return showStale(ctx, live, change, pressed);
    }
    const bytes = Buffer.from(merge.text);
    const comparison = await inspector.compare(now.bytes, bytes);
    // What is live now is in the merge: it is what this edit was made from.
    const [shownSha256, baseSha256] = [now.sha256, now.sha256];
    await askAnew(ctx, { ...change, shownSha256, baseSha256, bytes }, pressed, (id) => ({
      text: mergeOffer(fileName, comparisonLines(comparison, linesShownMax)),
      keyboard: new InlineKeyboard()
        .text(buttonLabels.showChanges, `changes:${id}`)
        .row()
        .text(buttonLabels.applyMerge, `anyway:${id}`)
        .text(buttonLabels.discard, `discard:${id}`),
    }));
  }

  /** The two edits fitted together, and another change has landed since: the admin decides anew. */
  async function showStale(
    ctx: BotContext,
    live: LiveConfig,
    change: ParkedChange,
    pressed: Pressed,
  ): Promise<void> {
    const { config } = live;
    const baseSha256 = change.baseSha256 ?? change.shownSha256;
    const stale = await describeStale(live, change.bytes, baseSha256, inspector);
    const shown = { ...change, shownSha256: stale.liveSha256 };
    await askAnew(ctx, shown, pressed, (parkedId) => {
      const outcome = { kind: "stale", parkedId, ...stale } as const;
      return {
        text: outcomeText(config.fileName, outcome, { author: ctx.admin, nowMs: Date.now() }),
        keyboard: outcomeKeyboard(config.id, outcome),
      };
    });
  }

  /** In the same message; what waited under it has ended then. */
  async function askAnew(
    ctx: BotContext,
    change: ParkedChange,
    pressed: Pressed,
    view: (id: string) => { text: string; keyboard: InlineKeyboardMarkup | undefined },
  ): Promise<void> {
    const id = await parked.park(change, pressed.id);
    const { text, keyboard } = view(id);
    const { botId, chatId, messageId } = pressed;
    const shownIn = { bot_id: botId, chat_id: chatId, message_id: messageId };
    try {
      await ctx.editMessageText(text, keyboard === undefined ? {} : { reply_markup: keyboard });
    } catch (error) {
      // Where only the answer was lost, the new buttons may be there.
      if (error instanceof HttpError) await parked.shownIn(id, shownIn);
      else await parked.remove(id);
      throw error;
    }
    await parked.shownIn(id, shownIn);
  }

  return composer;
}

function endedText(act: string | undefined, fileName: string): string {
  return act === "keep" ? keptCurrent(fileName) : questionCancelled(fileName);
}
