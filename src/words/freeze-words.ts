// What is said of a config that is frozen, beside the outcome of a change that it refuses (outcome-words.ts).
import type { Config } from "../model/config.ts";
import type { Author } from "../model/revision.ts";
import { durationText, timeText } from "./numbers.ts";

/** A freeze, as it is told. */
interface ToldFreeze {
  readonly by: Author;
  /** ISO 8601; null without an end. */
  readonly until: string | null;
  readonly reason: string | null;
}

/** ` until 2026-11-24 08:00:00 UTC`; nothing without an end. */
export function untilText(until: string | null): string {
  return until === null ? "" : ` until ${timeText(until)}`;
}

/** ` Reason: …` as lines of their own. */
export function reasonLines(reason: string | null): readonly string[] {
  return reason === null ? [] : [`Reason: ${reason}`];
}

/**
 * For whoever froze it.
 * @param replaced - the freeze that was in force until then
 * @param savedBy - who is saving it at this moment
 */
export function frozenNow(
  { id, fileName }: Config,
  { until, reason }: ToldFreeze,
  { replaced, savedBy }: { readonly replaced?: ToldFreeze; readonly savedBy?: Author },
): string {
  return [
    `❄️ ${fileName} is frozen${untilText(until)}.`,
    ...reasonLines(reason),
    ...(replaced === undefined
      ? []
      : [`This replaces ${replaced.by.name}'s freeze${untilText(replaced.until)}.`]),
    ...(savedBy === undefined
      ? []
      : [`${savedBy.name} was already saving it: that change still goes through.`]),
    `Nobody can change it here ${until === null ? "until" : "before that, unless"} somebody sends /unfreeze_${id}.`,
  ].join("\n");
}

/** For the others who may read it. */
export function frozenNotice({ fileName }: Config, { by, until, reason }: ToldFreeze): string {
  return [`❄️ ${by.name} froze ${fileName}${untilText(until)}.`, ...reasonLines(reason)].join("\n");
}

/** For whoever ended it. */
export function unfrozenNow({ fileName }: Config, { by, until }: ToldFreeze): string {
  return `${fileName} can be changed again. It was frozen by ${by.name}${untilText(until)}.`;
}

/** For the others who may read it. */
export function unfrozenNotice({ fileName }: Config, by: Author): string {
  return `🔔 ${by.name} unfroze ${fileName}. It can be changed again.`;
}

export function notFrozen({ fileName }: Config): string {
  return `${fileName} is not frozen. Nothing to do.`;
}

/** For `/status`. */
export function frozenStatus({ by, until, reason }: ToldFreeze): string {
  return `frozen by ${by.name}${untilText(until)}${reason === null ? "" : `: ${reason}`}`;
}

/** What is wrong with the time that a freeze was to end at. */
export type WrongEnd = "not_a_time" | "past" | "too_far";

/** @param maxMs - the longest freeze that has an end */
export function freezeRefused(
  { id, fileName }: Config,
  word: string,
  wrong: WrongEnd,
  maxMs: number,
): string {
  const forms = `/freeze_${id} 2h (or 30m, 7d) freezes it for that long, /freeze_${id} 2026-12-01T08:00 until then, /freeze_${id} alone until somebody unfreezes it.`;
  const problem = {
    not_a_time: `${word} is not a time that I can read.`,
    past: `${word} has passed already.`,
    too_far: `${word} is more than ${durationText(maxMs)} away, and a freeze with an end can be no longer than that.`,
  }[wrong];
  return `${problem} ${fileName} was not frozen.\n${forms}`;
}
