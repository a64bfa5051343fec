// What /pending lists.
import type { Author } from "../model/revision.ts";
import { timeText } from "./numbers.ts";

export const nothingPending = "Nothing waits here, neither for somebody nor for its time.";

/** @param rest - how many more there are than lines */
export function pendingText(lines: readonly string[], rest: number): string {
  return [
    "These wait, and nothing of them was changed yet:",
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
  return `${fileName}: ${author.name}'s change is due at ${timeText(dueAt)}${reason === null ? "" : `, ${reason}`}`;
}
