// How far long work is, in words.
import { expect, test } from "vitest";
import { english } from "../../src/words/text.ts";
import { workLine } from "../../src/words/work-words.ts";

test("work that is told of after two seconds has taken two, though a timer may end a moment before", () => {
  expect(english(workLine({ kind: "check" }, 1999.2))).toBe("Still checking after 2 seconds.");
});
