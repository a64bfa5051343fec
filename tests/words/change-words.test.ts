import { expect, test } from "vitest";
import { english } from "../../src/words/text.ts";
import { noticesLeftOut } from "../../src/words/notice-words.ts";

test("one change that is left out is told as one", () => {
  expect(english(noticesLeftOut(1))).toBe(
    "🔔 1 earlier change is not listed here; /history_… has it.",
  );
  expect(english(noticesLeftOut(2))).toBe(
    "🔔 2 earlier changes are not listed here; /history_… has them.",
  );
});
