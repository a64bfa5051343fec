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

interface Walk {
  /** JSON has one reading: what YAML's readers disagree on does not matter in it. */
  readonly syntax: DocumentSyntax;
  readonly lines: LineCounter;
  readonly path: PathStep[];
  readonly anchors: Map<string, Anchored>;
  readonly aliasTargets: Map<Alias.Parsed, ParsedNode>;
  readonly problems: Problem[];
  total: number;
  aliases: number;
  expandedNodes: number;
}

interface Anchored {
  readonly node: ParsedNode;
  value: unknown;
  /** With all aliases inside unfolded; undefined while the node itself is being walked. */
  nodes: number | undefined;
}

/** A node's plain value, and how many nodes it unfolds to. */
interface Walked {
  readonly value: unknown;
  readonly nodes: number;
}

const nothing: Walked = { value: null, nodes: 1 };

export function walkDocument(
  root: ParsedNode | null,
  lines: LineCounter,
  syntax: DocumentSyntax,
): WalkedDocument {
  const walk: Walk = {
    syntax,
    lines,
    path: [],
    anchors: new Map(),
    aliasTargets: new Map(),
    problems: [],
    total: 0,
    aliases: 0,
    expandedNodes: 0,
  };
  const { value } = walkNode(walk, root);
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

function walkNode(walk: Walk, node: ParsedNode | null): Walked {
  if (node === null) return nothing;
  if (isAlias(node)) return walkAlias(walk, node);
  const { anchor, tag } = node;
  const anchored: Anchored = { node, value: null, nodes: undefined };
  if (anchor !== undefined) walk.anchors.set(anchor, anchored);
  if (tag !== undefined && !coreTags.has(tag)) {
    report(
      walk,
      node,
      `has the tag ${quoted(tag)}, and tags of one's own are not accepted: remove it`,
    );
  }
  const walked = walkTagged(walk, node);
  anchored.value = walked.value;
  anchored.nodes = walked.nodes;
  return walked;
}

function walkTagged(walk: Walk, node: Exclude<ParsedNode, Alias.Parsed>): Walked {
  if (isScalar(node)) return walkScalar(walk, node);
  if (walk.path.length >= depthMax) {
    report(walk, node, `is nested deeper than ${depthMax} levels`, []);
    return nothing;
  }
  return isMap(node) ? walkMap(walk, node) : walkList(walk, node);
}

function walkScalar(walk: Walk, node: Scalar.Parsed): Walked {
  const { value, tag } = node;
  const ambiguity = plainAmbiguity(walk, node);
  const fitting = tag === undefined ? undefined : typesOfTags.get(tag);
  if (fitting !== undefined && typeof value !== fitting) {
    report(walk, node, `does not fit its tag ${quoted(tag ?? "")}`);
  }
  if (ambiguity !== undefined) report(walk, node, ambiguity);
  else if (typeof value === "number" && !Number.isFinite(value)) {
    report(walk, node, `must be a finite number, got ${quoted(node.source)}`);
  }
  return { value, nodes: 1 };
}

/** Quotes and tags say what is meant; only a plain scalar can be misread. */
function plainAmbiguity(
  { syntax }: Walk,
  { type, tag, source }: Scalar.Parsed,
): string | undefined {
  if (syntax === "json") return undefined;
  return type === "PLAIN" && tag === undefined ? ambiguityOf(source) : undefined;
}

function walkAlias(walk: Walk, node: Alias.Parsed): Walked {
  walk.aliases += 1;
  if (walk.aliases > aliasesMax) {
    // Told once: one more does not help to find it.
    if (walk.aliases === aliasesMax + 1)
      report(walk, node, `is one of more than ${aliasesMax} aliases`);
    return nothing;
  }
  const anchored = walk.anchors.get(node.source);
  if (anchored === undefined) {
    report(walk, node, `is an alias of ${quoted(node.source)}, which no anchor before it names`);
    return nothing;
  }
  if (anchored.nodes === undefined) {
    report(walk, node, `is an alias of ${quoted(node.source)}, which contains this very alias`);
    return nothing;
  }
  walk.aliasTargets.set(node, anchored.node);
  const before = walk.expandedNodes;
  walk.expandedNodes += anchored.nodes;
  if (walk.expandedNodes > expandedNodesMax) {
    if (before <= expandedNodesMax) {
      report(walk, node, `makes the aliases unfold to more than ${expandedNodesMax} values`);
    }
    return nothing;
  }
  return { value: anchored.value, nodes: anchored.nodes };
}

function walkList(walk: Walk, node: YAMLSeq.Parsed): Walked {
  const value: unknown[] = [];
  let nodes = 1;
  for (const [index, item] of node.items.entries()) {
    walk.path.push(index);
    const walked = walkNode(walk, item);
    walk.path.pop();
    value.push(walked.value);
    nodes += walked.nodes;
  }
  return { value, nodes };
}

function walkMap(walk: Walk, node: YAMLMap.Parsed): Walked {
  const value: Record<string, unknown> = {};
  const keys = new Map<string, ParsedNode>();
  let nodes = 1;
  for (const pair of node.items) {
    const key = keyOf(walk, pair.key);
    walk.path.push(key ?? "?");
    if (key !== undefined) {
      const first = keys.get(key);
      if (first === undefined) keys.set(key, pair.key);
      else reportTwice(walk, first, pair.key);
      const ambiguity = isScalar(pair.key) ? keyAmbiguity(walk, pair.key) : undefined;
      if (ambiguity !== undefined) report(walk, pair.key, ambiguity);
    }
    const walked = walkNode(walk, pair.value);
    walk.path.pop();
    // "__proto__" would change the object instead of filling it; keyOf refused it.
    if (key !== undefined) value[key] = walked.value;
    nodes += walked.nodes;
  }
  return { value, nodes };
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
  return plainAmbiguity(walk, key);
}

function reportTwice(walk: Walk, first: ParsedNode, second: ParsedNode): void {
  const firstLine = walk.lines.linePos(first.range[0]).line;
  const secondLine = walk.lines.linePos(second.range[0]).line;
  const where =
    firstLine === secondLine
      ? `twice on line ${firstLine}`
      : `on line ${firstLine} and again on line ${secondLine}`;
  report(walk, second, `is written ${where}: keep one of them`);
}
