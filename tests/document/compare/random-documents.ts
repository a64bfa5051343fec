// Random configs as people write them, and edits of them, for tests of comparing and merging: block and flow style, comments above, behind and
// below, empty lines, all kinds of scalars. Every comment and every key is there once, so that a test can tell where each of them went. Made
// from a seed alone. Long: all of it is one grammar, whose parts call each other.

/** @returns a whole number from 0, below `end` */
export type Random = (end: number) => number;

/** https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
}

export type Node =
  | { readonly kind: "scalar"; readonly source: string }
  /** Lines in quotes or without. */
  | { readonly kind: "folded"; readonly quote: string; readonly lines: readonly string[] }
  | { readonly kind: "block"; readonly header: string; readonly lines: readonly string[] }
  | {
      readonly kind: "map";
      readonly flow: boolean;
      /** Between brackets, with a line for each entry. */
      readonly wide?: boolean;
      readonly entries: readonly Entry[];
    }
  | { readonly kind: "list"; readonly flow: boolean; readonly items: readonly Node[] };

export interface Entry {
  readonly key: string;
  /** Comments, and empty texts for empty lines. */
  readonly above: readonly string[];
  readonly behind: string;
  /** Deeper than the key. */
  readonly below: readonly string[];
  readonly value: Node;
}

export type MapNode = Extract<Node, { readonly kind: "map" }>;

const scalars = [
  "1",
  "0.10",
  "+5",
  "12345678901234567890",
  "0.12345678901234567890123",
  "-0",
  "0x1F",
  "1.5e+3",
  "true",
  "null",
  "~",
  "",
  "plain",
  "two words",
  "a#b",
  '"yes"',
  "'it''s'",
  '"a\\nb # c"',
  "2024-01-01",
  '"12:30"',
  '"{ x: 1 }"',
];

/** Gives out what must be there once. */
export interface Names {
  key(): string;
  comment(): string;
}

export function countedNames(): Names {
  let count = 0;
  const next = (): number => (count += 1);
  return {
    key: () => (next() % 7 === 0 ? `"k ${count}"` : `k${count}`),
    comment: () => `# c${next()}.`,
  };
}

function oneOf<T>(random: Random, values: readonly T[]): T {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error("there is nothing to choose from");
  return value;
}

function several<T>(random: Random, max: number, make: () => T): readonly T[] {
  return Array.from({ length: random(max + 1) }, make);
}

export function randomMap(random: Random, names: Names, depth: number, flow = false): MapNode {
  const count = 1 + random(depth === 0 ? 6 : 4);
  const entries = Array.from({ length: count }, () => randomEntry(random, names, depth, flow));
  return { kind: "map", flow, entries };
}

function randomEntry(random: Random, names: Names, depth: number, flow: boolean): Entry {
  const value = randomNode(random, names, depth + 1, flow);
  const comments = (max: number): readonly string[] =>
    several(random, max, () => (random(3) === 0 ? "" : names.comment()));
  return {
    key: names.key(),
    above: flow || random(2) === 0 ? [] : comments(3),
    behind: flow || random(3) > 0 ? "" : names.comment(),
    below: flow || random(6) > 0 || isText(value) ? [] : [names.comment()],
    value,
  };
}

/** Its entries may have comments. */
function wideMap(random: Random, names: Names, depth: number): MapNode {
  const map = randomMap(random, names, depth, true);
  return {
    ...map,
    wide: true,
    entries: map.entries.map((entry) => wideEntry(random, names, entry)),
  };
}

function wideEntry(random: Random, names: Names, entry: Entry): Entry {
  return {
    ...entry,
    above: several(random, 1, () => names.comment()),
    behind: random(2) === 0 ? "" : names.comment(),
  };
}

function isText(node: Node): boolean {
  return node.kind === "block" || node.kind === "folded";
}

function randomNode(random: Random, names: Names, depth: number, inFlow: boolean): Node {
  const scalar = (): Node => ({ kind: "scalar", source: oneOf(random, scalars) });
  if (depth > 3) return scalar();
  switch (random(inFlow ? 8 : 12)) {
    case 5:
      return inFlow || random(3) > 0
        ? randomMap(random, names, depth, true)
        : wideMap(random, names, depth);
    case 6:
      return randomList(random, names, depth, true);
    case 7:
      return { kind: "map", flow: true, entries: [] };
    case 8:
      return randomMap(random, names, depth);
    case 9:
      return randomList(random, names, depth, false);
    case 10:
      return {
        kind: "block",
        // Not "|+": empty lines behind it are part of it, and so whether a merge can be written depends on what comes next.
        header: oneOf(random, ["|", ">", "|-", ">-"]),
        lines: [`text ${random(100)}`, ...oneOf(random, [[], ["# no comment"], ["", "  more"]])],
      };
    case 11:
      return {
        kind: "folded",
        quote: oneOf(random, ["", "'", '"']),
        lines: [`one ${random(100)}`, "two"],
      };
    default:
      return scalar();
  }
}

function randomList(random: Random, names: Names, depth: number, flow: boolean): Node {
  const items = Array.from({ length: 1 + random(3) }, (): Node => {
    const node = randomNode(random, names, depth + 1, true);
    return flow || random(3) > 0 ? node : randomMap(random, names, depth + 1);
  });
  return { kind: "list", flow, items: flow ? items.map(asFlow) : items };
}

function asFlow(node: Node): Node {
  return node.kind === "map" && !node.flow ? { kind: "map", flow: true, entries: [] } : node;
}

export interface Style {
  readonly indent: number;
  readonly lineBreak: string;
}

export function written(root: MapNode, { indent, lineBreak }: Style): string {
  const lines: string[] = [];
  writeMap(lines, root, 0, indent, "");
  return lines.map((line) => line + lineBreak).join("");
}

function writeMap(
  lines: string[],
  { entries }: MapNode,
  column: number,
  indent: number,
  first: string,
): void {
  const spaces = " ".repeat(column);
  for (const [index, entry] of entries.entries()) {
    const isFirst = index === 0 && first !== "";
    if (!isFirst) lines.push(...entry.above.map((line) => (line === "" ? "" : spaces + line)));
    const start = (isFirst ? first : spaces) + entry.key + ":";
    writeValue(lines, start, entry, column, indent);
    lines.push(...entry.below.map((line) => `${spaces}  ${line}`));
  }
}

function writeValue(
  lines: string[],
  start: string,
  { value, behind }: Entry,
  column: number,
  indent: number,
): void {
  const comment = behind === "" ? "" : ` ${behind}`;
  const inner = " ".repeat(column + indent);
  switch (value.kind) {
    case "scalar":
      lines.push(`${start}${value.source === "" ? "" : ` ${value.source}`}${comment}`);
      return;
    case "folded": {
      const [one = "", two = ""] = value.lines;
      lines.push(`${start} ${value.quote}${one}`, `${inner}${two}${value.quote}${comment}`);
      return;
    }
    case "block":
      lines.push(`${start} ${value.header}${comment}`);
      lines.push(...value.lines.map((line) => (line === "" ? "" : inner + line)));
      return;
    case "map":
      if (value.flow && value.wide === true && value.entries.length > 0) {
        lines.push(`${start} {`);
        for (const [index, entry] of value.entries.entries()) {
          const comma = index < value.entries.length - 1 ? "," : "";
          const own = entry.behind === "" ? "" : ` ${entry.behind}`;
          lines.push(...entry.above.map((line) => inner + line));
          lines.push(`${inner}${entry.key}: ${flowOf(entry.value)}${comma}${own}`);
        }
        lines.push(`${" ".repeat(column + 1)}}${comment}`);
      } else if (value.flow) lines.push(`${start} ${flowOf(value)}${comment}`);
      else {
        lines.push(start + comment);
        writeMap(lines, value, column + indent, indent, "");
      }
      return;
    case "list":
      if (value.flow) {
        lines.push(`${start} ${flowOf(value)}${comment}`);
        return;
      }
      lines.push(start + comment);
      for (const item of value.items) {
        const dash = `${inner}- `;
        if (item.kind === "map" && !item.flow) {
          writeMap(lines, item, column + indent + 2, indent, dash);
        } else lines.push(dash + flowOf(item));
      }
      return;
    default:
      value satisfies never;
  }
}

function flowOf(node: Node): string {
  switch (node.kind) {
    case "scalar":
      return node.source === "" ? "null" : node.source;
    case "map":
      return node.entries.length === 0
        ? "{}"
        : `{ ${node.entries.map(({ key, value }) => `${key}: ${flowOf(value)}`).join(", ")} }`;
    case "list":
      return `[${node.items.map(flowOf).join(", ")}]`;
    default:
      return JSON.stringify(node.lines.join(" "));
  }
}

/** All comments of a map, those inside its values too. */
export function commentsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case "map":
      return node.entries.flatMap((entry) => [...ownComments(entry), ...commentsOf(entry.value)]);
    case "list":
      return node.items.flatMap((item) =>
        item.kind === "map" && !item.flow
          ? commentsOf({
              ...item,
              entries: item.entries.map((entry, index) =>
                index === 0 ? { ...entry, above: [] } : entry,
              ),
            })
          : [],
      );
    default:
      return [];
  }
}

export function ownComments({ above, behind, below }: Entry): readonly string[] {
  return [...above, behind, ...below].filter((line) => line !== "");
}

/** Changes about so many places: values, entries that come and go. */
export function edited(
  random: Random,
  names: Names,
  map: MapNode,
  places: number,
  only: "all" | "entries" = "all",
): MapNode {
  let root = map;
  for (let place = 0; place < places; place += 1) {
    root = editedMap(random, names, root, 0, only);
  }
  return root;
}

function editedMap(
  random: Random,
  names: Names,
  map: MapNode,
  depth: number,
  only: "all" | "entries",
): MapNode {
  const { entries } = map;
  const at = random(Math.max(1, entries.length));
  const entry = entries[at];
  const replace = (fresh: Entry): MapNode => ({ ...map, entries: entries.with(at, fresh) });
  if (entry !== undefined && entry.value.kind === "map" && random(3) > 0) {
    return replace({ ...entry, value: editedMap(random, names, entry.value, depth + 1, only) });
  }
  const act = random(5);
  if (act === 0 || entry === undefined) {
    const fresh = randomEntry(random, names, depth, map.flow);
    const added = map.wide === true ? wideEntry(random, names, fresh) : fresh;
    return { ...map, entries: entries.toSpliced(at + random(2), 0, added) };
  }
  if (act === 1 && entries.length > 1) return { ...map, entries: entries.toSpliced(at, 1) };
  if (act === 2 && map.flow && entries.length === 1) return { ...map, entries: [] };
  if (only === "entries") return map;
  return replace({ ...entry, below: [], value: randomNode(random, names, depth + 1, map.flow) });
}

/** Other comments and empty lines, the same values. */
export function recommented(random: Random, names: Names, map: MapNode): MapNode {
  if (map.flow) return map;
  const entries = map.entries.map((entry): Entry => {
    const value =
      entry.value.kind === "map" ? recommented(random, names, entry.value) : entry.value;
    if (random(3) > 0) return { ...entry, value };
    const above = several(random, 2, () => (random(2) === 0 ? "" : names.comment()));
    return { ...entry, value, above, behind: random(2) === 0 ? "" : names.comment() };
  });
  return { ...map, entries };
}
