// What all buttons have in common: the keyboards under outcomes, and answering a press.
import { InlineKeyboard } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { ConfigId } from "../model/config-id.ts";
import type { Revision } from "../model/revision.ts";
import type { Outcome, PendingOutcome, SetBack } from "../model/outcome.ts";
import type { BotContext } from "./bot-context.ts";
import { buttonLabels, buttonOutOfDate } from "../words/decision-words.ts";
import type { Line } from "../words/line.ts";
import { plain } from "./say.ts";
import { callFailure } from "./telegram-api.ts";

/** The buttons under the last text of an upload; undefined for none. */
export function outcomeKeyboard(
  configId: ConfigId,
  outcome: Outcome,
): InlineKeyboardMarkup | undefined {
  if (outcome.kind === "applied") return appliedKeyboard(configId, outcome.entry, outcome.setBack);
  if (outcome.kind === "reverted") return showChangesKeyboard(configId, outcome.entry.revision);
  if (outcome.kind === "pending") return pendingKeyboard(outcome);
  if (outcome.kind === "scheduled") return scheduleKeyboard(outcome.scheduleId);
  if (outcome.kind !== "stale") return undefined;
  const { parkedId, mergeable } = outcome;
  const keyboard = new InlineKeyboard().text(buttonLabels.showChanges, `changes:${parkedId}`);
  if (mergeable) keyboard.text(buttonLabels.mergeBoth, `merge:${parkedId}`);
  return keyboard
    .row()
    .text(buttonLabels.applyAnyway, `anyway:${parkedId}`)
    .text(buttonLabels.discard, `discard:${parkedId}`);
}

function pendingKeyboard({ id, waitsFor }: PendingOutcome): InlineKeyboardMarkup {
  if (waitsFor.kind === "guard") {
    return new InlineKeyboard()
      .text(buttonLabels.applyAnyway, `anyway:${id}`)
      .text(buttonLabels.discard, `discard:${id}`);
  }
  return waitsFor.kind === "confirmation"
    ? new InlineKeyboard()
        .text(buttonLabels.showChanges, `changes:${id}`)
        .text(buttonLabels.discard, `discard:${id}`)
    : new InlineKeyboard()
        .text(buttonLabels.showChanges, `proposed:${id}`)
        .text(buttonLabels.withdraw, `withdraw:${id}`);
}

/** The buttons of those who may approve a change. */
export function approvalKeyboard(id: string): InlineKeyboardMarkup {
  return new InlineKeyboard()
    .text(buttonLabels.approve, `approve:${id}`)
    .text(buttonLabels.reject, `reject:${id}`)
    .row()
    .text(buttonLabels.showChanges, `proposed:${id}`);
}

/** The buttons under a change that waits for its time. */
export function scheduleKeyboard(id: string): InlineKeyboardMarkup {
  return new InlineKeyboard()
    .text(buttonLabels.showChanges, `later:changes:${id}`)
    .text(buttonLabels.withdraw, `later:withdraw:${id}`);
}

/** The buttons under a change that was due while the bot was down. */
export function overdueKeyboard(parkedId: string): InlineKeyboardMarkup {
  return new InlineKeyboard()
    .text(buttonLabels.showChanges, `changes:${parkedId}`)
    .row()
    .text(buttonLabels.applyAnyway, `anyway:${parkedId}`)
    .text(buttonLabels.discard, `discard:${parkedId}`);
}

/** The buttons under a change; undefined where there was no version before: nothing to show, and nothing to go back to. */
export function appliedKeyboard(
  configId: ConfigId,
  { revision, backup }: Revision,
  setBack: SetBack | null,
): InlineKeyboardMarkup | undefined {
  if (backup === null) return undefined;
  const keyboard = showChangesKeyboard(configId, revision);
  if (setBack?.mergeable === true) {
    keyboard.row().text(buttonLabels.mergeBoth, mergeBothData(configId, revision));
  }
  return keyboard.text(buttonLabels.undo, `undo:${configId}:${revision}`);
}

/** For whoever's change this revision took back unseen; undefined where both cannot be joined. */
export function setBackKeyboard(
  configId: ConfigId,
  { revision }: Revision,
  { mergeable }: SetBack,
): InlineKeyboardMarkup | undefined {
  if (!mergeable) return undefined;
  return new InlineKeyboard().text(buttonLabels.mergeBoth, mergeBothData(configId, revision));
}

/** @param revision - the one that took back a change */
function mergeBothData(configId: ConfigId, revision: number): string {
  return `both:${configId}:${revision}`;
}

/** The buttons under a merge that is offered. */
export function mergeKeyboard(parkedId: string): InlineKeyboardMarkup {
  return new InlineKeyboard()
    .text(buttonLabels.showChanges, `changes:${parkedId}`)
    .row()
    .text(buttonLabels.applyMerge, `anyway:${parkedId}`)
    .text(buttonLabels.discard, `discard:${parkedId}`);
}

export function showChangesKeyboard(configId: ConfigId, revision: number): InlineKeyboard {
  return new InlineKeyboard().text(buttonLabels.showChanges, `show:${configId}:${revision}`);
}

/** Answers a press of a button that no longer fits, and removes it. */
export async function outOfDate(ctx: BotContext): Promise<void> {
  await answerPress(ctx, buttonOutOfDate);
  await removeButtons(ctx);
}

export async function removeButtons(ctx: BotContext): Promise<void> {
  try {
    await ctx.editMessageReplyMarkup();
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
