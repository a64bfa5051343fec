// From bytes to text: what is not text, or holds characters that nobody sees, ends here.
import { type FaultParams, type Problem, wholeDocument } from "../../model/problem.ts";
import { problemsListedMax } from "./problem.ts";
import { likelyEncoding } from "./text-encoding.ts";

const byteOrderMark = "\uFEFF";

// Of the control characters tab and the ends of lines are fine. A carriage return by itself, next line (U+0085) and the separators
// U+2028 and U+2029 end a line, and so a comment, for readers of YAML 1.1 or for all others: what hides a key from one must not pass. A byte order
// mark further down begins another document for some; U+FFFE and U+FFFF are no characters at all.
export const hiddenCharacters =
  // eslint-disable-next-line no-control-regex -- finding them is what it is for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|\r(?!\n)/g;

export type DocumentText =
  | {
      readonly kind: "text";
      /** The byte order mark, or nothing. */
      readonly mark: string;
      /** What is behind it. */
      readonly text: string;
      /** The first ones of `total`. */
      readonly problems: readonly Problem[];
      readonly total: number;
    }
  | { readonly kind: "not_text"; readonly problem: Problem };

/** Decodes UTF-8; a byte order mark is accepted and left out. Characters that cannot be seen are problems, each with its place. */
export function decodeDocument(bytes: Uint8Array): DocumentText {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return notText(likelyEncoding(bytes) ?? null);
  }
  // Latin letters in UTF-16 are correct UTF-8, with a zero beside each.
  const wide = text.includes("\u0000") ? likelyEncoding(bytes) : undefined;
  if (wide?.startsWith("UTF-") === true) return notText(wide);
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  text = text.slice(mark.length);
  return { kind: "text", mark, text, ...findHiddenCharacters(text) };
}

function notText(likely: string | null): DocumentText {
  return { kind: "not_text", problem: wholeDocument({ code: "not_utf8", params: { likely } }) };
}

function findHiddenCharacters(text: string): { problems: readonly Problem[]; total: number } {
  const problems: Problem[] = [];
  let total = 0;
  let line = 1;
  let lineStart = 0;
  for (const { index, 0: character } of text.matchAll(hiddenCharacters)) {
    total += 1;
    if (problems.length === problemsListedMax) continue;
    for (let end = text.indexOf("\n", lineStart); end !== -1 && end < index;) {
      line += 1;
      lineStart = end + 1;
      end = text.indexOf("\n", lineStart);
    }
    const params = { what: kindOf(character), code: character.charCodeAt(0) };
    const place = { line, column: index - lineStart + 1, path: [] };
    problems.push({ code: "hidden_character", params, place });
  }
  return { problems, total };
}

function kindOf(character: string): FaultParams["hidden_character"]["what"] {
  if (character === byteOrderMark) return "byte_order_mark";
  return /[\r\u0085\u2028\u2029]/.test(character) ? "line_break" : "control_character";
}
