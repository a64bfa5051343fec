// Joins two edits of one base, key by key, into the text of the live file: what the candidate changed is changed there, and
// everything else stays as it is live: to the last space where values were changed, with its comments where keys came or went.
import { parseDocument } from "yaml";
import { isJson } from "../validation/json-syntax.ts";
import { pathText } from "../validation/problem-path.ts";
import { readVersion, type ReadVersion } from "./compare-documents.ts";
import { compareValues, equalValues, isMap } from "./compare-values.ts";
import { shownValue } from "./key-change.ts";
import { type Path, placesOf, placeSet } from "./place-set.ts";

/** More keys that come or go than this would take the library long, and are more than anybody looks through. */
const writtenAnewMax = 200;

export type Merge =
  | { readonly kind: "merged"; readonly text: string }
  /** Both edits touch these, differently. */
  | { readonly kind: "conflict"; readonly keys: readonly MergeConflict[] }
  /** At least one version cannot be read, or is not a map; or it is JSON, which the merge would write anew in YAML's way. */
  | { readonly kind: "impossible" };

export interface MergeConflict {
  readonly path: string;
  readonly base: string;
  readonly live: string;
  readonly candidate: string;
}

/** @param candidate - the edit that is laid over `live`; both were made from `base` */
export function mergeDocuments(base: Uint8Array, live: Uint8Array, candidate: Uint8Array): Merge {
  const [old, now, fresh] = [base, live, candidate].map(readVersion);
  if (!isMap(old?.value) || !isMap(now?.value) || !isMap(fresh?.value)) {
    return { kind: "impossible" };
  }
  if (isJson(now.text) || isJson(fresh.text)) return { kind: "impossible" };
  const theirs = placeSet(touched(old.value, now.value));
  const ours = touched(old.value, fresh.value);
  const differs = (path: Path): boolean =>
    !equalValues(valueAt(now.value, path), valueAt(fresh.value, path));
  const changes = ours.filter(differs);
  const conflicts = changes.filter((path) => theirs.overlaps(path));
  if (conflicts.length > 0) {
    const shown = (value: unknown): string =>
      value === undefined ? "not there" : shownValue(value);
    return {
      kind: "conflict",
      keys: conflicts.map((path) => ({
        path: pathText(path),
        base: shown(valueAt(old.value, path)),
        live: shown(valueAt(now.value, path)),
        candidate: shown(valueAt(fresh.value, path)),
      })),
    };
  }
  const text = apply(changes, now, fresh);
  if (text === undefined || !saysBoth(text, changes, now, fresh)) return { kind: "impossible" };
  return { kind: "merged", text: now.mark + text };
}

/** @returns undefined where it cannot be done */
function apply(changes: readonly Path[], now: ReadVersion, fresh: ReadVersion): string | undefined {
  const splices: Splice[] = [];
  const rest: Path[] = [];
  for (const path of changes) {
    const splice = spliceAt(path, now, fresh);
    if (splice === undefined) rest.push(path);
    else splices.push(splice);
  }
  const spliced = splicedText(now.text, splices);
  return rest.length === 0 ? spliced : writtenAnew(spliced, rest, fresh);
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A single value in place of another one: all around it stays as it is, to the last space. */
function spliceAt(path: Path, now: ReadVersion, fresh: ReadVersion): Splice | undefined {
  const [before, after] = [now.places.scalar(path), fresh.places.scalar(path)];
  if (before === undefined || after === undefined) return undefined;
  return { ...before, text: fresh.text.slice(after.start, after.end) };
}

function splicedText(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const splice of splices.toSorted((one, other) => one.start - other.start)) {
    parts.push(text.slice(end, splice.start), splice.text);
    end = splice.end;
  }
  return [...parts, text.slice(end)].join("");
}

/** For keys that come or go and for whole maps and lists: comments stay, spaces and line ends become the library's. */
function writtenAnew(
  text: string,
  changes: readonly Path[],
  fresh: ReadVersion,
): string | undefined {
  if (changes.length > writtenAnewMax) return undefined;
  // uniqueKeys: its check takes time that grows with the square of the keys; readVersion has checked already.
  const document = parseDocument(text, { uniqueKeys: false, schema: "core", version: "1.2" });
  let written: string;
  try {
    for (const path of changes) {
      const value = valueAt(fresh.value, path);
      if (value === undefined) document.deleteIn(path);
      else setKeepingComments(document, path, value);
    }
    written = document.toString({ lineWidth: 0 });
  } catch {
    // The library throws where an alias stands in the way, or loses what it stands for.
    return undefined;
  }
  const isOfWindows = text.includes("\r\n") && !/(?<!\r)\n/.test(text);
  return isOfWindows ? written.replaceAll("\n", "\r\n") : written;
}

/** Only a merge that says exactly what both edits said is offered: aliases, say, could carry a change elsewhere. */
function saysBoth(
  text: string,
  changes: readonly Path[],
  now: ReadVersion,
  fresh: ReadVersion,
): boolean {
  const merged = readVersion(Buffer.from(text))?.value;
  if (!isMap(merged)) return false;
  const allowed = placeSet(changes);
  return (
    changes.every((path) => equalValues(valueAt(merged, path), valueAt(fresh.value, path))) &&
    touched(now.value, merged).every((path) => allowed.holds(path))
  );
}

/** Lists are taken whole: an index means another item after an insertion. */
function touched(base: unknown, version: unknown): readonly Path[] {
  const paths = new Map<string, Path>();
  for (const change of compareValues(base, version).changes) {
    for (const path of placesOf(change)) {
      const firstIndex = path.findIndex((step) => typeof step === "number");
      const upToList = firstIndex === -1 ? path : path.slice(0, firstIndex);
      paths.set(JSON.stringify(upToList), upToList);
    }
  }
  return [...paths.values()];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isMap(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

/** A scalar that replaces a scalar keeps the comment behind it. */
function setKeepingComments(
  document: ReturnType<typeof parseDocument>,
  path: Path,
  value: unknown,
): void {
  const before = document.getIn(path, true);
  document.setIn(path, value);
  const after = document.getIn(path, true);
  if (!hasComment(before) || typeof after !== "object" || after === null) return;
  Object.assign(after, { comment: before.comment });
}

function hasComment(node: unknown): node is { readonly comment: string } {
  return (
    typeof node === "object" &&
    node !== null &&
    "comment" in node &&
    typeof node.comment === "string"
  );
}
