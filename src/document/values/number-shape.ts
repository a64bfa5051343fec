// Numbers in many versions of a document. Mostly one version differs from the next in a few numbers: then it says the same in all else, and the number
// is read where it stands. A parser would take ten times as long.
import { contentOf, type ContentNode, type TreeNode } from "../compare/document-tree.ts";

/** What every parser reads as one number, whatever stands around it. */
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/** What a document says beside its numbers. */
export interface NumberShape {
  /**
   * Of a document that differs in numbers alone, the text of the number that stands where the node does that this was made for; undefined where
   * that one is no number.
   * @returns undefined for a document that differs in anything else
   */
  read(text: string): { readonly source: string | undefined } | undefined;
}

/** @param node - somewhere in the document */
export function numberShape(text: string, root: TreeNode, node: TreeNode | undefined): NumberShape {
  const wanted = node && contentOf(node);
  const gaps: string[] = [];
  let place: number | undefined;
  let behind = 0;
  for (const scalar of plainScalars(contentOf(root))) {
    const { contentStart, end } = scalar;
    if (numberAt(text, contentStart) !== text.slice(contentStart, end)) continue;
    if (scalar === wanted) place = gaps.length;
    gaps.push(text.slice(behind, contentStart));
    behind = end;
  }
  const rest = text.slice(behind);

  return {
    read(other) {
      let source: string | undefined;
      let at = 0;
      for (const [index, gap] of gaps.entries()) {
        if (!other.startsWith(gap, at)) return undefined;
        at += gap.length;
        const number = numberAt(other, at);
        if (number === undefined) return undefined;
        if (index === place) source = number;
        at += number.length;
      }
      return other.startsWith(rest, at) && other.length === at + rest.length
        ? { source }
        : undefined;
    },
  };
}

function numberAt(text: string, at: number): string | undefined {
  numberPattern.lastIndex = at;
  return numberPattern.exec(text)?.[0];
}

/** Values only, in the order of the text: of another key all may be different. */
function* plainScalars(node: ContentNode): Generator<ContentNode> {
  switch (node.kind) {
    case "scalar":
      if (node.style === "plain" && node.tag === undefined) yield node;
      return;
    case "list":
      for (const item of node.items) if (item.kind !== "alias") yield* plainScalars(item);
      return;
    case "map":
      for (const { value } of node.entries) if (value.kind !== "alias") yield* plainScalars(value);
      return;
    default:
      node satisfies never;
  }
}
