// Commands that look back: /diff_*, /history_*, and Show changes under a change. They take no lock.
import { Composer, InlineKeyboard } from "grammy";
import { type LiveConfig, readLive } from "../store/local/live-config.ts";
import type { LiveVersion } from "../store/port.ts";
import {
  backupNameOf,
  findVersion,
  previousRevision,
  replacedBytes,
} from "../store/local/versions.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import { answerPress, outOfDate } from "./buttons.ts";
import {
  changeTitle,
  diffTitle,
  type HistoryLine,
  historyText,
  revisionPruned,
} from "../words/change-phrases.ts";
import { replyWithChanges } from "./changes-message.ts";
import { buttonLabels, noFile } from "../words/phrases.ts";
import { askedRevision, askedVersion } from "./asked-version.ts";
import { callFailure } from "./telegram-api.ts";

const entriesPerPage = 10;
const historyPattern = /^hist:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;
const showPattern = /^show:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;

export function pastCommands({ doors, inspector }: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    doors.command("diff", async (ctx, live) => {
      const { config, history } = live;
      const revision = askedRevision(ctx) ?? (await previousRevision(live));
      const found = await askedVersion(ctx, live, revision);
      if (found === undefined) return undefined;
      const now = await readLive(live);
      if (now === undefined) return ctx.reply(noFile(config, history.last));
      return replyWithChanges(ctx, inspector, {
        fileName: config.fileName,
        title: diffTitle(config.fileName, found.entry, changedOnDiskAt(now)),
        before: found.bytes,
        after: now.bytes,
      });
    }),
    doors.command("history", async (ctx, live) => {
      const page = await historyPage(live, live.history.last?.revision ?? 0);
      await ctx.reply(page.text, { reply_markup: page.keyboard });
    }),
  );
  return composer;
}

/** `Newer` and `Older`, and `Show changes` under a change that was applied. */
export function pastButtons({ doors, inspector }: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  composer.callbackQuery(historyPattern, async (ctx) => {
    const [, configId, newest] = ctx.match;
    const live = await doors.press(ctx, configId, "read");
    if (live === undefined) return undefined;
    const page = await historyPage(live, Number(newest));
    await answerPress(ctx);
    try {
      await ctx.editMessageText(page.text, { reply_markup: page.keyboard });
    } catch (error) {
      if (callFailure(error).kind !== "not_modified") throw error;
    }
    return undefined;
  });

  composer.callbackQuery(showPattern, async (ctx) => {
    const [, configId, revision] = ctx.match;
    const live = await doors.press(ctx, configId, "read");
    if (live === undefined) return undefined;
    const found = await findVersion(live, Number(revision));
    if (found.kind === "unknown") return outOfDate(ctx);
    await answerPress(ctx);
    const { fileName } = live.config;
    const before = await replacedBytes(live, found.entry);
    if (found.kind === "pruned" || before === undefined) {
      const { revision: shown } = found.entry;
      await ctx.reply(revisionPruned(live.config, found.kind === "pruned" ? shown : shown - 1));
      return undefined;
    }
    const title = changeTitle(fileName, found.entry);
    return replyWithChanges(ctx, inspector, { fileName, title, before, after: found.bytes });
  });
  return composer;
}

function changedOnDiskAt(now: LiveVersion | undefined): string | undefined {
  return now?.revision === undefined ? now?.modifiedAt : undefined;
}

async function historyPage(
  live: LiveConfig,
  newestRevision: number,
): Promise<{ readonly text: string; readonly keyboard: InlineKeyboard }> {
  const { config, history } = live;
  const lastRevision = history.last?.revision ?? 0;
  const newest = Math.max(1, Math.min(newestRevision, lastRevision));
  const entries = await history.page(newest, entriesPerPage);
  const lines: readonly HistoryLine[] = await Promise.all(
    entries.map(async (entry) => ({ entry, kept: await isKept(live, entry) })),
  );
  const keyboard = new InlineKeyboard();
  if (newest < lastRevision) {
    keyboard.text(buttonLabels.newer, `hist:${config.id}:${newest + entriesPerPage}`);
  }
  if (newest > entriesPerPage) {
    keyboard.text(buttonLabels.older, `hist:${config.id}:${newest - entriesPerPage}`);
  }
  const onDiskAt = newest === lastRevision ? changedOnDiskAt(await readLive(live)) : undefined;
  return { text: historyText(config.fileName, lines, onDiskAt), keyboard };
}

async function isKept(live: LiveConfig, entry: HistoryLine["entry"]): Promise<boolean> {
  if (entry.revision === live.history.last?.revision) return true;
  const name = await backupNameOf(live, entry);
  return name !== undefined && live.backups.has(name);
}
