// Finds the value that a path leads to. Runs in the worker.
import { createHash, type Hash } from "node:crypto";
import type { PathFinding } from "../../model/one-value.ts";
import { contentOf, type TreeNode } from "../compare/document-tree.ts";
import { shownValue } from "../compare/key-change.ts";
import { plainValue } from "../compare/plain-value.ts";
import { readVersion } from "../compare/read-version.ts";
import { createValueNumbers } from "../compare/value-numbers.ts";
import { missingPath } from "./nearest-paths.ts";
import { parsePath, placeOf } from "./value-places.ts";

export function findValue(bytes: Uint8Array, asked: string): PathFinding {
  const version = readVersion(bytes, createValueNumbers());
  if (version === undefined) return { kind: "unreadable" };
  const steps = parsePath(asked);
  const place = steps === undefined ? undefined : placeOf(version.root, steps);
  if (place === undefined) return missingPath(version.root, asked);
  const { path, node, at } = place;
  const hash = createHash("sha256");
  addValue(hash, node);
  const { line } = version.lines.position(at);
  return { kind: "found", path, shown: shownValue(node), line, digest: hash.digest("hex") };
}

/** In a form in which only equal values are equal; the order of keys does not matter. */
function addValue(hash: Hash, node: TreeNode): void {
  const content = contentOf(node);
  const add = (text: string): void => void hash.update(`${text.length}:${text}`);
  if (content.tag !== undefined) add(`!${content.tag}`);
  switch (content.kind) {
    case "scalar": {
      const value = content.style === "plain" ? plainValue(content.text) : undefined;
      add(value?.kind === "other" ? `o${value.value}` : `t${content.text}`);
      return;
    }
    case "list":
      add(`[${content.items.length}`);
      for (const item of content.items) addValue(hash, item);
      return;
    case "map": {
      add(`{${content.entries.length}`);
      const sorted = content.entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
      for (const { name, value } of sorted) {
        add(name);
        addValue(hash, value);
      }
      return;
    }
    default:
      content satisfies never;
  }
}
