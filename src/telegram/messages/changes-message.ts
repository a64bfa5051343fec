// Shows what changed between two versions: by key where it fits into a message, otherwise as a file, never cut silently.
import { reply, replyWithFile } from "./say.ts";
import { InputFile } from "grammy";
import type { Inspector } from "../../model/inspector.ts";
import type { ConfigReader } from "../../store/port.ts";
import type { BotContext } from "../updates/bot-context.ts";
import {
  asDocument,
  asTwoDocuments,
  comparisonText,
  parkedTitle,
} from "../../words/change-words.ts";
import type { Line } from "../../words/line.ts";
import { cut, joined, render, renderLine, titled } from "../../words/text.ts";

/** Telegram's limit is 4096; a title is before it. */
const textCharsMax = 3500;
/** Before both versions, which hold the rest. */
const listCharsMax = 3000;
/** More lines are easier to read as a file. */
const linesMax = 60;
/** Of Telegram's 1024 for a caption. */
const titleCharsMax = 900;

export interface ShownVersions {
  readonly fileName: string;
  readonly title: Line;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** What a change that waits would do to what is live. */
export async function replyWithWaiting(
  ctx: BotContext,
  inspector: Inspector,
  live: ConfigReader,
  bytes: Uint8Array,
): Promise<void> {
  const { fileName } = live.config;
  const now = await live.readLive();
  await replyWithChanges(ctx, inspector, {
    fileName,
    title: parkedTitle(fileName),
    before: now?.bytes ?? Buffer.of(),
    after: bytes,
  });
}

export async function replyWithChanges(
  ctx: BotContext,
  inspector: Inspector,
  { fileName, title, before, after }: ShownVersions,
): Promise<void> {
  const comparison = await inspector.compare(before, after);
  const isWhole = comparison.kind !== "keys" || comparison.total <= linesMax;
  const shown = comparisonText(comparison, linesMax);
  const { language } = ctx;
  const whole = titled(render([title, ...shown], language));
  if (comparison.kind !== "text" && isWhole && whole.text.length <= textCharsMax) {
    await reply(ctx, whole);
    return;
  }
  const shortTitle = cut(renderLine(title, language), titleCharsMax);
  const patch = await inspector.patch(fileName, before, after);
  if (patch !== undefined) {
    await replyWithFile(
      ctx,
      new InputFile(Buffer.from(patch), `${fileName}.diff`),
      titled(joined([shortTitle, renderLine(asDocument, language)], "\n")),
    );
    return;
  }
  const rest = render([...shown, asTwoDocuments], language, { listCharsMax });
  await reply(ctx, titled(joined([shortTitle, rest], "\n")));
  for (const [which, bytes] of [
    ["before", before],
    ["after", after],
  ] as const) {
    // Telegram refuses an empty document; there was no file then.
    if (bytes.length > 0) await replyWithFile(ctx, new InputFile(bytes, `${which}.${fileName}`));
  }
}
