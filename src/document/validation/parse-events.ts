// From text to js-yaml's events: a flat list with offsets into the text. It judges every case of the YAML test suite right, and costs a seventh
// of what a tree of `yaml` does.
import { type Event, parseEvents as parse, YAMLException } from "js-yaml";
import { depthMax } from "./document-limits.ts";

/** What `js-yaml` has for "not there". */
export const absent = -1;

export type ParsedEvents =
  | { readonly kind: "events"; readonly events: readonly Event[] }
  /** `reason` is the library's own. */
  | { readonly kind: "wrong"; readonly offset: number; readonly reason: string }
  | { readonly kind: "too_deep"; readonly offset: number };

/**
 * One level more than is accepted can be parsed: the walk over the events finds it, and where it begins. The library counts what could be a
 * key once more. What is deeper still is told at a level near it.
 */
const parserDepthMax = depthMax + 3;

/** A version is checked, compared as the new one, and compared as the old one: a small one is parsed once. */
const smallCharsMax = 16 * 1024;
const recentMax = 64;
const recent = new Map<string, ParsedEvents>();

/** What it returns must not be changed: the same text may be asked for again. */
export function parseEvents(text: string): ParsedEvents {
  if (text.length > smallCharsMax) return parseAnew(text);
  const parsed = recent.get(text) ?? parseAnew(text);
  recent.delete(text);
  recent.set(text, parsed);
  if (recent.size > recentMax) recent.delete(recent.keys().next().value ?? text);
  return parsed;
}

function parseAnew(text: string): ParsedEvents {
  try {
    return { kind: "events", events: parse(text, { filename: "", maxDepth: parserDepthMax }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    return error.reason.startsWith("nesting exceeded")
      ? { kind: "too_deep", offset: openingBefore(text, offset) }
      : { kind: "wrong", offset, reason: error.reason };
  }
}

/** Where the level begins whose first item is at `offset`. */
function openingBefore(text: string, offset: number): number {
  const before = text.slice(0, offset).trimEnd().length - 1;
  return /[[{-]/.test(text.charAt(before)) ? before : offset;
}
