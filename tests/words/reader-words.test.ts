// What readers take differently, in words: what stands in the file is shown as code.
import { expect, test } from "vitest";
import { languages } from "../../src/words/line.ts";
import { plainReaderFaults } from "../../src/words/reader-words.ts";
import { renderLine } from "../../src/words/text.ts";

for (const [fault, codes] of [
  ["equals_sign", ["=", '"="']],
  ["merge_sign", ["<<", '"<<"']],
  ["key_is_merge", ["<<"]],
  ["quoted_key_is_merge", ["<<"]],
] as const) {
  test(`of ${fault}, what stands in the file and what to write instead is code`, () => {
    for (const language of languages) {
      const { text, entities } = renderLine(plainReaderFaults[fault], language);
      const shown = entities.map(({ offset, length }) => text.slice(offset, offset + length));
      expect(shown).toEqual(codes);
      expect(entities.every(({ type }) => type === "code")).toBe(true);
    }
  });
}
