import { describe, expect, test } from "vitest";
import { decodeDocument } from "../../../src/document/validation/document-text.ts";

const latin = "# cafés and naïve façades\ncurrency: USD\nmaker_percent: 0.08\n";
const cyrillic =
  "# Комиссии биржи, в процентах\ncurrency: USD\ntitle: Москва\nmaker_percent: 0.08\n";
const ascii = "currency: USD\nmaker_percent: 0.08\ntaker_percent: 0.1\n";

/** By the standard's own tables, turned around: https://encoding.spec.whatwg.org. */
function encoded(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Uint8Array.from(text, (character) => bytes.get(character) ?? 0x3f);
}

function utf16(text: string, { mark, bigEndian }: { mark: boolean; bigEndian: boolean }): Buffer {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
}

describe("the likely encoding is named, with what to do", () => {
  for (const [name, bytes, encoding] of [
    ...[ascii, cyrillic].flatMap((text) =>
      [true, false].flatMap((mark) =>
        [true, false].map(
          (bigEndian) =>
            [
              `UTF-16 of ${text === ascii ? "ASCII" : "Cyrillic"}, ${bigEndian ? "big" : "little"} endian, with${mark ? "" : "out"} a mark`,
              utf16(text, { mark, bigEndian }),
              "UTF-16",
            ] as const,
        ),
      ),
    ),
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), "UTF-32"],
    ["Windows-1251", encoded(cyrillic, "windows-1251"), "Windows-1251"],
    [
      "Windows-1251 in one word of a comment",
      encoded(`# курс\n${ascii}`, "windows-1251"),
      "Windows-1251",
    ],
    ["KOI8-R", encoded(cyrillic, "koi8-r"), "KOI8-R"],
    ["IBM866", encoded(cyrillic, "ibm866"), "IBM866"],
    ["Windows-1252", encoded(latin, "windows-1252"), "Windows-1252"],
  ] as const) {
    test(name, () => {
      expect(decodeDocument(bytes)).toMatchObject({
        kind: "not_text",
        problem: {
          code: "not_utf8",
          params: { likely: encoding },
          place: { line: null },
        },
      });
    });
  }
});

test("UTF-8 of any language is text", () => {
  for (const text of [latin, cyrillic, ascii, "名前: 東京\n"]) {
    expect(decodeDocument(Buffer.from(text))).toMatchObject({ kind: "text", text, total: 0 });
  }
});

test("a text with a zero here and there is told where they are, not taken for UTF-16", () => {
  expect(decodeDocument(Buffer.from(`${ascii}a: \u0000\n`))).toMatchObject({
    kind: "text",
    total: 1,
  });
});
