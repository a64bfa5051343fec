// Numbers in versions of a document: the one at a path in each of them, and which of them changed.
import type { PathStep } from "../../model/comparison.ts";
import type { NumberAt, NumberList } from "../../model/number-series.ts";
import { pathText } from "../../model/excerpt.ts";
import { decodeDocument } from "../validation/document-text.ts";
import { contentOf, type TreeNode } from "../compare/document-tree.ts";
import { readTree } from "../compare/read-tree.ts";
import { shownValue } from "../compare/key-change.ts";
import { isNumber } from "../compare/plain-value.ts";
import { createValueNumbers, type ValueNumbers } from "../compare/value-numbers.ts";
import { numberShape, type NumberShape } from "./number-shape.ts";
import { nearestPaths } from "./nearest-paths.ts";
import { parsePath, pathsOf, placeOf } from "./value-places.ts";
/** Of the numbers inside of what is no number itself. */
const insideMax = 5;

/** As it is written; undefined for what no reader takes for a number, or a chart has no place for. */
function numberOf(node: TreeNode): string | undefined {
  const content = contentOf(node);
  const isPlain =
    content.kind === "scalar" && content.style === "plain" && content.tag === undefined;
  return isPlain && isFiniteNumber(content.text) ? content.text : undefined;
}

function isFiniteNumber(source: string): boolean {
  return isNumber(source) && Number.isFinite(Number(source));
}

/** @param numbers - one for all versions that are read together, most of whose values are the same */
function rootOf(bytes: Uint8Array, numbers: ValueNumbers): TreeNode | undefined {
  const text = textOf(bytes);
  return text === undefined ? undefined : readTree(text, numbers);
}

function textOf(bytes: Uint8Array): string | undefined {
  const decoded = decodeDocument(bytes);
  return decoded.kind === "not_text" || decoded.total > 0 ? undefined : decoded.text;
}

/** What stands at a path that a person wrote. */
export function numberAt(bytes: Uint8Array, written: string): NumberAt {
  const root = rootOf(bytes, createValueNumbers());
  if (root === undefined) return { kind: "unreadable" };
  const steps = parsePath(written);
  const found = steps === undefined ? undefined : placeOf(root, steps);
  if (found !== undefined && numberOf(found.node) !== undefined) {
    return { kind: "number", path: pathText(found.path) };
  }
  if (found === undefined) {
    const nearest = nearestPaths(numberPaths(root), written);
    return { kind: "nowhere", path: steps === undefined ? null : pathText(steps), nearest };
  }
  const { node, path } = found;
  if (contentOf(node).kind === "scalar") {
    return { kind: "no_number", path: pathText(path), shown: shownValue(node), nearest: [] };
  }
  const inside = numberPaths(contentOf(node))
    .slice(0, insideMax)
    .map((rest) => pathText([...path, ...rest]));
  return { kind: "no_number", path: pathText(path), shown: null, nearest: inside };
}

/** In the document's order. */
function numberPaths(root: TreeNode): readonly (readonly PathStep[])[] {
  return [...pathsOf(root)].filter((path) => {
    const place = placeOf(root, path);
    return place !== undefined && numberOf(place.node) !== undefined;
  });
}

/** The number at this path in each version, as it is written there; null where there is none. */
export function numbersAt(
  versions: readonly Uint8Array[],
  written: string,
): readonly (string | null)[] {
  const path = parsePath(written);
  if (path === undefined) return versions.map(() => null);
  const numbers = createValueNumbers();
  let shape: NumberShape | undefined;
  return versions.map((bytes) => {
    const text = textOf(bytes);
    if (text === undefined) return null;
    const read = shape?.read(text);
    if (read !== undefined) {
      return read.source !== undefined && isFiniteNumber(read.source) ? read.source : null;
    }
    const root = readTree(text, numbers);
    if (root === undefined) return null;
    const node = placeOf(root, path)?.node;
    shape = numberShape(text, root, node);
    return (node && numberOf(node)) ?? null;
  });
}

/**
 * The numbers of the newest version, those that changed most often in the older ones first.
 * @param versions - the newest first
 */
export function listNumbers(versions: readonly Uint8Array[]): NumberList {
  const valueNumbers = createValueNumbers();
  const [newest, ...older] = versions.map((bytes) => rootOf(bytes, valueNumbers));
  if (newest === undefined) return { paths: [], changed: 0, total: 0 };
  const numbers = numberPaths(newest);
  const counted = numbers.map((path) => {
    const values = [newest, ...older].flatMap((root) => {
      const found = root === undefined ? undefined : placeOf(root, path);
      return found === undefined ? [] : [numberOf(found.node)];
    });
    const changes = values.filter((value, index) => index > 0 && value !== values[index - 1]);
    return { path: pathText(path), changes: changes.length };
  });
  const sorted = counted.toSorted((one, other) => other.changes - one.changes);
  return {
    paths: sorted.slice(0, listedMax).map(({ path }) => path),
    changed: counted.filter(({ changes }) => changes > 0).length,
    total: counted.length,
  };
}

/** As many as fit on buttons. */
const listedMax = 8;
