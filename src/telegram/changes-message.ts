// Shows what changed between two versions: by key where it fits into a message, otherwise as a file, never cut silently.
import { InputFile } from "grammy";
import type { Inspector } from "../model/inspector.ts";
import type { BotContext } from "./bot-context.ts";
import { asDocument, asTwoDocuments, comparisonText } from "../words/change-words.ts";
import { textOf } from "../words/text.ts";

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
  readonly title: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export async function replyWithChanges(
  ctx: BotContext,
  inspector: Inspector,
  { fileName, title, before, after }: ShownVersions,
): Promise<void> {
  const comparison = await inspector.compare(before, after);
  const isWhole = comparison.kind !== "keys" || comparison.total <= linesMax;
  const shown = comparisonText(comparison, linesMax);
  const text = textOf([title, ...shown], Infinity);
  if (comparison.kind !== "text" && isWhole && text.length <= textCharsMax) {
    await ctx.reply(text);
    return;
  }
  const shortTitle = title.slice(0, titleCharsMax);
  const patch = await inspector.patch(fileName, before, after);
  if (patch !== undefined) {
    await ctx.replyWithDocument(new InputFile(Buffer.from(patch), `${fileName}.diff`), {
      caption: `${shortTitle}\n${asDocument}`,
    });
    return;
  }
  await ctx.reply(textOf([shortTitle, ...shown, asTwoDocuments], listCharsMax));
  for (const [which, bytes] of [
    ["before", before],
    ["after", after],
  ] as const) {
    // Telegram refuses an empty document; there was no file then.
    if (bytes.length > 0) await ctx.replyWithDocument(new InputFile(bytes, `${which}.${fileName}`));
  }
}
