// From bytes to text: what is not text, or holds characters that nobody sees, ends here.
import { problemsListedMax } from "./problem.ts";
import type { Problem } from "../../model/problem.ts";
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
    return notText(likelyEncoding(bytes));
  }
  // Latin letters in UTF-16 are correct UTF-8, with a zero beside each.
  const wide = text.includes("\u0000") ? likelyEncoding(bytes) : undefined;
  if (wide?.startsWith("UTF-") === true) return notText(wide);
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  text = text.slice(mark.length);
  return { kind: "text", mark, text, ...findHiddenCharacters(text) };
}

function notText(encoding: string | undefined): DocumentText {
  const likely =
    encoding === undefined
      ? ""
      : `, it looks like ${encoding}: save it as UTF-8 (editors ask for the encoding under "Save as") and send it again`;
  const message = `the file is not text in UTF-8${likely}`;
  return { kind: "not_text", problem: { line: null, column: null, path: "", message } };
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
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    const message = `there is a ${nameOf(character)} here that cannot be seen (U+${code}): remove it`;
    problems.push({ line, column: index - lineStart + 1, path: "", message });
  }
  return { problems, total };
}

function nameOf(character: string): string {
  if (character === byteOrderMark) return "byte order mark";
  return /[\r\u0085\u2028\u2029]/.test(character) ? "line break" : "control character";
}
