// Where in a document a path leads, as an admin types it: `tiers[2].maker_percent`, as changes are shown. Keys are taken as they are written.
import type { PathStep } from "../../model/comparison.ts";
import { contentOf, type ContentNode, entryOf, type TreeNode } from "../compare/document-tree.ts";
import { parsePathPattern } from "../limits/path-pattern.ts";

export interface ValuePlace {
  readonly path: readonly PathStep[];
  readonly node: TreeNode;
  /** Of its key, or of the item, as an offset. */
  readonly at: number;
  /** An alias stands on the way to it, or in its place. */
  readonly isAliased: boolean;
  /** It stands between brackets. */
  readonly isInFlow: boolean;
}

/** @returns undefined for what is no path, or has a `*` in it */
export function parsePath(text: string): readonly PathStep[] | undefined {
  const parsed = parsePathPattern(text);
  if (parsed.kind === "wrong") return undefined;
  const steps: PathStep[] = [];
  for (const step of parsed.pattern) {
    if (step.kind === "name") steps.push(step.name);
    else if (step.kind === "index") steps.push(step.index);
    else return undefined;
  }
  return steps;
}

/** @returns undefined where nothing is there */
export function placeOf(root: TreeNode, steps: readonly PathStep[]): ValuePlace | undefined {
  let place: ValuePlace = {
    path: [],
    node: root,
    at: root.start,
    isAliased: root.kind === "alias",
    isInFlow: false,
  };
  for (const step of steps) {
    const next = stepInto(place, step);
    if (next === undefined) return undefined;
    place = next;
  }
  return place;
}

function stepInto(from: ValuePlace, step: PathStep): ValuePlace | undefined {
  const content = contentOf(from.node);
  const found = childOf(content, step);
  if (found === undefined) return undefined;
  const { node, at } = found;
  return {
    path: [...from.path, found.step],
    node,
    at,
    isAliased: from.isAliased || node.kind === "alias",
    isInFlow: from.isInFlow || (content.kind !== "scalar" && content.isFlow),
  };
}

/** Who writes tiers.2 means the item, and who writes levels[10] may mean a key, as far as anybody can tell. */
function childOf(
  content: ContentNode,
  step: PathStep,
): { readonly step: PathStep; readonly node: TreeNode; readonly at: number } | undefined {
  if (content.kind === "map") {
    const entry = entryOf(content, String(step));
    return entry && { step: entry.name, node: entry.value, at: entry.key.start };
  }
  if (content.kind === "scalar" || !/^(?:0|[1-9]\d*)$/.test(String(step))) return undefined;
  const node = content.items[Number(step)];
  return node && { step: Number(step), node, at: node.start };
}

/** Every path of a document, but the root's; what an alias stands for is named where it stands itself. */
export function* pathsOf(
  node: TreeNode,
  path: readonly PathStep[] = [],
): Generator<readonly PathStep[]> {
  const children: readonly (readonly [PathStep, TreeNode])[] =
    node.kind === "map"
      ? node.entries.map(({ name, value }) => [name, value] as const)
      : node.kind === "list"
        ? node.items.map((item, index) => [index, item] as const)
        : [];
  for (const [step, child] of children) {
    const inside = [...path, step];
    yield inside;
    yield* pathsOf(child, inside);
  }
}
