// Strict JSON: whether a text is, JavaScript's own reader decides; what is wrong in one that is not, jsonc-parser finds, which goes on behind a
// mistake.
import { type JSONVisitor, printParseErrorCode, visit } from "jsonc-parser";
import type { Fault } from "../../model/problem.ts";
import { depthMax, tooDeep } from "./document-limits.ts";
import type { FaultAt } from "./fault-at.ts";

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
export function jsonSyntaxProblems(text: string): readonly FaultAt[] {
  if (isStrict(text)) return [];
  const problems = findProblems(text);
  return problems.length > 0 ? problems : [{ offset: 0, fault: { code: "json_none" } }];
}

/** What may come next. */
type Expected = "key" | "colon" | "value" | "end";

/** Ends the visit: the library goes down by recursion, as deep as the text is. */
class TooDeep extends Error {}

function findProblems(text: string): readonly FaultAt[] {
  const problems: FaultAt[] = [];
  const closing: ("}" | "]")[] = [];
  let expected: Expected = "value";
  let number: { readonly start: number; readonly end: number } | undefined;
  /** Until something is understood again, what is said follows from the mistake before. */
  let isLost = false;
  let wrongToken = -1;
  let lineEnd = -1;

  function report({ offset, fault }: FaultAt): void {
    if (offset <= lineEnd) return;
    problems.push({ offset, fault });
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
      report({ offset, fault: tooDeep });
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
        report(faultOf(code, { text, offset, token, expected, bracket, number }));
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

/** @param code - the library's name for it */
function faultOf(code: string, mistake: Mistake): FaultAt {
  const { text, offset, token } = mistake;
  switch (code) {
    case "InvalidCommentToken":
      return { offset, fault: { code: "json_comment" } };
    case "UnexpectedEndOfNumber":
      return { offset, fault: { code: "json_number" } };
    case "CloseBraceExpected":
      return { offset, fault: { code: "json_ends", params: { missing: "}" } } };
    case "CloseBracketExpected":
      return { offset, fault: { code: "json_ends", params: { missing: "]" } } };
    case "UnexpectedEndOfString":
      return { offset, fault: { code: "json_text_open" } };
    case "InvalidEscapeCharacter":
    case "InvalidUnicode": {
      const good = /^"(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*/.exec(token)?.[0] ?? "";
      return { offset: offset + good.length, fault: { code: "json_backslash" } };
    }
    case "InvalidCharacter": {
      const at = offset + token.search(/\p{Cc}/u);
      const code = text.charCodeAt(at).toString(16).padStart(4, "0");
      const escape = text[at] === "\t" ? "t" : `u${code}`;
      return { offset: at, fault: { code: "json_control_character", params: { escape } } };
    }
    default:
      return token === "" ? { offset, fault: endFault(mistake) } : unexpectedFault(mistake);
  }
}

function endFault({ expected, bracket }: Mistake): Fault {
  return {
    code: "json_ends",
    params: { missing: expected === "value" ? null : (bracket ?? null) },
  };
}

/** Something stands where something else should. */
function unexpectedFault(mistake: Mistake): FaultAt {
  const { text, offset, token, bracket, number } = mistake;
  if (number?.end === offset) return { offset: number.start, fault: { code: "json_number" } };
  const before = text.slice(0, offset).trimEnd();
  if ((token === "}" || token === "]") && token === bracket && before.endsWith(",")) {
    return { offset: before.length - 1, fault: { code: "json_last_comma", params: { bracket } } };
  }
  return { offset, fault: expectedFault(mistake) };
}

function expectedFault({ token, expected, bracket }: Mistake): Fault {
  if (token.startsWith("#")) return { code: "json_comment" };
  switch (expected) {
    case "key":
      return { code: "json_key_unquoted" };
    case "colon":
      return { code: "colon_missing" };
    case "value":
      return valueFault(token);
    case "end":
      return bracket === undefined
        ? { code: "json_goes_on" }
        : { code: "json_separator_missing", params: { bracket } };
    default:
      return expected satisfies never;
  }
}

function valueFault(token: string): Fault {
  if (token.startsWith("'")) return { code: "json_single_quotes" };
  if (/^[-+.]*[0-9]|^[-+.]/.test(token)) return { code: "json_number" };
  if (/^[\]}:,]/.test(token)) return { code: "value_missing" };
  const word = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(token)?.[0];
  if (word === undefined) return { code: "json_not_understood" };
  return word === "NaN" || word === "Infinity"
    ? { code: "json_no_number", params: { word } }
    : { code: "json_no_value", params: { word: word.slice(0, 40) } };
}
