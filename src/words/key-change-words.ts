// What changed under one key, in one line: the same wherever changes are listed.
import { pathText } from "../model/excerpt.ts";
import type { KeyChange, ValueChange } from "../model/comparison.ts";

/** `maker_percent: 0.08 → 0.09 (line 3)`. */
export function keyChangeText(change: KeyChange): string {
  return `${shortKeyChangeText(change)} (line ${change.line})`;
}

/** `maker_percent: 0.08 → 0.09`, where a line would be one of a version that is not at hand. */
export function shortKeyChangeText({ path, what }: KeyChange): string {
  const at = path.length === 0 ? wholeFile : pathText(path);
  return `${at}: ${what.kind === "moved" ? `was ${pathText(what.from)}` : movedText(what)}`;
}

/** Where a path would be, for the root. */
export const wholeFile = "the whole file";

/** `0.08 → 0.09`, `+ 0.09`, `− 0.08`. */
export function movedText(what: ValueChange): string {
  switch (what.kind) {
    case "changed":
      return `${what.before} → ${what.after}`;
    case "added":
      return `+ ${what.after}`;
    case "removed":
      return `− ${what.before}`;
    default:
      return what satisfies never;
  }
}
