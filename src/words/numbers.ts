// Numbers with their nouns, times, sizes, lists of names: what a language counts and writes in a way of its own.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `2026-11-23 14:05:09 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `14:05:09 UTC`, for what is near. */
export function clockText(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

/** `5 minutes`, rounded down to its largest unit. */
export function durationText(durationMs: number): string {
  if (durationMs < minuteMs) return count(Math.max(0, Math.floor(durationMs / 1000)), "second");
  if (durationMs < hourMs) return count(Math.floor(durationMs / minuteMs), "minute");
  if (durationMs < 2 * dayMs) return count(Math.floor(durationMs / hourMs), "hour");
  return count(Math.floor(durationMs / dayMs), "day");
}

/** `5 minutes ago`, `just now`. */
export function agoText(durationMs: number): string {
  return durationMs < 1000 ? "just now" : `${durationText(durationMs)} ago`;
}

/** `1 problem`, `2 problems`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** `1 MB`, `1.5 MB`, `800 bytes`; by 1024, as MAX_UPLOAD_BYTES is counted. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  if (megabytes >= 1) return `${Number(megabytes.toFixed(1))} MB`;
  return bytes >= 1024 ? `${Number((bytes / 1024).toFixed(1))} kB` : `${bytes} bytes`;
}

/** Behind a list of which only the first are shown. */
export function andMore(number: number): string {
  return `… and ${number} more`;
}

/** `Boris and Carol`. */
export function namesText(people: readonly { readonly name: string }[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(people.map(({ name }) => name));
}
