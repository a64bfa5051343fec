// /pending: what waits, of the configs that its sender may read, with the buttons that are theirs. Each kind of what waits is a source.
import { editPressed, reply } from "../messages/say.ts";
import { Composer } from "grammy";
import { buttonOutOfDate } from "../../words/decision-words.ts";
import { isPendingList, nothingPending, pendingText } from "../../words/pending-words.ts";
import { renderLine, type Text } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, removeButtons } from "../messages/buttons.ts";
import type { Line } from "../../words/line.ts";
import { onCommand } from "../updates/on-command.ts";
import { type Button, Keyboard } from "../messages/keyboard.ts";

/** Telegram's limit is 4096; a count of the rest may follow. */
const listCharsMax = 3900;
/** Telegram takes no more under one message. */
const buttonsMax = 100;

/** Something that waits, as one person sees it. */
interface PendingItem {
  readonly text: Line;
  /** They carry what they do elsewhere, where {@link pendingList} shows the list again, or what says that they were in the list. */
  readonly buttons: readonly Button[];
}

/** @returns what waits of one kind, the most urgent first, of the configs that this person may read */
export type PendingSource = (userId: number) => Promise<readonly PendingItem[]>;

export function pendingCommand(sources: readonly PendingSource[]): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(
    onCommand(["pending"], async (ctx) => {
      const { text, keyboard } = await listOf(sources, ctx);
      await reply(ctx, text, { keyboard });
    }),
  );
  return composer;
}

/** Belongs before the buttons themselves: what was pressed in a list is done as elsewhere, and then the list shows what waits now. */
export function pendingList(sources: readonly PendingSource[]): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.on("callback_query:data", async (ctx, next) => {
    await next();
    if (isPressInList(ctx) && !ctx.callbackQuery.data.startsWith("listed:")) {
      await showListAgain(ctx, sources);
    }
  });
  return composer;
}

/** Of a press: whether it was in the list, which is not where it was asked. */
export function isPressInList({ msg }: BotContext): boolean {
  return isPendingList(msg?.text ?? "");
}

/** Whatever was pressed in the list: from now on it shows what waits now. In a group it is somebody else's list, perhaps. */
export async function showListAgain(
  ctx: BotContext,
  sources: readonly PendingSource[],
): Promise<void> {
  if (ctx.chat?.type !== "private") return removeButtons(ctx);
  const { text, keyboard } = await listOf(sources, ctx);
  return editPressed(ctx, text, { keyboard });
}

/** Answers a press in the list of what does not wait any more. */
export async function listIsOld(ctx: BotContext, sources: readonly PendingSource[]): Promise<void> {
  await answerPress(ctx, buttonOutOfDate);
  await showListAgain(ctx, sources);
}

async function listOf(
  sources: readonly PendingSource[],
  { admin, language }: BotContext,
): Promise<{ readonly text: Line | Text; readonly keyboard: Keyboard }> {
  const items = (await Promise.all(sources.map((source) => source(admin.id)))).flat();
  const shown: PendingItem[] = [];
  let [chars, buttons] = [0, 0];
  for (const item of items) {
    chars += renderLine(item.text, language).text.length + " 100.".length;
    buttons += item.buttons.length;
    if (chars > listCharsMax || buttons > buttonsMax) break;
    shown.push(item);
  }
  const keyboard = new Keyboard();
  for (const [index, item] of shown.entries()) {
    const place = items.length === 1 ? undefined : index + 1;
    for (const { label, data } of item.buttons) keyboard.text(label, data, place);
    keyboard.row();
  }
  const lines = shown.map(({ text }) => text);
  const text =
    items.length === 0 ? nothingPending : pendingText(lines, items.length - shown.length);
  return { text, keyboard };
}
