// Text of one document, made fit for its place in another: its indentation, its line ends.
import { contentOf, type TreeNode } from "./document-tree.ts";
import { lineEnd } from "./text-lines.ts";

/** The line ends of a text: those of its first line. */
export function lineBreakOf(text: string): "\n" | "\r\n" {
  const first = text.indexOf("\n");
  return first > 0 && text[first - 1] === "\r" ? "\r\n" : "\n";
}

/**
 * @param by - how many columns to move each line to the right, or to the left where it is negative; empty lines stay empty
 * @param lineBreak - replaces each line's end
 */
export function shifted(lines: string, by: number, lineBreak: string): string {
  return lines
    .split(/\r?\n/)
    .map((line) => shiftedLine(line, by))
    .join(lineBreak);
}

/** As {@link shifted}, for what begins in the middle of a line. */
export function shiftedBehindFirst(lines: string, by: number, lineBreak: string): string {
  const [first = "", ...rest] = lines.split(/\r?\n/);
  return [first, ...rest.map((line) => shiftedLine(line, by))].join(lineBreak);
}

function shiftedLine(line: string, by: number): string {
  if (by === 0 || line === "") return line;
  if (by > 0) return " ".repeat(by) + line;
  const spaces = line.length - line.trimStart().length;
  return line.slice(Math.min(-by, spaces));
}

/** A scalar that means the same between brackets as in a line of its own. */
const plainInFlow = /^[^\n,[\]{}]+$/;

/** A value as it can stand between brackets, on one line; scalars as they are written where that is possible. */
export function flowText(text: string, node: TreeNode): string {
  if (node.kind === "alias") return text.slice(node.start, node.end);
  const properties = text.slice(node.start, node.contentStart).trim();
  const content = flowContent(text, node);
  return properties === "" ? content : `${properties} ${content}`;
}

function flowContent(text: string, node: TreeNode): string {
  const content = contentOf(node);
  switch (content.kind) {
    case "scalar": {
      const source = text.slice(content.contentStart, content.end);
      if (content.style === "quoted" && !source.includes("\n")) return source;
      if (content.style === "plain" && source === "") return "null";
      return content.style === "plain" && plainInFlow.test(source)
        ? source
        : JSON.stringify(content.text);
    }
    case "list":
      return `[${content.items.map((item) => flowText(text, item)).join(", ")}]`;
    case "map": {
      const entries = content.entries.map(({ key, value }) => {
        return `${flowKey(text.slice(key.start, key.end))}: ${flowText(text, value)}`;
      });
      return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
    }
    default:
      return content satisfies never;
  }
}

/** @param source - a key as it stands in a line of its own */
export function flowKey(source: string): string {
  return /^["']/.test(source) || plainInFlow.test(source) ? source : JSON.stringify(source);
}

/** Whether the empty lines behind a value are part of it: those of the live text are not to become so. */
export function keepsEmptyLines(text: string, node: TreeNode): boolean {
  switch (node.kind) {
    case "scalar": {
      const header = text.slice(node.contentStart, lineEnd(text, node.contentStart));
      return node.style === "block" && /^[|>][0-9]*\+/.test(header);
    }
    case "list": {
      const last = node.items.at(-1);
      return last !== undefined && keepsEmptyLines(text, last);
    }
    case "map": {
      const last = node.entries.at(-1)?.value;
      return last !== undefined && keepsEmptyLines(text, last);
    }
    case "alias":
      return false;
    default:
      return node satisfies never;
  }
}

/** Lines to which others can be added. */
export function wholeLines(lines: string): string {
  return lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
}
