// Strict JSON: whether a text is, JavaScript's own reader decides; what is wrong in one that is not, jsonc-parser finds, which goes on behind a
// mistake.
import { type JSONVisitor, printParseErrorCode, visit } from "jsonc-parser";
import { depthMax } from "./document-limits.ts";

export interface SyntaxProblem {
  /** In the text. */
  readonly offset: number;
  readonly message: string;
}

export function isJson(text: string): boolean {
  // Most YAML is told apart at its first character.
  return /^\s*[[{"]/.test(text) && isStrict(text);
}

function isStrict(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

/** @returns nothing for strict JSON; at most one for each line, as what is said of the rest of a line follows from its first mistake */
export function jsonSyntaxProblems(text: string): readonly SyntaxProblem[] {
  if (isStrict(text)) return [];
  const problems = findProblems(text);
  return problems.length > 0 ? problems : [{ offset: 0, message: "this is not JSON" }];
}

/** What may come next. */
type Expected = "key" | "colon" | "value" | "end";

/** Ends the visit: the library goes down by recursion, as deep as the text is. */
class TooDeep extends Error {}

function findProblems(text: string): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const closing: ("}" | "]")[] = [];
  let expected: Expected = "value";
  let number: { readonly start: number; readonly end: number } | undefined;
  /** Until something is understood again, what is said follows from the mistake before. */
  let isLost = false;
  let wrongToken = -1;
  let lineEnd = -1;

  function report(offset: number, message: string): void {
    if (offset <= lineEnd) return;
    problems.push({ offset, message });
    const end = text.indexOf("\n", offset);
    lineEnd = end === -1 ? text.length : end;
  }

  function understood(offset: number, next: Expected): void {
    expected = next;
    number = undefined;
    if (offset !== wrongToken) isLost = false;
  }

  function open(offset: number, bracket: "}" | "]"): void {
    if (closing.length >= depthMax) {
      report(offset, `is nested deeper than ${depthMax} levels`);
      throw new TooDeep();
    }
    closing.push(bracket);
    understood(offset, bracket === "}" ? "key" : "value");
  }

  function close(): void {
    closing.pop();
    expected = "end";
  }

  const visitor: JSONVisitor = {
    onObjectBegin: (offset) => open(offset, "}"),
    onArrayBegin: (offset) => open(offset, "]"),
    onObjectEnd: close,
    onArrayEnd: close,
    onObjectProperty: (_, offset) => understood(offset, "colon"),
    onSeparator: (separator, offset) =>
      understood(offset, separator === "," && closing.at(-1) === "}" ? "key" : "value"),
    onLiteralValue(value, offset, length) {
      understood(offset, "end");
      if (typeof value === "number") number = { start: offset, end: offset + length };
    },
    onError(errorCode, offset, length) {
      const code = printParseErrorCode(errorCode);
      if (!isLost) {
        const token = text.slice(offset, offset + length);
        const bracket = closing.at(-1);
        const mistake = { text, offset, token, expected, bracket, number };
        const { message, at = offset } = wordsFor(code, mistake);
        report(at, message);
      }
      isLost = true;
      if (isOfToken(code)) wrongToken = offset;
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return problems;
}

/** Whether the token itself is wrong, and not only its place; it is taken all the same. */
function isOfToken(code: string): boolean {
  return /^(?:UnexpectedEnd|Invalid)/.test(code);
}

interface Mistake {
  readonly text: string;
  readonly offset: number;
  /** Empty at the end of the text. */
  readonly token: string;
  readonly expected: Expected;
  /** That closes what is open; undefined outside of everything. */
  readonly bracket: "}" | "]" | undefined;
  /** The one that ends right before, if one does. */
  readonly number: { readonly start: number; readonly end: number } | undefined;
}

interface Words {
  readonly message: string;
  /** Where it is not where the library says. */
  readonly at?: number;
}

const notNumber =
  "this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point";
const keyInQuotes = "a key must stand in double quotes in JSON";
const valueMissing = "a value is missing before this";

/** @param code - the library's name for it */
function wordsFor(code: string, mistake: Mistake): Words {
  const { text, offset, token } = mistake;
  switch (code) {
    case "InvalidCommentToken":
      return { message: "a comment is not allowed in JSON: remove it" };
    case "UnexpectedEndOfNumber":
      return { message: notNumber };
    case "CloseBraceExpected":
      return { message: "the file ends here, and a } is missing" };
    case "CloseBracketExpected":
      return { message: "the file ends here, and a ] is missing" };
    case "UnexpectedEndOfString":
      return {
        message:
          "the text that begins here is not closed on its line: a double quote is missing, or write \\n for a line break",
      };
    case "InvalidEscapeCharacter":
    case "InvalidUnicode": {
      const good = /^"(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*/.exec(token)?.[0] ?? "";
      const message = "this backslash is not understood: write \\\\ for a backslash";
      return { message, at: offset + good.length };
    }
    case "InvalidCharacter": {
      const at = offset + token.search(/\p{Cc}/u);
      const code = text.charCodeAt(at).toString(16).padStart(4, "0");
      const escape = text[at] === "\t" ? "t" : `u${code}`;
      return {
        message: `there is a tab or control character in a text: write \\${escape}`,
        at,
      };
    }
    default:
      return token === "" ? endWords(mistake) : unexpectedWords(mistake);
  }
}

function endWords({ expected, bracket }: Mistake): Words {
  if (expected === "value") return { message: "the file ends here, and a value is missing" };
  return { message: `the file ends here, and a ${bracket ?? "value"} is missing` };
}

/** Something stands where something else should. */
function unexpectedWords({ text, offset, token, expected, bracket, number }: Mistake): Words {
  if (number !== undefined && number.end === offset) {
    return { message: notNumber, at: number.start };
  }
  if (token.startsWith("#")) return { message: "a comment is not allowed in JSON: remove it" };
  if (token === "}" || token === "]") {
    const before = text.slice(0, offset).trimEnd();
    const isAfterComma = before.endsWith(",") && token === bracket;
    const message = `this comma is the last thing before ${token}, which JSON does not allow: remove it`;
    if (isAfterComma) return { message, at: before.length - 1 };
  }
  switch (expected) {
    case "key":
      return { message: keyInQuotes };
    case "colon":
      return { message: "a colon is missing before this" };
    case "value":
      return { message: valueWords(token) };
    case "end":
      return {
        message:
          bracket === undefined
            ? "something follows the end of the document: a bracket before it is one too many, or a comma or bracket is missing"
            : `a comma or ${bracket} is missing before this`,
      };
    default:
      return expected satisfies never;
  }
}

function valueWords(token: string): string {
  if (token.startsWith("'")) return "a text stands in double quotes in JSON, not in single ones";
  if (/^[-+.]*[0-9]|^[-+.]/.test(token)) return notNumber;
  if (/^[\]}:,]/.test(token)) return valueMissing;
  const word = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(token)?.[0];
  if (word === undefined) return "this is not understood in JSON";
  if (word === "NaN" || word === "Infinity") return `${word} is no value in JSON: write a number`;
  return `${word.slice(0, 40)} is no value in JSON: write it in double quotes if it is a text`;
}
