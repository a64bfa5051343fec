// A version of a config, read to be compared or merged. Each change is compared with the one before it, and that was compared as well: small
// versions are read once.
import { decodeDocument } from "../validation/document-text.ts";
import { type LinePositions, linePositions } from "../validation/line-positions.ts";
import type { TreeNode } from "./document-tree.ts";
import { readTree } from "./read-tree.ts";
import { createValueNumbers, type ValueNumbers } from "./value-numbers.ts";

export interface ReadVersion {
  /** The byte order mark before the text, or nothing. */
  readonly mark: string;
  readonly text: string;
  readonly root: TreeNode;
  readonly lines: LinePositions;
}

const smallBytesMax = 16 * 1024;
/** Of what was read lately, taken together. Its trees take some thirty times as much memory. */
const recentCharsMax = 256 * 1024;

/** Small versions that were read lately, by their text, with the numbers that all of them share. */
interface Recent {
  readonly numbers: ValueNumbers;
  readonly versions: Map<string, ReadVersion | undefined>;
  chars: number;
}

let recent: Recent = emptyRecent();

function emptyRecent(): Recent {
  return { numbers: createValueNumbers(), versions: new Map(), chars: 0 };
}

/** For {@link readVersion} of versions that are compared with each other. */
export function numbersFor(versions: readonly Uint8Array[]): ValueNumbers {
  if (versions.some(({ length }) => length > smallBytesMax)) return createValueNumbers();
  if (recent.chars > recentCharsMax) recent = emptyRecent();
  return recent.numbers;
}

/** @returns undefined for what is no valid document: only its text can be compared */
export function readVersion(bytes: Uint8Array, numbers: ValueNumbers): ReadVersion | undefined {
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text" || decoded.total > 0) return undefined;
  const { mark, text } = decoded;
  if (numbers !== recent.numbers) return readText(mark, text, numbers);
  const key = mark + text;
  if (recent.versions.has(key)) return recent.versions.get(key);
  const version = readText(mark, text, numbers);
  recent.versions.set(key, version);
  recent.chars += key.length;
  return version;
}

function readText(mark: string, text: string, numbers: ValueNumbers): ReadVersion | undefined {
  const root = readTree(text, numbers);
  return root === undefined ? undefined : { mark, text, root, lines: linePositions(text) };
}
