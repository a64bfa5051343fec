// Where the lines of a map's entries are, for a map that has each of them on lines of its own: with the comments that belong to each, and the lines between them.
import { type Entry, entryOf, type MapNode } from "./document-tree.ts";
import { NotOffered } from "./splice.ts";
import { lineEnd, lineStart, nextLine } from "./text-lines.ts";

/** An empty line or a comment. */
export interface GapLine {
  readonly start: number;
  /** Behind its line end. */
  readonly end: number;
  /** Without the spaces around it. */
  readonly text: string;
}

export interface BlockLayout {
  readonly text: string;
  readonly holder: Entry | undefined;
  readonly entries: readonly Entry[];
  /** How far the keys are indented. */
  readonly column: number;
  /** @returns undefined for a key that the map does not have */
  indexOf(name: string): number | undefined;
  /** Behind the colon of an entry. */
  colonEnd(entry: Entry): number;
  /** Where the line of the entry's key begins. */
  start(index: number): number;
  /** Behind the entry's last line, and behind the comments that stand deeper than its key; for -1 where the map's lines begin. */
  end(index: number): number;
  /** The lines above an entry, up to the one before it; for the number of entries those behind the last one that belong to the map. */
  gap(index: number): readonly GapLine[];
}

/** @param holder - the entry that the map is the value of; undefined for the root */
export function layoutOf(text: string, map: MapNode, holder: Entry | undefined): BlockLayout {
  const entries = map.entries;
  const [first] = entries;
  if (map.isFlow || first === undefined) throw new NotOffered("the map has no lines of its own");
  const column = first.key.start - lineStart(text, first.key.start);

  function entryAt(index: number): Entry {
    const entry = entries[index];
    if (entry === undefined) throw new Error(`the map has no entry ${index}`);
    return entry;
  }

  function colonEnd({ key }: Entry): number {
    let at = key.end;
    while (isSpace(text, at)) at += 1;
    if (text[at] !== ":") throw new NotOffered("a key has no colon behind it on its line");
    return at + 1;
  }

  function start(index: number): number {
    const { key } = entryAt(index);
    const begin = lineStart(text, key.start);
    for (let at = begin; at < key.start; at += 1) {
      if (text[at] !== " ") throw new NotOffered("a key does not begin its line");
    }
    return begin;
  }

  function end(index: number): number {
    if (index === -1) return holder === undefined ? rootTop() : nextLine(text, colonEnd(holder));
    const { key, value } = entryAt(index);
    const content = Math.max(key.end, value.end);
    return behindComments(
      isLineStart(text, content) ? content : nextLine(text, content),
      column + 1,
    );
  }

  /** Behind the line that begins the document, where there is one. */
  function rootTop(): number {
    let top = 0;
    for (let at = 0; at < entryAt(0).key.start; at = nextLine(text, at)) {
      if (text.startsWith("---", at)) top = nextLine(text, at);
    }
    return top;
  }

  /** Over comments that are indented so far at least, and the empty lines before them. */
  function behindComments(from: number, columnMin: number): number {
    let behind = from;
    for (let at = from; at < text.length; at = nextLine(text, at)) {
      let first = at;
      while (isSpace(text, first)) first += 1;
      if (text[first] === "\n" || text[first] === "\r") continue;
      if (text[first] !== "#" || first - at < columnMin) break;
      behind = nextLine(text, at);
    }
    return behind;
  }

  function gap(index: number): readonly GapLine[] {
    const from = end(index - 1);
    const to = index === entries.length ? behindComments(from, column) : start(index);
    const lines: GapLine[] = [];
    for (let at = from; at < to;) {
      const behind = nextLine(text, at);
      const line = text.slice(at, lineEnd(text, at)).trim();
      if (line !== "" && !line.startsWith("#")) {
        throw new NotOffered("there is more than comments between two entries");
      }
      lines.push({ start: at, end: behind, text: line });
      at = behind;
    }
    return lines;
  }

  const indexOf = (name: string): number | undefined => entryOf(map, name)?.index;
  return { text, holder, entries, column, indexOf, colonEnd, start, end, gap };
}

function isSpace(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t";
}

/** Behind a block of text, or behind everything. */
function isLineStart(text: string, at: number): boolean {
  return at === text.length || text[at - 1] === "\n";
}

/** How many lines are the same from the beginning. */
export function commonStart(one: readonly GapLine[], other: readonly GapLine[]): number {
  const count = Math.min(one.length, other.length);
  for (let index = 0; index < count; index += 1) {
    if (one[index]?.text !== other[index]?.text) return index;
  }
  return count;
}

/** How many lines are the same at the end. */
export function commonEnd(one: readonly GapLine[], other: readonly GapLine[]): number {
  return commonStart(one.toReversed(), other.toReversed());
}
