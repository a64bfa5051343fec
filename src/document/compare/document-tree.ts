// A document as a tree of values that know where they stand in its text: what comparing and merging work on. Equal values have equal numbers, so that two
// parts of any size are compared at once.

/** Offsets in the text. */
export interface Span {
  /** Its anchor and tag included; of an empty one, where it is missing. */
  readonly start: number;
  /** Behind it, at least the content of a block, without the comments behind it. */
  readonly end: number;
}

interface Value extends Span {
  /** The same for equal values of one set of numbers, and for no others; the order of keys does not matter. */
  readonly id: number;
  /** Behind anchor and tag. */
  readonly contentStart: number;
  /** How many values it unfolds to. */
  readonly size: number;
  readonly tag?: string;
}

export interface ScalarNode extends Value {
  readonly kind: "scalar";
  readonly style: "plain" | "quoted" | "block";
  /** What it says, without quotes, lines folded. */
  readonly text: string;
}

export interface ListNode extends Value {
  readonly kind: "list";
  readonly isFlow: boolean;
  readonly items: readonly TreeNode[];
}

export interface MapNode extends Value {
  readonly kind: "map";
  readonly isFlow: boolean;
  /** Its text has more than one line. */
  readonly isBroken: boolean;
  readonly entries: readonly Entry[];
  /** Of a map with many entries each by its name; a few are looked through faster. */
  readonly byName: ReadonlyMap<string, Entry> | undefined;
}

export interface AliasNode extends Value {
  readonly kind: "alias";
  readonly target: ContentNode;
}

export type ContentNode = ScalarNode | ListNode | MapNode;
export type TreeNode = ContentNode | AliasNode;

export interface Entry {
  readonly name: string;
  /** The number of its name, as a text. */
  readonly nameId: number;
  /** Its place among the entries of its map, from 0. */
  readonly index: number;
  readonly key: Span;
  readonly value: TreeNode;
}

/** So many entries are looked through. */
export const fewEntries = 8;

export function entryOf({ entries, byName }: MapNode, name: string): Entry | undefined {
  return byName === undefined ? entries.find((entry) => entry.name === name) : byName.get(name);
}

/** What a node says, whether it stands there or an alias does. */
export function contentOf(node: TreeNode): ContentNode {
  return node.kind === "alias" ? node.target : node;
}
