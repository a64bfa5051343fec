// A version of a config, read to be compared or merged.
import { decodeDocument } from "../validation/document-text.ts";
import { type LinePositions, linePositions } from "../validation/line-positions.ts";
import { readTree, type TreeNode } from "./document-tree.ts";
import type { ValueNumbers } from "./value-numbers.ts";

export interface ReadVersion {
  /** The byte order mark before the text, or nothing. */
  readonly mark: string;
  readonly text: string;
  readonly root: TreeNode;
  readonly lines: LinePositions;
}

/** @returns undefined for what is no valid document: only its text can be compared */
export function readVersion(bytes: Uint8Array, numbers: ValueNumbers): ReadVersion | undefined {
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text" || decoded.total > 0) return undefined;
  const { mark, text } = decoded;
  const root = readTree(text, numbers);
  return root === undefined ? undefined : { mark, text, root, lines: linePositions(text) };
}
