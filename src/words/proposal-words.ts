// Changes that wait for somebody's agreement, in words. The first lines are promised; change none of them.
import { pathText } from "../model/excerpt.ts";
import type { Confirmation, PendingOutcome } from "../model/outcome.ts";
import type { Author } from "../model/revision.ts";
import { comparisonText } from "./change-words.ts";
import { excessText } from "./limit-words.ts";
import { count, durationText, namesText, timeText } from "./numbers.ts";
import { goesLiveAt } from "./moment-words.ts";
import type { Text } from "./text.ts";

const changesListedMax = 10;

/** For its author. */
export function pendingText(fileName: string, outcome: PendingOutcome): Text {
  const { waitsFor } = outcome;
  const details = proposedText(outcome);
  if (waitsFor.kind === "confirmation") {
    return [
      `✋ ${fileName} holds a change beyond its limit. Nothing was changed yet.`,
      confirmationAsked(waitsFor.confirmation),
      ...details,
    ];
  }
  const { needed, given, until } = waitsFor;
  return [
    `🕓 ${fileName} waits for approval. Nothing was changed yet.`,
    ...details,
    ...approvedSoFar(given, needed),
    `${count(needed, "person", "people")} must approve it by ${timeText(until)}.`,
  ];
}

function confirmationAsked({ path, isRemoved, answers }: Confirmation): string {
  if (path.length === 0) {
    return `It cannot be compared with the live file. To apply it, answer with ${answers[0] ?? ""}.`;
  }
  return isRemoved
    ? `To apply it, answer with the name of the key that is removed: ${pathText(path)}.`
    : `To apply it, answer with the new value of ${pathText(path)}.`;
}

export function wrongAnswer(fileName: string, confirmation: Confirmation): string {
  return `That is not what was asked for. ${fileName} was not changed.\n${confirmationAsked(confirmation)}`;
}

function proposedText({ changes, excesses, excessesTotal, reason, dueAt }: PendingOutcome): Text {
  const changesTotal = changes?.kind === "keys" ? changes.total : 1;
  // What is beyond its limit is a change that stands there already.
  const hasMore = excessesTotal === 0 || changesTotal > excessesTotal;
  return [
    ...(reason === null ? [] : [`Reason: ${reason}`]),
    ...(dueAt === null ? [] : [goesLiveAt(dueAt)]),
    ...(excessesTotal === 0
      ? []
      : [{ lines: excesses.slice(0, changesListedMax).map(excessText), total: excessesTotal }]),
    ...(changes === null || !hasMore
      ? []
      : ["It changes:", ...comparisonText(changes, changesListedMax)]),
  ];
}

/** For those who may approve it. */
export function approvalAsked(
  fileName: string,
  author: Author,
  proposed: PendingOutcome,
  isReminder: boolean,
): Text {
  const { waitsFor } = proposed;
  const state =
    waitsFor.kind === "approval"
      ? [
          ...approvedSoFar(waitsFor.given, waitsFor.needed),
          `Nothing was changed yet. This can be approved until ${timeText(waitsFor.until)}.`,
        ]
      : [];
  return [
    wantsToChange(fileName, author),
    ...(isReminder ? ["Reminder: this is still waiting."] : []),
    ...proposedText(proposed),
    ...state,
  ];
}

function wantsToChange(fileName: string, author: Author): string {
  return `🕓 ${author.name} wants to change ${fileName}.`;
}

function approvedSoFar(given: readonly Author[], needed: number): readonly string[] {
  if (given.length === 0) return [];
  const missing = needed - given.length;
  const more = missing > 0 ? ` ${missing} more must approve.` : "";
  return [`${approvedBy(given)}${more}`];
}

/** `Approved by Boris and Carol.` */
export function approvedBy(people: readonly Author[]): string {
  return `Approved by ${namesText(people)}.`;
}

/** In the messages of those who were asked, when enough have agreed. */
export function approvedElsewhere(
  fileName: string,
  author: Author,
  given: readonly Author[],
): string {
  return `${wantsToChange(fileName, author)}\n${approvedBy(given)}`;
}

export function rejectedText(fileName: string, by: Author): string {
  return `🚫 Rejected by ${by.name}. ${fileName} was not changed.`;
}

export function withdrawnText(fileName: string): string {
  return `🚫 Withdrawn. ${fileName} was not changed.`;
}

/** @param given - those who had agreed, but were too few */
export function expiredText(fileName: string, expiresMs: number, given: readonly Author[]): string {
  const first = `⌛ Nobody approved in ${durationText(expiresMs)}. ${fileName} was not changed.`;
  return given.length === 0 ? first : `${first}\n${approvedBy(given)} More approvals were needed.`;
}

export const yourOwnChange = "This is your own change: somebody else must approve it.";
export const approvedAlready = "You have already approved this.";

export function notAnApprover(fileName: string): string {
  return `You are not among those who may approve ${fileName}.`;
}

export const waitsForMore = "Approved. More people must approve it.";

/** On the command line, for what only a chat can go on with. */
export const confirmInChat =
  "That can be answered only in a chat: please send the file to the bot there.";

export function heldText(
  fileName: string,
  {
    needed,
    excesses,
    excessesTotal,
  }: { readonly needed: number } & Pick<PendingOutcome, "excesses" | "excessesTotal">,
): Text {
  return [
    needed === 0
      ? `${fileName} would wait until you type the new value:`
      : `${fileName} would wait for approval by ${count(needed, "person", "people")}${excessesTotal === 0 ? "." : ":"}`,
    ...(excessesTotal === 0
      ? []
      : [{ lines: excesses.slice(0, changesListedMax).map(excessText), total: excessesTotal }]),
  ];
}
