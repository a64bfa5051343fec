// Writes what the candidate changed in a map between brackets: `{ a: 1, b: 2 }`, on one line or on several. Everything else stays as it is live.
import { flowKey, flowText, lineBreakOf } from "./copied-text.ts";
import { type Entry, entryOf, type MapNode } from "./document-tree.ts";
import type { Texts } from "./edit-block.ts";
import type { MapEdit } from "./merge-trees.ts";
import type { Splice } from "./splice.ts";
import { behindBlanks, lineEnd, lineStart } from "./text-lines.ts";

/** Where the entries of a map between brackets are. What is between two of them: a comma, spaces, line ends, comments. */
interface FlowLayout {
  readonly text: string;
  readonly entries: readonly Entry[];
  /** Behind the opening bracket. */
  readonly open: number;
  /** Before the closing one. */
  readonly close: number;
  start(index: number): number;
  end(index: number): number;
  /** Whether a line ends between an entry and the one before it. */
  isBroken(index: number): boolean;
  /** Where what belongs to an entry begins: behind the line that ends before it, or its own first character. */
  lead(index: number): number;
  /** The comma behind an entry. */
  comma(index: number): number | undefined;
}

function layoutOf(text: string, map: MapNode): FlowLayout {
  const entries = map.entries;
  const [open, close] = [map.contentStart + 1, map.end - 1];
  const start = (index: number): number => entries[index]?.key.start ?? close;
  const end = (index: number): number => {
    const entry = entries[index];
    return entry === undefined ? open : Math.max(entry.key.end, entry.value.end);
  };
  const lineBehind = (index: number): number | undefined => {
    const found = text.slice(end(index - 1), start(index)).indexOf("\n");
    return found === -1 ? undefined : end(index - 1) + found + 1;
  };
  return {
    text,
    entries,
    open,
    close,
    start,
    end,
    isBroken: (index) => lineBehind(index) !== undefined,
    lead: (index) =>
      lineBehind(index) ?? (index === entries.length ? end(index - 1) : start(index)),
    comma(index) {
      const at = behindBlanks(text, end(index));
      return text[at] === "," ? at : undefined;
    },
  };
}

interface FlowEdit {
  readonly edit: MapEdit;
  readonly live: FlowLayout;
  /** Also where the candidate's map has lines of its own: its entries then. */
  readonly candidate: FlowLayout;
}

export function flowSplices(edit: MapEdit, texts: Texts): readonly Splice[] {
  const live = layoutOf(texts.live, edit.live);
  const all: FlowEdit = { edit, live, candidate: layoutOf(texts.candidate, edit.candidate) };
  const removed = new Set(edit.removed);
  const stays = live.entries.flatMap((entry, index) => (removed.has(entry) ? [] : [index]));
  const last = stays.at(-1);
  const added = addedBehind(edit);
  if (last === undefined) return [allNew(all, [...added.values()].flat())];
  return [
    ...edit.replaced.map(({ from, to }) => replacement(all, from, to)),
    ...removals(live, [-1, ...stays], isOnLines(live, last) && added.has(last)),
    ...[...added].flatMap(([index, entries]) => additions(all, { index, entries, last })),
  ];
}

/** For the live entries, by index, those that the candidate added behind each, as indexes of its own; -1 for the beginning. */
function addedBehind({ live, candidate, added }: MapEdit): ReadonlyMap<number, readonly number[]> {
  const behind = new Map<number, number[]>();
  let neighbour = -1;
  for (const { name, index } of candidate.entries) {
    if (!added.has(name)) neighbour = entryOf(live, name)?.index ?? neighbour;
    else if (behind.get(neighbour)?.push(index) === undefined) behind.set(neighbour, [index]);
  }
  return behind;
}

function replacement(all: FlowEdit, from: Entry, to: Entry): Splice {
  const text = valueText(all, to);
  const { start, end } = from.value;
  if (start !== end) return { start, end, text };
  const hasColon = all.live.text[start - 1] === ":";
  return { start, end, text: `${hasColon ? "" : ":"} ${text}` };
}

function valueText({ edit, candidate }: FlowEdit, { value }: Entry): string {
  const source = candidate.text.slice(value.start, value.end);
  return edit.candidate.isFlow && source !== "" ? source : flowText(candidate.text, value);
}

function entryText(all: FlowEdit, index: number): string {
  const { text, entries } = all.candidate;
  const entry = entries[index];
  if (entry === undefined) throw new Error(`the map has no entry ${index}`);
  const { key, value } = entry;
  return all.edit.candidate.isFlow
    ? text.slice(key.start, Math.max(key.end, value.end))
    : `${flowKey(text.slice(key.start, key.end))}: ${valueText(all, entry)}`;
}

/**
 * @param stays - the entries that stay, in order, with -1 before them for the opening bracket
 * @param isFollowed - others come on lines behind the last of them
 */
function removals(
  layout: FlowLayout,
  stays: readonly number[],
  isFollowed: boolean,
): readonly Splice[] {
  const { entries } = layout;
  const cut = (from: number, to: number): readonly Splice[] => [{ start: from, end: to, text: "" }];
  return stays.flatMap((index, place): readonly Splice[] => {
    const first = index + 1;
    const next = stays[place + 1];
    if (next !== undefined) {
      if (next === first) return [];
      if (!layout.isBroken(next)) return cut(layout.start(first), layout.start(next));
      if (layout.isBroken(first)) return cut(layout.lead(first), layout.lead(next));
      return index === -1
        ? cut(layout.start(first), layout.start(next))
        : cut(layout.end(index), layout.end(next - 1));
    }
    if (first === entries.length) return [];
    if (!layout.isBroken(first)) return cut(layout.end(index), layout.end(entries.length - 1));
    const own = layout.comma(index);
    const needsNoComma = layout.comma(entries.length - 1) === undefined && !isFollowed;
    return [
      ...(own === undefined || !needsNoComma ? [] : cut(own, own + 1)),
      ...cut(layout.lead(first), layout.lead(entries.length)),
    ];
  });
}

/** Nothing that was there stays. @param entries - as indexes of the candidate's */
function allNew(all: FlowEdit, entries: readonly number[]): Splice {
  const { live } = all;
  const { open, close } = live;
  if (entries.length === 0) return { start: open, end: close, text: "" };
  if (isOnLines(live, -1) && live.isBroken(live.entries.length)) {
    const text = entryLines(all, -1, entries, false);
    return { start: live.lead(0), end: lineStart(live.text, close), text };
  }
  const texts = entries.map((index) => entryText(all, index));
  return { start: open, end: close, text: ` ${texts.join(", ")} ` };
}

/**
 * Entries of the candidate on lines of their own.
 * @param index - the live entry that they are indented like; -1 for the first
 */
function entryLines(
  all: FlowEdit,
  index: number,
  entries: readonly number[],
  endsWithComma: boolean,
): string {
  const { live } = all;
  const neighbour = live.start(Math.max(index, 0));
  const indent = live.text.slice(lineStart(live.text, neighbour), neighbour);
  const lineBreak = lineBreakOf(live.text);
  return entries
    .flatMap((entry, place) => {
      const comma = endsWithComma || place < entries.length - 1 ? "," : "";
      const { above, behind } = commentsOf(all, entry);
      return [...above, `${entryText(all, entry)}${comma}${behind}`];
    })
    .map((line) => indent + line + lineBreak)
    .join("");
}

interface Run {
  /** The live entry that they come behind; -1 for the beginning. */
  readonly index: number;
  /** As indexes of the candidate's. */
  readonly entries: readonly number[];
  /** The last live entry that stays. */
  readonly last: number;
}

function additions(all: FlowEdit, { index, entries, last }: Run): readonly Splice[] {
  const { live } = all;
  const put = (start: number, text: string): Splice => ({ start, end: start, text });
  if (!isOnLines(live, index)) {
    const texts = entries.map((entry) => entryText(all, entry));
    return index === -1
      ? [put(live.start(0), texts.map((text) => `${text}, `).join(""))]
      : [put(live.end(index), texts.map((text) => `, ${text}`).join(""))];
  }
  const endsWithComma = index !== last || live.comma(live.entries.length - 1) !== undefined;
  const lines = entryLines(all, index, entries, endsWithComma);
  const needsComma = index !== -1 && live.comma(index) === undefined;
  return [...(needsComma ? [put(live.end(index), ",")] : []), put(live.lead(index + 1), lines)];
}

/** The comments of an entry of the candidate, where it has lines of its own between brackets. */
function commentsOf(
  { edit, candidate }: FlowEdit,
  index: number,
): { readonly above: readonly string[]; readonly behind: string } {
  const { text } = candidate;
  if (!edit.candidate.isFlow || !candidate.isBroken(index) || !candidate.isBroken(index + 1)) {
    return { above: [], behind: "" };
  }
  const lines = text.slice(candidate.lead(index), candidate.start(index)).split(/\r?\n/);
  const rest = text.slice(candidate.end(index), lineEnd(text, candidate.end(index)));
  return {
    above: lines.map((line) => line.trim()).filter((line) => line.startsWith("#")),
    behind: /[ \t]+#.*$/.exec(rest.trimEnd())?.[0] ?? "",
  };
}

/** Whether an entry has a line of its own, behind which another one can stand; -1 for the line before the first. */
function isOnLines(layout: FlowLayout, index: number): boolean {
  if (!layout.isBroken(index + 1)) return false;
  const start = layout.start(Math.max(index, 0));
  return layout.text.slice(lineStart(layout.text, start), start).trim() === "";
}
