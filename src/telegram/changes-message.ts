// Shows what changed between two versions: by key where it fits into a message, otherwise as a file, never cut silently.
import { createTwoFilesPatch } from "diff";
import { InputFile } from "grammy";
import type { Inspector } from "../document/inspector.ts";
import type { BotContext } from "./bot-context.ts";
import { asDocument, comparisonLines } from "../words/change-phrases.ts";

/** Telegram's limit is 4096; a title is before it. */
const textCharsMax = 3500;
/** More lines are easier to read as a file. */
const linesMax = 60;
/** Lines around each change in a file of changes. */
const contextLines = 3;

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
  const text = [title, ...comparisonLines(comparison, linesMax, Infinity)].join("\n");
  if (comparison.kind !== "text" && isWhole && text.length <= textCharsMax) {
    await ctx.reply(text);
    return;
  }
  const [old, fresh] = [before, after].map((bytes) => Buffer.from(bytes).toString("utf8"));
  const patch = createTwoFilesPatch(fileName, fileName, old ?? "", fresh ?? "", "before", "after", {
    context: contextLines,
  });
  await ctx.replyWithDocument(new InputFile(Buffer.from(patch), `${fileName}.diff`), {
    caption: `${title.slice(0, 900)}\n${asDocument}`,
  });
}
