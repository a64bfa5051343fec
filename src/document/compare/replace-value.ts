// Puts a value of the candidate in the place of a live one, in a map whose entries have lines of their own. The comments on the line of the key stay.
import type { BlockLayout } from "./block-layout.ts";
import {
  flowText,
  keepsEmptyLines,
  lineBreakOf,
  shifted,
  shiftedBehindFirst,
  wholeLines,
} from "./copied-text.ts";
import type { Entry, TreeNode } from "./document-tree.ts";
import { NotOffered, type Splice } from "./splice.ts";
import { behindEmptyLines, lineEnd, lineStart, nextLine } from "./text-lines.ts";

interface Replacement {
  readonly from: Entry;
  readonly to: Entry;
  readonly live: BlockLayout;
  /** Undefined where the candidate's map stands between brackets. */
  readonly candidate: BlockLayout | undefined;
  /** The candidate's. */
  readonly text: string;
}

export function replacement(all: Replacement): Splice {
  const { from, to, live } = all;
  if (isBlock(to.value)) return anyByBlock(all);
  if (isBlock(from.value)) return blockByInline(all);
  const { value } = from;
  if (to.value.start === to.value.end) {
    const colonEnd = live.colonEnd(from);
    const isOnKeyLine = !live.text.slice(colonEnd, value.start).includes("\n");
    return isOnKeyLine
      ? { start: colonEnd, end: value.end, text: "" }
      : { start: value.start, end: value.end, text: "null" };
  }
  const written = inlineText(all);
  return {
    start: value.start,
    end: value.end,
    text: value.start === value.end ? ` ${written}` : written,
  };
}

/** Whether a value has lines of its own behind its key. */
function isBlock(node: TreeNode): boolean {
  if (node.kind === "scalar") return node.style === "block";
  return node.kind !== "alias" && !node.isFlow;
}

function inlineText({ to: { key, value }, live, candidate, text }: Replacement): string {
  if (isBlock(value)) return flowText(text, value);
  const begin = lineStart(text, key.start);
  const indent = /^ */.exec(text.slice(begin, key.start))?.[0].length ?? 0;
  const by = live.column - (candidate?.column ?? indent);
  return shiftedBehindFirst(text.slice(value.start, value.end), by, lineBreakOf(live.text));
}

/** The comment on the key's line stays; what is inside the block goes with it. */
function blockByInline(all: Replacement): Splice {
  const { from, to, live } = all;
  const isEmpty = to.value.start === to.value.end;
  const written = isEmpty ? "" : ` ${inlineText(all)}`;
  const start = live.colonEnd(from);
  const end = behindValue(from, live);
  const lines = written + commentBehind(live.text, start) + lineBreakOf(live.text);
  return { start, end, text: endedLike(lines, live.text, end) };
}

/** The lines of the candidate's value, with its comments; the comment on the key's line is the live one, where there is one. */
function anyByBlock({ from, to, live, candidate, text }: Replacement): Splice {
  if (candidate === undefined) throw new NotOffered("the new value stands among other keys");
  const lineBreak = lineBreakOf(live.text);
  const headStart = candidate.colonEnd(to);
  const ownComment = commentBehind(text, headStart);
  const head = text.slice(headStart, lineEnd(text, headStart)).trimEnd();
  const properties = head.slice(0, head.length - ownComment.length);
  const start = live.colonEnd(from);
  const comment = commentBehind(live.text, isBlock(from.value) ? start : from.value.end);
  const index = candidate.indexOf(to.name) ?? 0;
  const by = live.column - candidate.column;
  const lines = shifted(
    wholeLines(text.slice(nextLine(text, headStart), candidate.end(index))),
    by,
    lineBreak,
  );
  // Comments below would become lines of a text.
  const isText = to.value.kind === "scalar";
  const behind = isText ? live.end(live.indexOf(from.name) ?? 0) : behindValue(from, live);
  const end = keepsEmptyLines(text, to.value) ? behindEmptyLines(live.text, behind) : behind;
  const all = properties + (comment === "" ? ownComment : comment) + lineBreak + lines;
  return { start, end, text: isText ? all : endedLike(all, live.text, end) };
}

/** Behind the lines of a value. The comments below one that has no lines of its own stay. */
function behindValue(entry: Entry, live: BlockLayout): number {
  if (!isBlock(entry.value)) return nextLine(live.text, entry.value.end);
  return live.end(live.indexOf(entry.name) ?? 0);
}

/** The spaces and the comment that end the line behind `from`; nothing where there is none. */
function commentBehind(text: string, from: number): string {
  const rest = text.slice(from, lineEnd(text, from)).trimEnd();
  return /[ \t]+#.*$/.exec(rest)?.[0] ?? "";
}

/** Without a line end where the text has none. */
function endedLike(lines: string, text: string, end: number): string {
  return end === text.length && !text.endsWith("\n") ? lines.replace(/\r?\n$/, "") : lines;
}
