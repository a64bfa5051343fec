// What is wrong with a moment that an admin has written.
import type { MomentReading } from "../model/moment.ts";
import { timeText } from "./numbers.ts";

const example = "2026-12-01T00:00";

/**
 * @param text - as it was written
 * @param zone - by which it was read
 * @returns what is wrong, and what to write instead: one line
 */
export function momentRefusal(
  reading: Exclude<MomentReading, { readonly kind: "at" }>,
  text: string,
  zone: string,
): string {
  switch (reading.kind) {
    case "twice":
      return `${text} happens twice in ${zone}, because the clocks go back then. Write ${reading.forms.join(" or ")}.`;
    case "never":
      return `${text} does not exist in ${zone}, because the clocks go forward over it. Choose another time.`;
    case "past":
      return `${text} has passed already.`;
    case "too_far":
      return `${text} is too far ahead: at most ${reading.daysMax} days.`;
    case "not_moment":
      return `${text} is not a time that I can read. Write it like ${example}, which is read in ${zone}, or with an offset: ${example}+01:00.`;
    default:
      return reading satisfies never;
  }
}

/** After the question for the file. @param dueAt - ISO 8601, UTC */
export function goesLiveAt(dueAt: string): string {
  return `It is to go live at ${timeText(dueAt)}.`;
}
