// Commands that look back: /diff_*, /history_*, and Show changes under a change. They take no lock.
import { Composer } from "grammy";
import { changeOf, sinceRevision } from "../../change/diff.ts";
import { historyPage } from "../../change/history.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import { changeTitle, diffTitle } from "../../words/change-words.ts";
import { revisionPruned } from "../../words/rollback-words.ts";
import type { HistoryLine } from "../../model/history-line.ts";
import { historyText } from "../../words/history-words.ts";
import { serviceStatus } from "../../words/service-words.ts";
import { shortened } from "../api/plain-text.ts";
import { replyWithChanges } from "../messages/changes-message.ts";
import { noFile } from "../../words/answer-words.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { askedRevision, noVersionText } from "./asked-version.ts";
import type { Rendered, Text } from "../../words/text.ts";
import type { Language } from "../../words/line.ts";
import { editPressed, reply, type Said, spoken } from "../messages/say.ts";
import { chartButton } from "./charts.ts";
import { Keyboard } from "../messages/keyboard.ts";

const entriesPerPage = 10;
/** Telegram's limit for a message is 4096. */
const textCharsMax = 4000;
/** Where a page is longer than that, each reason is shortened to this. */
const longReasonCharsMax = 80;
/** And so is what it changed. */
const longChangeCharsMax = 100;
/** From the newest there is. */
const newestRevision = Number.MAX_SAFE_INTEGER;
const historyPattern = /^hist:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;
const showPattern = /^show:([a-z][a-z0-9_]{0,19}):(\d{1,9})$/;

export function pastCommands(service: ConfigService): Composer<BotContext> {
  const { doors, inspector } = service;
  const composer = new Composer<BotContext>();
  composer.use(
    doors.command("diff", async (ctx, live) => {
      const { config } = live;
      const found = await sinceRevision(live, askedRevision(ctx));
      if (found.kind === "missing") return reply(ctx, noFile(config, found.newest));
      if (found.kind !== "two") return reply(ctx, noVersionText(config, found));
      return replyWithChanges(ctx, inspector, {
        fileName: config.fileName,
        title: diffTitle(config.fileName, found.entry, found.changedOnDiskAt),
        before: found.before.bytes,
        after: found.after.bytes,
      });
    }),
    doors.command("history", async (ctx, live) => {
      const page = await pageOf(live, newestRevision, service, ctx.language);
      await reply(ctx, page.said, { keyboard: page.keyboard });
    }),
  );
  return composer;
}

/** `Newer` and `Older`, and `Show changes` under a change that was applied. */
export function pastButtons(service: ConfigService): Composer<BotContext> {
  const { doors, inspector } = service;
  const composer = new Composer<BotContext>();

  composer.callbackQuery(historyPattern, async (ctx) => {
    const [, configId, newest] = ctx.match;
    const live = await doors.press(ctx, configId, "read");
    if (live === undefined) return undefined;
    const page = await pageOf(live, Number(newest), service, ctx.language);
    await answerPress(ctx);
    return editPressed(ctx, page.said, { keyboard: page.keyboard });
  });

  composer.callbackQuery(showPattern, async (ctx) => {
    const [, configId, revision] = ctx.match;
    const live = await doors.press(ctx, configId, "read");
    if (live === undefined) return undefined;
    const found = await changeOf(live, Number(revision));
    if (found.kind === "unknown") return outOfDate(ctx);
    await answerPress(ctx);
    if (found.kind === "pruned") {
      await reply(ctx, revisionPruned(live.config, found.entry.revision));
      return undefined;
    }
    const { fileName } = live.config;
    return replyWithChanges(ctx, inspector, {
      fileName,
      title: changeTitle(fileName, found.entry),
      before: found.before.bytes,
      after: found.after.bytes,
    });
  });
  return composer;
}

async function pageOf(
  live: ConfigStore,
  from: number,
  { summaries, applies }: Pick<ConfigService, "summaries" | "applies">,
  language: Language,
): Promise<{ readonly said: Said; readonly keyboard: Keyboard }> {
  const { id, fileName } = live.config;
  const page = await historyPage(live, from, entriesPerPage, summaries);
  const keyboard = new Keyboard();
  if (page.newest < page.last) {
    keyboard.text(buttonLabels.newer, `hist:${id}:${page.newest + entriesPerPage}`);
  }
  if (page.newest > entriesPerPage) {
    keyboard.text(buttonLabels.older, `hist:${id}:${page.newest - entriesPerPage}`);
  }
  // A single version is no line.
  if (page.last > 1) keyboard.row().text(buttonLabels.chart, chartButton(id));
  const state = page.newest === page.last ? applies.state(live) : undefined;
  const service = state && serviceStatus(state, live.newest);
  const textWith = (lines: typeof page.lines, changeCharsMax: number): Text =>
    historyText(fileName, lines, page.changedOnDiskAt, service, changeCharsMax);
  const short = page.lines.map(withShortReason);
  // The reasons, and who approved, are worth more than what changed: that can be looked at.
  const bare = short.map((line) => ({ ...line, change: null }));
  const texts = [
    textWith(page.lines, Infinity),
    textWith(short, longChangeCharsMax),
    textWith(bare, 0),
  ];
  const said = texts.map((text) => spoken(text, language)).find(isShort) ?? textWith(bare, 0);
  return { said, keyboard };
}

function isShort({ text }: Rendered): boolean {
  return text.length <= textCharsMax;
}

function withShortReason(line: HistoryLine): HistoryLine {
  const { reason } = line.entry;
  if (reason === null) return line;
  return { ...line, entry: { ...line.entry, reason: shortened(reason, longReasonCharsMax) } };
}
