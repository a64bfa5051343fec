// What /pending lists.
import type { Author } from "../model/revision.ts";
import { count, timeText } from "./numbers.ts";

export const nothingPending = "Nothing waits here, neither for somebody nor for its time.";

const listTitle = "What waits now:";

/** Whether a message of the bot's is such a list, which somebody may have pressed a button of. */
export function isPendingList(text: string): boolean {
  return text.startsWith(listTitle);
}

/** @param rest - how many more there are than lines */
export function pendingText(lines: readonly string[], rest: number): string {
  return [
    listTitle,
    ...lines.map((line, index) =>
      lines.length === 1 && rest === 0 ? line : `${index + 1}. ${line}`,
    ),
    ...(rest === 0 ? [] : [`… and ${rest} more.`]),
  ].join("\n");
}

/** @param place - its number in the list; undefined where it is the only one */
export function pendingButton(label: string, place: number | undefined): string {
  return place === undefined ? label : `${label} (${place})`;
}

export function pendingSchedule(
  fileName: string,
  {
    author,
    dueAt,
    reason,
  }: { readonly author: Author; readonly dueAt: string; readonly reason: string | null },
): string {
  return `${fileName}: ${author.name}'s change is due at ${timeText(dueAt)}${reasonText(reason)}`;
}

export function pendingApproval(
  fileName: string,
  {
    author,
    missing,
    until,
    reason,
  }: {
    readonly author: Author;
    /** How many people must still approve. */
    readonly missing: number;
    readonly until: string;
    readonly reason: string | null;
  },
): string {
  return `${fileName}: ${author.name}'s change waits for ${count(missing, "approval")} until ${timeText(until)}${reasonText(reason)}`;
}

/** For its author. */
export function pendingConfirmation(fileName: string): string {
  return `${fileName}: your change waits for you to type what was asked, in the chat where it was asked`;
}

export function pendingKeep(
  fileName: string,
  {
    by,
    until,
    revision,
  }: { readonly by: Author; readonly until: string; readonly revision: number },
): string {
  return `${fileName}: ${by.name}'s change is live as revision ${revision}, and goes back at ${timeText(until)} unless somebody presses Keep`;
}

function reasonText(reason: string | null): string {
  return reason === null ? "" : `, ${reason}`;
}
