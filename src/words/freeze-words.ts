// What is said of a config that is frozen, beside the outcome of a change that it refuses (outcome-words.ts).
import type { Config } from "../model/config.ts";
import type { Author } from "../model/revision.ts";
import { momentRefusal } from "./moment-words.ts";
import { timeText } from "./numbers.ts";

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

/** @param end - what is wrong with the time that it was to end at: `word`, read in `zone` */
export function freezeRefused(
  { id, fileName }: Config,
  end: Parameters<typeof momentRefusal>[0],
  word: string,
  zone: string,
): string {
  return [
    `${fileName} was not frozen. ${momentRefusal(end, word, zone)}`,
    `/freeze_${id} 2h (or 30m, 7d) freezes it for that long, /freeze_${id} alone until somebody unfreezes it.`,
  ].join("\n");
}
