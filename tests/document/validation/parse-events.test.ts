import { expect, test } from "vitest";
import { parseEvents } from "../../../src/document/validation/parse-events.ts";

test("a small text is parsed once, a large one and one that was long ago anew", () => {
  const small = "a: 1\n";
  const first = parseEvents(small);
  expect(parseEvents(small)).toBe(first);
  for (let index = 0; index < 64; index += 1) parseEvents(`a: ${index + 2}\n`);
  expect(parseEvents(small)).not.toBe(first);
  expect(parseEvents(small)).toEqual(first);
  const large = `a: ${"x".repeat(16 * 1024)}\n`;
  expect(parseEvents(large)).not.toBe(parseEvents(large));
});
