// Strict JSON (RFC 8259): finds the first thing that a reader of JSON would refuse. YAML is nearly a superset of JSON, so what passes
// here is read as YAML afterwards, for the places of its values.
import { depthMax } from "./document-limits.ts";

export interface SyntaxProblem {
  /** In the text. */
  readonly offset: number;
  readonly message: string;
}

const space = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- stopping at them is what it is for
const plainCharacters = /[^"\\\u0000-\u001F]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const word = /[A-Za-z_$][A-Za-z0-9_$]*/y;
/** What follows a number without belonging to it. */
const numberRest = /[0-9A-Za-z_.+-]/y;
const words = new Set(["true", "false", "null"]);

class Refusal extends Error {
  readonly problem: SyntaxProblem;

  constructor(offset: number, message: string) {
    super(message);
    this.problem = { offset, message };
  }
}

/** @returns undefined for strict JSON; keys that are there twice are left to whoever reads the values */
export function jsonSyntaxProblem(text: string): SyntaxProblem | undefined {
  const reader = new Reader(text);
  try {
    reader.value(0);
    reader.end();
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
  return undefined;
}

export function isJson(text: string): boolean {
  // Most YAML is told apart at its first character.
  return /^\s*[[{"]/.test(text) && jsonSyntaxProblem(text) === undefined;
}

/** A class, because the place in the text must outlive each call. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): void {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === "{" || character === "[") {
      if (depth >= depthMax) this.#refuse(`is nested deeper than ${depthMax} levels`);
      if (character === "{") this.#list("}", () => this.#pair(depth));
      else this.#list("]", () => this.value(depth + 1));
    } else if (character === '"') this.#string();
    else if (character !== undefined && /[-0-9]/.test(character)) this.#number();
    else this.#word();
  }

  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) {
      this.#refuse(
        "something follows the end of the document: a bracket before it is one too many, or a comma or bracket is missing",
      );
    }
  }

  #list(close: string, item: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(close)) return;
    for (;;) {
      item();
      this.#skipSpace();
      if (this.#take(close)) return;
      const comma = this.#at;
      if (!this.#take(",")) this.#refuse(this.#missing(close));
      this.#skipSpace();
      if (this.#text[this.#at] === close) {
        this.#refuse(
          `this comma is the last thing before ${close}, which JSON does not allow: remove it`,
          comma,
        );
      }
    }
  }

  #missing(close: string): string {
    return this.#at >= this.#text.length
      ? `the file ends here, and a ${close} is missing`
      : `a comma or ${close} is missing before this`;
  }

  #pair(depth: number): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') {
      this.#refuse(
        this.#at >= this.#text.length
          ? "the file ends here, and a } is missing"
          : "a key must stand in double quotes in JSON",
      );
    }
    this.#string();
    this.#skipSpace();
    if (!this.#take(":")) this.#refuse("a colon is missing before this");
    this.value(depth + 1);
  }

  #string(): void {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      this.#match(plainCharacters);
      const character = this.#text[this.#at];
      if (character === '"') break;
      if (character === "\\") {
        if (this.#match(escape) === undefined) {
          this.#refuse("this backslash is not understood: write \\\\ for a backslash");
        }
      } else if (character === undefined || character === "\n" || character === "\r") {
        this.#refuse(
          "the text that begins here is not closed on its line: a double quote is missing, or write \\n for a line break",
          start,
        );
      } else {
        const code = character.charCodeAt(0).toString(16).padStart(4, "0");
        this.#refuse(
          `there is a tab or control character in a text: write \\${character === "\t" ? "t" : `u${code}`}`,
        );
      }
    }
    this.#at += 1;
  }

  #number(): void {
    const start = this.#at;
    const found = this.#match(number);
    if (found === undefined || this.#peek(numberRest)) {
      this.#refuse(
        "this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
        start,
      );
    }
  }

  #word(): void {
    const start = this.#at;
    if (start >= this.#text.length) this.#refuse("the file ends here, and a value is missing");
    const found = this.#match(word);
    if (found !== undefined && words.has(found)) return;
    this.#refuse(this.#wrongValue(found), start);
  }

  #wrongValue(found: string | undefined): string {
    if (found === "NaN" || found === "Infinity")
      return `${found} is no value in JSON: write a number`;
    if (found !== undefined) {
      return `${found.slice(0, 40)} is no value in JSON: write it in double quotes if it is a text`;
    }
    const character = this.#text[this.#at] ?? "";
    if (character === "'") return "a text stands in double quotes in JSON, not in single ones";
    if (character === "}" || character === "]" || character === ",")
      return "a value is missing before this";
    return "this is not understood in JSON";
  }

  #skipSpace(): void {
    this.#match(space);
    const character = this.#text[this.#at];
    const isComment =
      character === "#" || (character === "/" && /[/*]/.test(this.#text[this.#at + 1] ?? ""));
    if (isComment) this.#refuse("a comment is not allowed in JSON: remove it");
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #refuse(message: string, offset = this.#at): never {
    throw new Refusal(offset, message);
  }
}
