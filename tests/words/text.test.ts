import * as fc from "fast-check";
import { expect, test } from "vitest";
import { textSchema } from "../../src/words/kept-text.ts";
import { code, type Language, languages, type Line, same, t, time } from "../../src/words/line.ts";
import {
  cut,
  english,
  type Entity,
  render,
  replaced,
  type Text,
  textOf,
  titled,
} from "../../src/words/text.ts";

/** What people call files and keys, with all that markup would trip over. */
const name = fc.oneof(
  fc.constantFrom("*_[]()~`>#+-=|{}.!", "<b>&amp;</b>", "👩‍👩‍👧‍👦", "🇩🇪🇩", "\uD83D", "", "fees.yml"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const line: fc.Arbitrary<Line> = fc.oneof(
  name.map(same),
  fc.tuple(name, name, fc.boolean()).map(([one, other, isTime]) => {
    const mark = isTime ? time("2026-11-23T14:05:09.123Z") : code(one);
    return { en: t`👌 ${code(other)}: ${mark} is ${one}`, ru: t`${mark} 👌 ${one}${code(other)}` };
  }),
);
const text: fc.Arbitrary<Text> = fc.array(
  fc.oneof(
    line,
    fc.array(line, { maxLength: 9 }).map((lines) => ({ lines, total: lines.length + 1 })),
  ),
  { minLength: 1, maxLength: 5 },
);

function isPairSplit(whole: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(whole.slice(Math.max(0, at - 1), at + 1));
}

/** By Telegram's rules: https://core.telegram.org/bots/api#formatting-options */
function mayNest(outer: Entity, inner: Entity): boolean {
  if (outer.type === inner.type || outer.type === "code" || outer.type === "date_time")
    return false;
  return outer.type === "expandable_blockquote" || inner.type !== "code";
}

test("no entity leaves its text, splits a character, or crosses another, however it is cut", () => {
  fc.assert(
    fc.property(
      text,
      fc.constantFrom<Language>(...languages),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 60 }),
      (whole, language, charsMax, listCharsMax) => {
        const shown = cut(titled(render(whole, language, { listCharsMax })), charsMax);
        expect(shown.text.length).toBeLessThanOrEqual(charsMax);
        expect(shown.text).not.toMatch(/\p{Cs}/u);
        for (const [index, entity] of shown.entities.entries()) {
          const end = entity.offset + entity.length;
          expect(entity.offset).toBeGreaterThanOrEqual(0);
          expect(entity.length).toBeGreaterThan(0);
          expect(end).toBeLessThanOrEqual(shown.text.length);
          expect(isPairSplit(shown.text, entity.offset) || isPairSplit(shown.text, end)).toBe(
            false,
          );
          for (const later of shown.entities.slice(index + 1)) {
            expect(later.offset).toBeGreaterThanOrEqual(entity.offset);
            if (later.offset >= end) continue;
            expect(later.offset + later.length).toBeLessThanOrEqual(end);
            expect(mayNest(entity, later)).toBe(true);
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("a text that was kept as JSON is said as before", () => {
  fc.assert(
    fc.property(text, fc.constantFrom<Language>(...languages), (whole, language) => {
      const kept = textSchema.parse(JSON.parse(JSON.stringify(whole)));
      expect(render(kept, language)).toEqual(render(whole, language));
    }),
  );
});

test("values are in letters of one width, times are instants, the first line is bold and nothing else", () => {
  const said = titled(
    render(
      [
        { en: t`✅ ${code("fees.yml")} at ${time("2026-11-23T14:05:09.123Z")}`, ru: "" },
        { en: t`${code("a_b")}: ${code("👩‍👧")} → ${code(2)}`, ru: "" },
      ],
      "en",
    ),
  );
  expect(said.text).toBe("✅ fees.yml at 2026-11-23 14:05:09 UTC\na_b: 👩‍👧 → 2");
  expect(said.entities).toEqual([
    { type: "bold", offset: 0, length: 37 },
    {
      type: "date_time",
      offset: 14,
      length: 23,
      unix_time: 1_795_442_709,
      date_time_format: "dT",
    },
    { type: "code", offset: 38, length: 3 },
    { type: "code", offset: 43, length: 5 },
    { type: "code", offset: 51, length: 1 },
  ]);
});

test("a line within a line is said in the language of the one around it", () => {
  const inner: Line = { en: "the disk is full", ru: "диск полон" };
  const outer: Text = [{ en: t`It failed: ${inner}.`, ru: t`Не вышло: ${inner}.` }];
  expect(render(outer, "ru").text).toBe("Не вышло: диск полон.");
  expect(textOf(outer, Infinity)).toBe("It failed: the disk is full.");
});

test("a long list is quoted with the count of what is left out, a short one is not", () => {
  const lines = (count: number): Text => [
    same("Title"),
    { lines: Array.from({ length: count }, (_, index) => same(`${index}`)), total: 9 },
  ];
  expect(render(lines(4), "en").entities).toEqual([]);
  expect(render(lines(5), "ru")).toEqual({
    text: "Title\n0\n1\n2\n3\n4\n… и ещё 4.",
    entities: [{ type: "expandable_blockquote", offset: 6, length: 20 }],
  });
});

test("a time that is cut is no time any more, and a value that is cut is still one", () => {
  const said = render(
    [{ en: t`${code("abcdef")} ${time("2026-11-23T14:05:09.123Z")}`, ru: "" }],
    "en",
  );
  expect(cut(said, 20)).toEqual({
    text: "abcdef 2026-11-23 1…",
    entities: [{ type: "code", offset: 0, length: 6 }],
  });
  expect(cut(said, 4)).toEqual({
    text: "abc…",
    entities: [{ type: "code", offset: 0, length: 3 }],
  });
});

test("a line takes the place of another one, wherever that stands", () => {
  const [one, other]: readonly [Line, Line] = [{ en: t`${code(1)}`, ru: "" }, same("two")];
  const text = [same("first"), one];
  expect(replaced(text, { en: t`${code(1)}`, ru: "" }, other)).toEqual([same("first"), other]);
  expect(english(one)).toBe("1");
});
