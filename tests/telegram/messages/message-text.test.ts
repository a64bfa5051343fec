import { expect, test } from "vitest";
import { same } from "../../../src/words/line.ts";
import { messageText } from "../../../src/telegram/messages/message-text.ts";
import type { Text } from "../../../src/words/text.ts";

const shown = (text: Text, lineCharsMax?: number): string =>
  messageText(text, "en", lineCharsMax).text;
const line = (length: number): string => "x".repeat(length);
const list = (count: number, length: number) => ({
  lines: Array.from({ length: count }, () => same(line(length))),
  total: count,
});

test("a list that fits is whole, and counts what it was not given", () => {
  expect(shown([same("Title"), { lines: [same("a"), same("b")], total: 5 }, same("End")])).toBe(
    "Title\na\nb\n… and 3 more.\nEnd",
  );
});

test("lists that are too long are cut between lines and counted, and what is around them stays", () => {
  const text = shown([same("Title"), list(30, 200), same("Between"), list(30, 200), same("End")]);
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text).toMatch(/^Title\nx+\n/);
  expect(text.match(/… and 21 more\./g)).toHaveLength(2);
  expect(text.endsWith("\n… and 21 more.\nEnd")).toBe(true);
});

test("a long text leaves its list less room, never less than the count of it", () => {
  const text = shown([same(line(3990)), list(3, 200)]);
  expect(text).toBe(`${line(3990)}\n… and 3 more.`);
});

test("lines with no limit of their own are shortened", () => {
  expect(shown([list(2, 9)], 4)).toBe("xxxx\nxxxx");
});
