import { english } from "../../src/words/text.ts";
import { expect, test } from "vitest";
import { readEnd } from "../../src/model/moment.ts";
import { momentRefusal } from "../../src/words/moment-words.ts";

const now = Date.parse("2026-03-01T00:00Z");

for (const { text, refusal } of [
  {
    text: "2026-10-25T02:30",
    refusal:
      "2026-10-25T02:30 happens twice in Europe/Berlin, because the clocks go back then. Write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00.",
  },
  {
    text: "2026-03-29T02:30",
    refusal:
      "2026-03-29T02:30 does not exist in Europe/Berlin, because the clocks go forward then. Choose another time.",
  },
  { text: "2026-02-28T23:59", refusal: "2026-02-28T23:59 has passed already." },
  { text: "31d", refusal: "31d is too far ahead: the limit is 30 days." },
  {
    text: "2028-01-01T00:00",
    refusal: "2028-01-01T00:00 is too far ahead: the limit is 366 days.",
  },
  {
    text: "tomorrow",
    refusal:
      "tomorrow is not a time that I can read. Write it like 2026-12-01T00:00, which is read in Europe/Berlin, or with an offset: 2026-12-01T00:00+01:00.",
  },
]) {
  test(refusal, () => {
    const reading = readEnd(text, "Europe/Berlin", now);
    if (reading.kind === "at") throw new Error(`${text} was read`);
    expect(english(momentRefusal(reading, text, "Europe/Berlin"))).toBe(refusal);
  });
}
