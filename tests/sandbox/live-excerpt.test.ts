import { expect, test } from "vitest";
import { liveExcerpt } from "../../sandbox/live-excerpt.ts";

const lines = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `key_${index}: 1`);

test("a short file is shown whole", () => {
  expect(liveExcerpt({ lines: ["a: 1", "b: 2"], changed: [1] })).toEqual({
    lineCount: 2,
    linesAbove: 0,
    lines: ["a: 1", "b: 2"],
    changed: [1],
    changedUnseen: 0,
  });
});

test("of a long file, 200 lines around the first change are shown, and the rest is counted", () => {
  const excerpt = liveExcerpt({ lines: lines(43_000), changed: [20_000, 20_001, 42_000] });
  expect(excerpt).toMatchObject({ lineCount: 43_000, linesAbove: 19_997, changedUnseen: 1 });
  expect(excerpt.lines).toHaveLength(200);
  expect(excerpt.changed.map((index) => excerpt.lines[index])).toEqual([
    "key_20000: 1",
    "key_20001: 1",
  ]);
});

test("a change at the very end is shown with the last 200 lines", () => {
  const excerpt = liveExcerpt({ lines: lines(300), changed: [299] });
  expect(excerpt).toMatchObject({ linesAbove: 100, changed: [199], changedUnseen: 0 });
});

test("one line of 900 kB is cut, and says how much is missing", () => {
  const { lines: shown } = liveExcerpt({ lines: ["x".repeat(900_000)], changed: [] });
  expect(shown).toEqual([`${"x".repeat(300)}… (899700 more characters)`]);
});
