// Moments as admins write them: 2026-12-01T00:00, seconds if they like, in a time zone or with an offset. A local time may come twice, or never, where the
// clock is changed: neither is guessed. What a zone's clock shows is asked of Intl alone.
import { dayMs, durationMs, durationMsMax } from "./duration.ts";

export type MomentReading =
  /** Milliseconds since 1970. */
  | { readonly kind: "at"; readonly ms: number }
  /** `forms` say it with an offset, the earlier one first. */
  | { readonly kind: "twice"; readonly forms: readonly string[] }
  | { readonly kind: "never" }
  | { readonly kind: "past" }
  | { readonly kind: "too_far"; readonly daysMax: number }
  /** It has another form, or is no day or time of day. */
  | { readonly kind: "not_moment" };

/** Whoever writes a year too many should hear of it. */
const momentDaysMax = 366;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** From UTC: https://en.wikipedia.org/wiki/List_of_UTC_offsets. */
const offsetHoursMax = 14;

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[-+]\d\d(?::?\d\d)?)?$/;

/**
 * @param zone - an IANA name that {@link isTimeZone} accepts; for a text without an offset
 * @param nowMs - what is not after it is past
 */
export function readMoment(text: string, zone: string, nowMs: number): MomentReading {
  const parts = form.exec(text);
  if (parts === null) return { kind: "not_moment" };
  const offset = parts[7];
  const wallMs = wallClock(parts.slice(1, 7).map((part) => Number(part ?? 0)));
  const offsetMs = offset === undefined ? undefined : readOffset(offset);
  if (wallMs === undefined || Number.isNaN(offsetMs)) return { kind: "not_moment" };
  if (offsetMs !== undefined) return limited(wallMs - offsetMs, nowMs);
  const [first, second, ...more] = instantsOf(wallMs, zone);
  if (first === undefined) return { kind: "never" };
  if (second === undefined) return limited(first, nowMs);
  const forms = [first, second, ...more].map((ms) => text + offsetText(wallMs - ms));
  return { kind: "twice", forms };
}

/** As {@link readMoment}, for an end: also `2h`, from now on, at most 30 days. */
export function readEnd(text: string, zone: string, nowMs: number): MomentReading {
  const duration = durationMs(text);
  if (duration === undefined) return readMoment(text, zone, nowMs);
  if (duration > durationMsMax) return { kind: "too_far", daysMax: durationMsMax / dayMs };
  return duration === 0 ? { kind: "past" } : { kind: "at", ms: nowMs + duration };
}

function limited(ms: number, nowMs: number): MomentReading {
  if (ms <= nowMs) return { kind: "past" };
  if (ms - nowMs > momentDaysMax * dayMs) return { kind: "too_far", daysMax: momentDaysMax };
  return { kind: "at", ms };
}

/** @returns what the clock shows, as if it were in UTC; undefined for what no clock shows */
function wallClock([
  year = 0,
  month = 0,
  day = 0,
  hour = 0,
  minute = 0,
  second = 0,
]: readonly number[]): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have is one of another month.
  const isDay = date.getUTCMonth() === month - 1;
  if (!isDay || hour > 23 || minute > 59 || second > 59) return undefined;
  return date.setUTCHours(hour, minute, second);
}

/** @returns NaN for one that is nowhere */
function readOffset(text: string): number {
  if (text === "Z") return 0;
  const [, sign, hours, minutes = "00"] = /^([-+])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  const ms = Number(hours) * hourMs + Number(minutes) * minuteMs;
  if (Number(minutes) > 59 || ms > offsetHoursMax * hourMs) return Number.NaN;
  return sign === "-" ? -ms : ms;
}

/** @returns every instant, in order, at which the clock of the zone shows this */
function instantsOf(wallMs: number, zone: string): readonly number[] {
  const clock = zoneClock(zone);
  const offsets = new Set<number>();
  // Whatever offset is in force when the clock shows it is in force at one of these: none lasts less than an hour.
  for (let hours = -offsetHoursMax - 1; hours <= offsetHoursMax + 1; hours += 1) {
    offsets.add(clock(wallMs + hours * hourMs));
  }
  return [...offsets]
    .map((offset) => wallMs - offset)
    .filter((ms) => ms + clock(ms) === wallMs)
    .toSorted((one, other) => one - other);
}

/** @returns what tells by how much the zone's clock is ahead of UTC at an instant */
function zoneClock(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const fields = (["year", "month", "day", "hour", "minute", "second"] as const).map(
      (field) => parts.get(field) ?? 0,
    );
    return (wallClock(fields) ?? Number.NaN) - ms;
  };
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / minuteMs;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${ms < 0 ? "-" : "+"}${hours}:${rest}`;
}

/** Whether it is a name of a time zone, such as Europe/Berlin, and not an offset. */
export function isTimeZone(name: string): boolean {
  // Newer engines take an offset as well.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
