// What changed between two versions, by key, and how it reads. Plain JSON: it crosses from the worker.
import { ExactNumber } from "../validation/exact-number.ts";
import { type PathStep, pathText, quoted } from "../validation/problem-path.ts";

/** More changes than this are counted, not listed. */
export const keyChangesMax = 1000;
const shownCharsMax = 60;
/** A text that a person reads without quotes, and no reader of YAML takes for anything else. */
const plainText = /^[A-Za-z][A-Za-z0-9 _./-]*$/;
const wordsOfYaml = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

export interface KeyChange {
  readonly path: readonly PathStep[];
  readonly what:
    | { readonly kind: "changed"; readonly before: string; readonly after: string }
    | { readonly kind: "added"; readonly after: string }
    | { readonly kind: "removed"; readonly before: string }
    /** Another key, or another place in its list, with the same value. */
    | { readonly kind: "moved"; readonly from: readonly PathStep[] };
  /** In the new version; for what was removed, in the old one. */
  readonly line: number;
}

export type Comparison =
  | { readonly kind: "same" }
  /** No value changed. */
  | { readonly kind: "formatting"; readonly reordered: boolean }
  | { readonly kind: "keys"; readonly changes: readonly KeyChange[]; readonly total: number }
  /** One of the two is no valid YAML, so that only its text can be compared. */
  | { readonly kind: "text" };

/** `maker_percent: 0.08 → 0.09 (line 3)`. */
export function keyChangeText({ path, what, line }: KeyChange): string {
  const at = `${pathText(path) === "" ? "the whole file" : pathText(path)}: `;
  const where = ` (line ${line})`;
  switch (what.kind) {
    case "changed":
      return `${at}${what.before} → ${what.after}${where}`;
    case "added":
      return `${at}+ ${what.after}${where}`;
    case "removed":
      return `${at}− ${what.before}${where}`;
    case "moved":
      return `${at}was ${pathText(what.from)}${where}`;
    default:
      return what satisfies never;
  }
}

/** A value as a person would write it, shortened. */
export function shownValue(value: unknown): string {
  const text = writtenValue(value, 0);
  return text.length <= shownCharsMax ? text : `${text.slice(0, shownCharsMax - 1)}…`;
}

const shownDepthMax = 3;
const shownItemsMax = 12;

function writtenValue(value: unknown, depth: number): string {
  if (typeof value === "string") {
    const isPlain = plainText.test(value) && !wordsOfYaml.test(value);
    return isPlain ? value : quoted(value);
  }
  if (value === null) return "null";
  if (value instanceof ExactNumber) return value.source;
  if (typeof value !== "object") return JSON.stringify(value) ?? "";
  if (depth === shownDepthMax) return "…";
  if (Array.isArray(value)) {
    const items = value.slice(0, shownItemsMax).map((item) => writtenValue(item, depth + 1));
    return `[${items.join(", ")}]`;
  }
  const pairs = Object.entries(value)
    .slice(0, shownItemsMax)
    .map(([key, item]) => `${pathText([key])}: ${writtenValue(item, depth + 1)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}
