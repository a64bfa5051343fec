// What all buttons have in common: the keyboards under outcomes, and answering a press.
import type { InlineKeyboardButton } from "grammy/types";
import type { ConfigId } from "../../model/config-id.ts";
import type { Revision } from "../../model/revision.ts";
import type { Outcome, PendingOutcome, StaleOutcome, SetBack } from "../../model/outcome.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { buttonLabels, buttonOutOfDate } from "../../words/decision-words.ts";
import type { Line } from "../../words/line.ts";
import { plain } from "./say.ts";
import { callFailure } from "../api/telegram-api.ts";
import { Keyboard } from "./keyboard.ts";

/** The buttons under the last text of an upload; undefined for none. */
export function outcomeKeyboard(configId: ConfigId, outcome: Outcome): Keyboard | undefined {
  if (outcome.kind === "applied") return appliedKeyboard(configId, outcome.entry, outcome.setBack);
  if (outcome.kind === "reverted") return showChangesKeyboard(configId, outcome.entry.revision);
  if (outcome.kind === "pending") return pendingKeyboard(outcome);
  if (outcome.kind === "scheduled") return scheduleKeyboard(outcome.scheduleId);
  return outcome.kind === "stale" ? parkedKeyboard(outcome) : undefined;
}

/** The buttons under a change that waits for a word of its admin. */
export function parkedKeyboard({
  parkedId,
  mergeable,
}: Pick<StaleOutcome, "parkedId" | "mergeable">): Keyboard {
  const keyboard = new Keyboard();
  if (mergeable) keyboard.text(buttonLabels.mergeBoth, `merge:${parkedId}`);
  return keyboard
    .text(buttonLabels.showChanges, `changes:${parkedId}`)
    .row()
    .text(buttonLabels.applyAnyway, `anyway:${parkedId}`)
    .text(buttonLabels.discard, `discard:${parkedId}`);
}

function pendingKeyboard({ id, waitsFor }: PendingOutcome): Keyboard {
  if (waitsFor.kind === "guard") {
    return new Keyboard()
      .text(buttonLabels.applyAnyway, `anyway:${id}`)
      .text(buttonLabels.discard, `discard:${id}`);
  }
  return waitsFor.kind === "confirmation"
    ? new Keyboard()
        .text(buttonLabels.showChanges, `changes:${id}`)
        .text(buttonLabels.discard, `discard:${id}`)
    : new Keyboard()
        .text(buttonLabels.showChanges, `proposed:${id}`)
        .text(buttonLabels.withdraw, `withdraw:${id}`);
}

/** The buttons of those who may approve a change. */
export function approvalKeyboard(id: string): Keyboard {
  return new Keyboard()
    .text(buttonLabels.approve, `approve:${id}`)
    .text(buttonLabels.reject, `reject:${id}`)
    .row()
    .text(buttonLabels.showChanges, `proposed:${id}`);
}

/** The buttons under a change that waits for its time. */
export function scheduleKeyboard(id: string): Keyboard {
  return new Keyboard()
    .text(buttonLabels.showChanges, `later:changes:${id}`)
    .text(buttonLabels.withdraw, `later:withdraw:${id}`);
}

/** The buttons under a change; undefined where there was no version before: nothing to show, and nothing to go back to. */
export function appliedKeyboard(
  configId: ConfigId,
  { revision, backup }: Revision,
  setBack: Pick<SetBack, "mergeable"> | null,
): Keyboard | undefined {
  if (backup === null) return undefined;
  const undoData = `undo:${configId}:${revision}`;
  if (setBack?.mergeable !== true) {
    return showChangesKeyboard(configId, revision).text(buttonLabels.undo, undoData);
  }
  return new Keyboard()
    .text(buttonLabels.mergeBoth, mergeBothData(configId, revision))
    .text(buttonLabels.undo, undoData)
    .row()
    .text(buttonLabels.showChanges, showData(configId, revision));
}

/** For whoever's change this revision took back unseen; undefined where both cannot be joined. */
export function setBackKeyboard(
  configId: ConfigId,
  { revision }: Revision,
  { mergeable }: SetBack,
): Keyboard | undefined {
  if (!mergeable) return undefined;
  return new Keyboard().text(buttonLabels.mergeBoth, mergeBothData(configId, revision));
}

const showPrefix = "show:";

/** What a revision changed can be shown for ever. */
function lastingRows({ callbackQuery }: BotContext): InlineKeyboardButton[][] {
  const message = callbackQuery?.message;
  const markup =
    message !== undefined && "reply_markup" in message ? message.reply_markup : undefined;
  return (markup?.inline_keyboard ?? [])
    .map((row) =>
      row.filter(
        (button) => "callback_data" in button && button.callback_data.startsWith(showPrefix),
      ),
    )
    .filter((row) => row.length > 0);
}

function showData(configId: ConfigId, revision: number): string {
  return `${showPrefix}${configId}:${revision}`;
}

/** @param revision - the one that took back a change */
function mergeBothData(configId: ConfigId, revision: number): string {
  return `both:${configId}:${revision}`;
}

/** The buttons under a merge that is offered. */
export function mergeKeyboard(parkedId: string): Keyboard {
  return new Keyboard()
    .text(buttonLabels.applyMerge, `anyway:${parkedId}`)
    .text(buttonLabels.showChanges, `changes:${parkedId}`)
    .row()
    .text(buttonLabels.discard, `discard:${parkedId}`);
}

export function showChangesKeyboard(configId: ConfigId, revision: number): Keyboard {
  return new Keyboard().text(buttonLabels.showChanges, showData(configId, revision));
}

/** Answers a press of a button that no longer fits, and removes it. */
export async function outOfDate(ctx: BotContext): Promise<void> {
  await answerPress(ctx, buttonOutOfDate);
  await removeButtons(ctx);
}

/** All but those that always fit: what a revision changed can be shown for ever. */
export async function removeButtons(ctx: BotContext): Promise<void> {
  const rows = lastingRows(ctx);
  try {
    await ctx.editMessageReplyMarkup(
      rows.length === 0 ? {} : { reply_markup: { inline_keyboard: rows } },
    );
  } catch (error) {
    const { kind } = callFailure(error);
    // Somebody else's press removed them already, or the message is gone with them.
    if (kind !== "not_modified" && kind !== "refused") ctx.onTrouble("removing buttons", error);
  }
}

/** Does not reject for what Telegram does: an answer that is too late or does not arrive changes nothing of what was pressed. */
export async function answerPress(ctx: BotContext, said?: Line): Promise<void> {
  try {
    await ctx.answerCallbackQuery(said === undefined ? {} : { text: plain(ctx, said) });
  } catch (error) {
    if (callFailure(error).kind !== "refused") ctx.onTrouble("answering a press", error);
  }
}
