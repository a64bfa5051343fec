// Compares two versions of a config by key. Runs in the worker: both are read whole.
import { isJson } from "../validation/json-syntax.ts";
import { type PlaceFinder, placeFinder } from "../validation/document-places.ts";
import type { DocumentSyntax } from "../validation/document-syntax.ts";
import type { PathStep } from "../validation/problem-path.ts";
import { readDocument } from "../validation/read-document.ts";
import { compareValues, type ValueChange } from "./compare-values.ts";
import { type Comparison, type KeyChange, keyChangesMax, shownValue } from "./key-change.ts";

/** A version that could be read: its value, and where in its text things are. */
export interface ReadVersion {
  /** The byte order mark before the text, or nothing. */
  readonly mark: string;
  readonly text: string;
  /** Its numbers are exact. */
  readonly value: unknown;
  readonly places: PlaceFinder;
}

/** @param before - compared with `after`; what cannot be read is compared as text only */
export function compareDocuments(before: Uint8Array, after: Uint8Array): Comparison {
  if (Buffer.from(before).equals(after)) return { kind: "same" };
  const one = readVersion(before);
  const other = readVersion(after);
  if (one === undefined || other === undefined) return { kind: "text" };
  const { changes, reordered } = compareValues(one.value, other.value);
  if (changes.length === 0) return { kind: "formatting", reordered };
  return {
    kind: "keys",
    changes: changes.slice(0, keyChangesMax).map((change) => shownChange(change, one, other)),
    total: changes.length,
  };
}

/** The value of a document that can be read in one way only; undefined for any other. */
export function readVersion(bytes: Uint8Array): ReadVersion | undefined {
  // Strict JSON means the same in both, and more of it can be read as JSON: 1e3 is a number there.
  const syntax = (text: string): DocumentSyntax => (isJson(text) ? "json" : "yaml");
  const { document, total } = readDocument(bytes, syntax, { numbers: "exact", readers: "own" });
  if (document === undefined || total > 0) return undefined;
  const { mark, text, value } = document;
  return { mark, text, value, places: placeFinder(document) };
}

function shownChange({ path, what }: ValueChange, one: ReadVersion, other: ReadVersion): KeyChange {
  switch (what.kind) {
    case "changed": {
      const before = shownValue(what.before);
      const after = shownValue(what.after);
      return { path, what: { kind: "changed", before, after }, line: lineOf(other, path) };
    }
    case "added":
      return {
        path,
        what: { kind: "added", after: shownValue(what.after) },
        line: lineOf(other, path),
      };
    case "removed":
      return {
        path,
        what: { kind: "removed", before: shownValue(what.before) },
        line: lineOf(one, path),
      };
    case "moved":
      return { path, what, line: lineOf(other, path) };
    default:
      return what satisfies never;
  }
}

function lineOf({ places }: ReadVersion, path: readonly PathStep[]): number {
  return places.position(places.place(path).key).line;
}
