// What moves beyond the limits of a config, in words.
import type { Excess } from "../model/excess.ts";
import type { LimitFaults } from "../model/limit-fault.ts";
import type { Limit } from "../model/rules.ts";
import { movedText, placeText } from "./key-change-words.ts";
import { type Spoken, t } from "./line.ts";
import type { Sentences } from "./sentences.ts";

export const limitFaults: Sentences<LimitFaults> = {
  beyond_limit: ({ what, atMost, withinDay }) => {
    const [moved, limit] = [movedText(what), limitText(atMost)];
    return {
      en: t`${moved} is beyond its limit of ${limit}${withinDay ? " within 24 hours" : ""}`,
      ru: t`${moved} выходит за предел в ${limit}${withinDay ? " за 24 часа" : ""}`,
    };
  },
};

/** `maker_percent: 0.08 → 8 is beyond its limit of 50%`. */
export function excessText({ path, what, limit: { atMost }, withinDay }: Excess): Spoken {
  const line = t`${placeText(path)}: ${limitFaults.beyond_limit({ what, atMost, withinDay })}`;
  return { en: line, ru: line };
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
