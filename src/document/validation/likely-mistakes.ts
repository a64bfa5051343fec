// What somebody most likely did, where what the parser says of it would not tell them what to write instead.
import type { YAMLError } from "yaml";
import type { FaultAt } from "./fault-at.ts";

/** @returns undefined where nothing is more likely than what the parser says */
export function likelyMistake(text: string, error: YAMLError): FaultAt | undefined {
  return conflictMark(text, error) ?? colons(text, error) ?? afterQuote(text, error);
}

/** Git writes these where two people changed the same lines. */
function conflictMark(text: string, { pos: [at] }: YAMLError): FaultAt | undefined {
  const offset = lineStart(text, at);
  const line = lineFrom(text, offset).trimEnd();
  const isMark = /^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$/.test(line);
  return isMark ? { offset, fault: { code: "merge_conflict" } } : undefined;
}

/** Of a key: not in a comment, and not in the quotes or brackets that a line begins with. */
function hasColon(line: string): boolean {
  const plain = line
    .trimStart()
    .replace(/^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[.*\]|\{.*\})/, "")
    .replace(/(?:^|\s)#.*/, "");
  return /:(?:\s|$)/.test(plain);
}

/** A value that seems to be a key as well: by a colon on its own line, or by one on a line below that is indented like a part of it. */
function colons(text: string, { code, pos: [at] }: YAMLError): FaultAt | undefined {
  if (code !== "BLOCK_AS_IMPLICIT_KEY") return undefined;
  const rest = lineFrom(text, at);
  if (hasColon(rest)) return { offset: at, fault: { code: "second_colon" } };
  let start = at + rest.length + 1;
  while (start < text.length) {
    const line = lineFrom(text, start);
    if (hasColon(line)) {
      const offset = start + line.search(/\S/);
      return { offset, fault: { code: "indented_below_value" } };
    }
    start += line.length + 1;
  }
  return undefined;
}

function afterQuote(text: string, { code, pos: [at] }: YAMLError): FaultAt | undefined {
  if (code !== "UNEXPECTED_TOKEN") return undefined;
  const last = text.slice(lineStart(text, at), at).trimEnd().at(-1);
  if (last !== "'" && last !== '"') return undefined;
  const quote = last === '"' ? "double" : "single";
  return { offset: at, fault: { code: "text_after_quote", params: { quote } } };
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Up to its end, without the line break. */
function lineFrom(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  return text.slice(offset, end === -1 ? undefined : end);
}
