// /chart_*, and Chart under a page of history: a picture of one number over its revisions. For all who may read; it takes no lock.
import { Composer, InputFile } from "grammy";
import { changedNumbers, numberSeries } from "../../change/number-series.ts";
import type { Chart } from "../../model/chart.ts";
import type { NumberPoint, NumberSeries } from "../../model/number-series.ts";
import type { ConfigReader } from "../../store/port.ts";
import { noFile } from "../../words/answer-words.ts";
import {
  authorLine,
  chartCaption,
  drawingFailed,
  noChart,
  noNumberChanged,
  noNumberNow,
  noNumbers,
  otherAuthors,
  otherNumbers,
  whichNumber,
} from "../../words/chart-words.ts";
import { same } from "../../words/line.ts";
import type { Text } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress } from "../messages/buttons.ts";
import { Keyboard } from "../messages/keyboard.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { plain, reply, replyWithPicture } from "../messages/say.ts";

/** Of Telegram, for a button: https://core.telegram.org/bots/api#inlinekeyboardbutton */
const buttonBytesMax = 64;
const offerPattern = /^charts:([a-z][a-z0-9_]{0,19})$/;
const chartPattern = /^chart:([a-z][a-z0-9_]{0,19}):(.+)$/s;

export function chartCommands(service: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    service.doors.command("chart", async (ctx, live) => {
      const written = (ctx.command?.rest ?? "").trim();
      if (written !== "") return sendChart(ctx, live, written, service);
      const { id, fileName } = live.config;
      const numbers = await changedNumbers(live, service.inspector);
      if (numbers.total === 0) return reply(ctx, noNumbers(fileName));
      const isAll = numbers.paths.length === numbers.total;
      const text = [whichNumber(fileName), ...(isAll ? [] : [otherNumbers(id)])];
      return offer(ctx, live, text, numbers.paths);
    }),
  );
  return composer;
}

export function chartButtons(service: ConfigService): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { doors, inspector } = service;

  composer.callbackQuery(offerPattern, async (ctx) => {
    const live = await doors.press(ctx, ctx.match[1], "read");
    if (live === undefined) return;
    const { paths, changed } = await changedNumbers(live, inspector);
    const [first, ...more] = paths.slice(0, changed);
    await answerPress(ctx, first === undefined ? noNumberChanged(live.config.fileName) : undefined);
    if (first === undefined) return;
    if (more.length === 0) await sendChart(ctx, live, first, service);
    else await offer(ctx, live, [whichNumber(live.config.fileName)], [first, ...more]);
  });

  composer.callbackQuery(chartPattern, async (ctx) => {
    const [, configId, path] = ctx.match;
    const live = await doors.press(ctx, configId, "read");
    if (live === undefined) return;
    await answerPress(ctx);
    await sendChart(ctx, live, path ?? "", service);
  });
  return composer;
}

/** `Chart` for a page of history. */
export function chartButton(configId: string): string {
  return `charts:${configId}`;
}

async function sendChart(
  ctx: BotContext,
  live: ConfigReader,
  written: string,
  { inspector, charts }: ConfigService,
): Promise<void> {
  charts.prepare();
  const { id, fileName } = live.config;
  const found = await numberSeries(live, written, inspector, () => performance.now());
  if (found.kind === "missing") {
    await reply(ctx, noFile(live.config, found.newest));
    return;
  }
  if (found.kind !== "series") {
    const nearest = found.kind === "unreadable" ? [] : found.nearest;
    return offer(ctx, live, [noChart(fileName, written, found)], nearest);
  }
  const png = await charts.draw(chartOf(ctx, fileName, found, Date.now()));
  if (png === undefined) {
    await reply(ctx, drawingFailed);
    return;
  }
  await replyWithPicture(ctx, new InputFile(png, `${id}.png`), chartCaption(fileName, found));
}

function chartOf(
  ctx: BotContext,
  fileName: string,
  { path, points }: NumberSeries,
  nowMs: number,
): Chart {
  const lastMs = Date.parse(points.at(-1)?.at ?? "");
  return {
    title: path,
    now: points.at(-1)?.value ?? noNumberNow,
    subtitle: fileName,
    points: points.map(({ at, value, by }) => ({
      atMs: Date.parse(at),
      value: value === null ? null : Number(value),
      by: by === undefined ? null : { key: keyOf(by), name: plain(ctx, authorLine(by)) },
    })),
    untilMs: Math.max(nowMs, lastMs),
    others: plain(ctx, otherAuthors),
    language: ctx.language,
  };
}

/** The same for one person under all their names; shown where a name cannot be drawn. */
function keyOf({ how, author }: NonNullable<NumberPoint["by"]>): string {
  return author === null ? how : `id ${author.id}`;
}

/** A button for each path; where one is too long for that, the command for it. */
async function offer(
  ctx: BotContext,
  { config: { id } }: ConfigReader,
  text: Text,
  paths: readonly string[],
): Promise<void> {
  const keyboard = new Keyboard();
  const lines = [...text];
  for (const path of paths) {
    const data = `chart:${id}:${path}`;
    if (Buffer.byteLength(data) <= buttonBytesMax) keyboard.text(same(path), data).row();
    else lines.push(same(`/chart_${id} ${path}`));
  }
  await reply(ctx, lines, { keyboard });
}
