// What /schedule_* says beyond the command: when, and why.
import { readMoment } from "../../model/moment.ts";
import type { Config } from "../../model/config.ts";
import type { Line } from "../../words/line.ts";
import { scheduleRefused } from "../../words/schedule-words.ts";
import { reasonOf } from "../api/plain-text.ts";

type AskedTime =
  /** `dueAt` is ISO 8601, UTC. */
  | { readonly kind: "at"; readonly dueAt: string; readonly reason: string | null }
  | { readonly kind: "refused"; readonly text: Line };

/** @param timeZone - for a time without an offset */
export function askedTime(config: Config, said: string, timeZone: string): AskedTime {
  const word = /^\S*/.exec(said)?.[0] ?? "";
  const read = readMoment(word, timeZone, Date.now());
  if (read.kind !== "at") {
    return { kind: "refused", text: scheduleRefused(config, read, word, timeZone) };
  }
  const dueAt = new Date(read.ms).toISOString();
  return { kind: "at", dueAt, reason: reasonOf(said.slice(word.length)) };
}
