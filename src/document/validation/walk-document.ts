// One pass over the nodes of a parsed document: builds the plain value that the schema looks at, and finds what no schema
// can see, such as a key written twice. Time and memory grow with the document, whatever its aliases pretend.
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  type LineCounter,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { ambiguityOf } from "./ambiguous-scalar.ts";
import { exactNumber } from "./exact-number.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import type { Problem } from "./problem.ts";
import { type PathStep, pathText, quoted } from "./problem-path.ts";

/** Levels of maps and lists within each other. */
export const depthMax = 100;
const aliasesMax = 100;
/** How many values all aliases together may unfold to. */
const expandedNodesMax = 100_000;
/** More problems than this are counted, not kept; far more than are listed. */
const problemsKeptMax = 1000;

const coreTags = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** The library reads what does not fit its tag as a text, and only warns. */
const typesOfTags = new Map([
  ["tag:yaml.org,2002:str", "string"],
  ["tag:yaml.org,2002:int", "number"],
  ["tag:yaml.org,2002:float", "number"],
  ["tag:yaml.org,2002:bool", "boolean"],
  ["tag:yaml.org,2002:null", "object"],
]);

export interface WalkedDocument {
  /** Where there are problems, parts of it may be null. */
  readonly value: unknown;
  /** The first ones, in the document's order. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** The node that each alias stands for. */
  readonly aliasTargets: ReadonlyMap<Alias.Parsed, ParsedNode>;
}

/** `double` as schemas know them; `exact` where what is written counts: see {@link ExactNumber}. */
type NumberReading = "double" | "exact";

interface Walk {
  readonly numbers: NumberReading;
  /** JSON has one reading: what YAML's readers disagree on does not matter in it. */
  readonly syntax: DocumentSyntax;
  readonly lines: LineCounter;
  readonly path: PathStep[];
  readonly anchors: Map<string, Anchored>;
  readonly aliasTargets: Map<Alias.Parsed, ParsedNode>;
  readonly firstKeys: Map<YAMLMap.Parsed, ReadonlyMap<string, ParsedNode>>;
  readonly problems: Problem[];
  total: number;
  aliases: number;
  /** So far, with all aliases unfolded: what a node unfolds to is the difference before and after it. */
  nodes: number;
  expandedNodes: number;
}

interface Anchored {
  readonly node: ParsedNode;
  value: unknown;
  /** With all aliases inside unfolded; undefined while the node itself is being walked. */
  nodes: number | undefined;
}

export function walkDocument(
  root: ParsedNode | null,
  lines: LineCounter,
  syntax: DocumentSyntax,
  numbers: NumberReading = "double",
): WalkedDocument {
  const walk: Walk = {
    numbers,
    syntax,
    lines,
    path: [],
    anchors: new Map(),
    aliasTargets: new Map(),
    firstKeys: new Map(),
    problems: [],
    total: 0,
    aliases: 0,
    nodes: 0,
    expandedNodes: 0,
  };
  const value = walkNode(walk, root);
  const { problems, total, aliasTargets } = walk;
  return { value, problems, total, aliasTargets };
}

function report(
  walk: Walk,
  node: { readonly range?: ParsedNode["range"] | null },
  message: string,
  // A path of a hundred steps helps nobody; the line and column do.
  path: readonly PathStep[] = walk.path,
): void {
  walk.total += 1;
  if (walk.problems.length >= problemsKeptMax) return;
  const { line, col } = walk.lines.linePos(node.range?.[0] ?? 0);
  walk.problems.push({ line, column: col, path: pathText(path), message });
}

/** @returns the node's plain value; null where it is refused */
function walkNode(walk: Walk, node: ParsedNode | null): unknown {
  walk.nodes += 1;
  if (node === null) return null;
  if (isAlias(node)) return walkAlias(walk, node);
  const { anchor, tag } = node;
  if (tag !== undefined && !coreTags.has(tag)) {
    report(
      walk,
      node,
      `has the tag ${quoted(tag)}, and tags of one's own are not accepted: remove it`,
    );
  }
  if (anchor === undefined) return walkTagged(walk, node);
  const anchored: Anchored = { node, value: null, nodes: undefined };
  walk.anchors.set(anchor, anchored);
  const before = walk.nodes - 1;
  anchored.value = walkTagged(walk, node);
  anchored.nodes = walk.nodes - before;
  return anchored.value;
}

function walkTagged(walk: Walk, node: Exclude<ParsedNode, Alias.Parsed>): unknown {
  if (isScalar(node)) return walkScalar(walk, node);
  if (walk.path.length >= depthMax) {
    report(walk, node, `is nested deeper than ${depthMax} levels`, []);
    return null;
  }
  return isMap(node) ? walkMap(walk, node) : walkList(walk, node);
}

function walkScalar(walk: Walk, node: Scalar.Parsed): unknown {
  const { value, tag } = node;
  const ambiguity = plainAmbiguity(walk, node);
  const fitting = tag === undefined ? undefined : typesOfTags.get(tag);
  if (fitting !== undefined && typeof value !== fitting) {
    report(walk, node, `does not fit its tag ${quoted(tag ?? "")}`);
  }
  const wrong = ambiguity ?? infinityOf(node);
  if (wrong !== undefined) report(walk, node, wrong);
  return walk.numbers === "exact" && typeof value === "number"
    ? exactNumber(value, node.source)
    : value;
}

function infinityOf({ value, source }: Scalar.Parsed): string | undefined {
  const isNone = typeof value === "number" && !Number.isFinite(value);
  return isNone ? `must be a finite number, got ${quoted(source)}` : undefined;
}

/** Quotes and tags say what is meant; only a plain scalar can be misread. */
function plainAmbiguity(
  { syntax }: Walk,
  { type, tag, source }: Scalar.Parsed,
): string | undefined {
  if (syntax === "json") return undefined;
  return type === "PLAIN" && tag === undefined ? ambiguityOf(source) : undefined;
}

function walkAlias(walk: Walk, node: Alias.Parsed): unknown {
  walk.aliases += 1;
  if (walk.aliases > aliasesMax) {
    // Told once: one more does not help to find it.
    if (walk.aliases === aliasesMax + 1)
      report(walk, node, `is one of more than ${aliasesMax} aliases`);
    return null;
  }
  const anchored = walk.anchors.get(node.source);
  if (anchored === undefined) {
    report(walk, node, `is an alias of ${quoted(node.source)}, which no anchor before it names`);
    return null;
  }
  if (anchored.nodes === undefined) {
    report(walk, node, `is an alias of ${quoted(node.source)}, which contains this very alias`);
    return null;
  }
  walk.aliasTargets.set(node, anchored.node);
  const before = walk.expandedNodes;
  walk.expandedNodes += anchored.nodes;
  if (walk.expandedNodes > expandedNodesMax) {
    if (before <= expandedNodesMax) {
      report(walk, node, `makes the aliases unfold to more than ${expandedNodesMax} values`);
    }
    return null;
  }
  walk.nodes += anchored.nodes - 1;
  return anchored.value;
}

function walkList(walk: Walk, node: YAMLSeq.Parsed): unknown {
  const value: unknown[] = [];
  for (const [index, item] of node.items.entries()) {
    walk.path.push(index);
    value.push(walkNode(walk, item));
    walk.path.pop();
  }
  return value;
}

function walkMap(walk: Walk, node: YAMLMap.Parsed): unknown {
  const value: Record<string, unknown> = {};
  for (const pair of node.items) {
    const key = keyOf(walk, pair.key);
    walk.path.push(key ?? "?");
    const isTwice = key !== undefined && Object.hasOwn(value, key);
    if (isTwice) reportTwice(walk, node, key, pair.key);
    const ambiguity =
      key !== undefined && isScalar(pair.key) ? keyAmbiguity(walk, pair.key) : undefined;
    if (ambiguity !== undefined) report(walk, pair.key, ambiguity);
    const walked = walkNode(walk, pair.value);
    walk.path.pop();
    // "__proto__" would change the object instead of filling it; keyOf refused it.
    if (key !== undefined) value[key] = walked;
  }
  return value;
}

/** A key as the property that it becomes: `1` and `"1"` are one key. */
export function keyText({ value }: Scalar.Parsed): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** @returns undefined for what cannot be a key, which is then reported */
function keyOf(walk: Walk, key: ParsedNode | null): string | undefined {
  if (key === null) return "";
  if (!isScalar(key)) {
    report(walk, key, "has a key that is not a plain text: write the key out");
    return undefined;
  }
  const text = keyText(key);
  if (text === "__proto__") {
    report(walk, key, `the key ${text} is not accepted: choose another name`);
    return undefined;
  }
  if (key.tag !== undefined && !coreTags.has(key.tag)) {
    report(
      walk,
      key,
      `has the tag ${quoted(key.tag)}, and tags of one's own are not accepted: remove it`,
    );
  }
  return text;
}

function keyAmbiguity(walk: Walk, key: Scalar.Parsed): string | undefined {
  if (key.type === "PLAIN" && key.source === "<<") {
    return "the key << is a merge to some programs and a plain key to others: write the keys out";
  }
  return plainAmbiguity(walk, key) ?? infinityOf(key);
}

function reportTwice(walk: Walk, map: YAMLMap.Parsed, key: string, second: ParsedNode): void {
  let firsts = walk.firstKeys.get(map);
  if (firsts === undefined) {
    firsts = firstKeysOf(map);
    walk.firstKeys.set(map, firsts);
  }
  const firstLine = walk.lines.linePos(firsts.get(key)?.range[0] ?? 0).line;
  const secondLine = walk.lines.linePos(second.range[0]).line;
  const where =
    firstLine === secondLine
      ? `twice on line ${firstLine}`
      : `on line ${firstLine} and again on line ${secondLine}`;
  report(walk, second, `is written ${where}: keep one of them`);
}

/** Where each key of a map was written first. Made only for a map with a key written twice, and once. */
function firstKeysOf(map: YAMLMap.Parsed): ReadonlyMap<string, ParsedNode> {
  const firsts = new Map<string, ParsedNode>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const text = keyText(key);
    if (!firsts.has(text)) firsts.set(text, key);
  }
  return firsts;
}
