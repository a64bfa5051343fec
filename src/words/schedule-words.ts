// What is said of a change that waits for its time. The first lines are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { BlockedOutcome, ScheduledOutcome } from "../model/outcome.ts";
import { comparisonText } from "./change-words.ts";
import { reasonLines } from "./freeze-words.ts";
import { momentRefusal } from "./moment-words.ts";
import { count, timeText } from "./numbers.ts";
import { approvedBy as approvedByText } from "./proposal-words.ts";
import type { Text } from "./text.ts";

const changesListedMax = 10;

/** @param when - what is wrong with the time: `word`, read in `zone`; an empty word where none was given */
export function scheduleRefused(
  { id, fileName }: Config,
  when: Parameters<typeof momentRefusal>[0],
  word: string,
  zone: string,
): string {
  const problem =
    word === ""
      ? `Say when: /schedule_${id} 2026-12-01T00:00, which is read in ${zone}, or with an offset: 2026-12-01T00:00+01:00. The reason may follow.`
      : momentRefusal(when, word, zone);
  return `No change of ${fileName} was scheduled. ${problem}`;
}

export function notSchedulable(
  fileName: string,
  { because, max }: Extract<BlockedOutcome["why"], { kind: "not_schedulable" }>,
): string {
  return because === "past"
    ? `⌛ ${fileName} was not changed: the time for which this was to be scheduled is over.\nPlease send it again with a later time.`
    : `🗓 ${fileName} was not changed, and this was not scheduled: ${count(max, "change")} of it wait for their time already.\n/pending lists them, and withdraws yours.`;
}

export function scheduledText(
  fileName: string,
  {
    dueAt,
    reason,
    approvedBy,
    after,
    changes,
  }: Pick<ScheduledOutcome, "dueAt" | "reason" | "approvedBy" | "after" | "changes">,
): Text {
  return [
    `🗓 ${fileName} will change at ${timeText(dueAt)}. Nothing was changed yet.`,
    ...reasonLines(reason),
    ...(approvedBy.length === 0 ? [] : [approvedByText(approvedBy)]),
    ...(after === null
      ? []
      : [
          `It is based on ${after.author.name}'s change, which is due at ${timeText(after.dueAt)}. Compared with that:`,
        ]),
    ...(changes === null ? [] : comparisonText(changes, changesListedMax)),
    `If ${fileName} is changed ${after === null ? "" : "otherwise "}before then, you are asked again.`,
  ];
}

/** The bot was down when it was due. */
export function overdueText(fileName: string, dueAt: string, changes: Comparison | null): Text {
  return [
    `🗓 ${fileName} was to change at ${timeText(dueAt)}, when the bot was not running. Nothing was changed yet.`,
    ...(changes === null
      ? ["There is no live file now."]
      : [
          "Compared with the live file, this would change:",
          ...comparisonText(changes, changesListedMax),
        ]),
  ];
}

/** Before the text of a stale change, where the bot was down when it was due. */
export function wasDueText(dueAt: string): string {
  return `It was to be made at ${timeText(dueAt)}, when the bot was not running.`;
}

export function withdrawnText(fileName: string): string {
  return `🚫 Withdrawn. ${fileName} was not changed.`;
}

export function droppedText(
  fileName: string,
  dueAt: string,
  because: "not_allowed" | "lost",
): string {
  const why =
    because === "not_allowed"
      ? `and you may not change ${fileName} any more`
      : "and its file is not on the server any more";
  return `🚫 Cancelled. ${fileName} was not changed.\nThis was scheduled for ${timeText(dueAt)}, ${why}.`;
}

export function scheduleTitle(fileName: string, dueAt: string, isBasedOnOther: boolean): string {
  const compared = isBasedOnOther ? "the change that is due before it" : `the live ${fileName}`;
  return `Compared with ${compared}, the file for ${timeText(dueAt)} changes:`;
}
