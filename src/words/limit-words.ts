// What moves beyond the limits of a config, in words.
import { pathText } from "../model/excerpt.ts";
import type { Excess } from "../model/excess.ts";
import type { LimitFaults } from "../model/limit-fault.ts";
import type { Limit } from "../model/rules.ts";
import { movedText, wholeFile } from "./key-change-words.ts";
import type { Sentences } from "./sentences.ts";

export const limitFaults: Sentences<LimitFaults> = {
  beyond_limit: ({ what, atMost, withinDay }) =>
    `${movedText(what)} is beyond its limit of ${limitText(atMost)}${withinDay ? " within 24 hours" : ""}`,
};

/** `maker_percent: 0.08 → 8 is beyond its limit of 50%`. */
export function excessText({ path, what, limit: { atMost }, withinDay }: Excess): string {
  const where = path.length === 0 ? wholeFile : pathText(path);
  return `${where}: ${limitFaults.beyond_limit({ what, atMost, withinDay })}`;
}

/** As the catalog has it. */
function limitText({ kind, amount }: Limit["atMost"]): string {
  switch (kind) {
    case "percent":
      return `${amount}%`;
    case "times":
      return `${amount}x`;
    case "absolute":
      return amount;
    default:
      return kind satisfies never;
  }
}
