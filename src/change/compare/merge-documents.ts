// Joins two edits of one base, key by key, into the text of the live file: what the candidate changed is changed there, and
// everything else, with comments and formatting, stays as it is live.
import { parseDocument } from "yaml";
import { isJson } from "../validation/json-syntax.ts";
import { type PathStep, pathText } from "../validation/problem-path.ts";
import { readVersion } from "./compare-documents.ts";
import { compareValues, equalValues, isMap, type ValueChange } from "./compare-values.ts";
import { shownValue } from "./key-change.ts";

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
  const versions = [base, live, candidate].map((bytes) => readVersion(bytes)?.value);
  const [baseValue, liveValue, candidateValue] = versions;
  if (!isMap(baseValue) || !isMap(liveValue) || !isMap(candidateValue))
    return { kind: "impossible" };
  if ([live, candidate].some((bytes) => isJson(Buffer.from(bytes).toString("utf8"))))
    return { kind: "impossible" };
  const theirs = touched(baseValue, liveValue);
  const ours = touched(baseValue, candidateValue);
  const conflicts = ours.filter(
    ({ path }) =>
      theirs.some((other) => overlaps(path, other.path)) &&
      !equalValues(valueAt(liveValue, path), valueAt(candidateValue, path)),
  );
  if (conflicts.length > 0) {
    const shown = (value: unknown): string =>
      value === undefined ? "not there" : shownValue(value);
    return {
      kind: "conflict",
      keys: conflicts.map(({ path }) => ({
        path: pathText(path),
        base: shown(valueAt(baseValue, path)),
        live: shown(valueAt(liveValue, path)),
        candidate: shown(valueAt(candidateValue, path)),
      })),
    };
  }
  // uniqueKeys: its check takes time that grows with the square of the keys; readVersion has checked already.
  const document = parseDocument(Buffer.from(live).toString("utf8"), {
    uniqueKeys: false,
    schema: "core",
    version: "1.2",
  });
  for (const { path } of ours) {
    const value = valueAt(candidateValue, path);
    if (equalValues(valueAt(liveValue, path), value)) continue;
    if (value === undefined) document.deleteIn(path);
    else setKeepingComments(document, path, value);
  }
  const text = document.toString({ lineWidth: 0 });
  // Only a merge that says exactly what both edits said is offered: aliases, say, could carry a change elsewhere.
  const merged = readVersion(Buffer.from(text))?.value;
  const expected = ours.reduce<unknown>(
    (value, { path }) => withValue(value, path, valueAt(candidateValue, path)),
    liveValue,
  );
  return equalValues(merged, expected) ? { kind: "merged", text } : { kind: "impossible" };
}

/** Lists are taken whole: an index means another item after an insertion. */
function touched(
  base: unknown,
  version: unknown,
): readonly { readonly path: readonly PathStep[] }[] {
  const paths = new Map<string, readonly PathStep[]>();
  for (const change of compareValues(base, version).changes) {
    for (const path of pathsOf(change)) {
      const firstIndex = path.findIndex((step) => typeof step === "number");
      const upToList = firstIndex === -1 ? path : path.slice(0, firstIndex);
      paths.set(JSON.stringify(upToList), upToList);
    }
  }
  return [...paths.values()].map((path) => ({ path }));
}

/** A renamed key is touched under both names. */
function pathsOf({ path, what }: ValueChange): readonly (readonly PathStep[])[] {
  return what.kind === "moved" ? [path, what.from] : [path];
}

/** One is the other, or inside it. */
function overlaps(one: readonly PathStep[], other: readonly PathStep[]): boolean {
  const shorter = Math.min(one.length, other.length);
  return one.slice(0, shorter).every((step, index) => step === other[index]);
}

function valueAt(value: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isMap(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

/** A copy with another value at `path`; undefined removes it. */
function withValue(value: unknown, path: readonly PathStep[], inner: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  const map = isMap(value) ? value : {};
  const next = withValue(map[step], rest, inner);
  const { [String(step)]: _, ...others } = map;
  return next === undefined ? others : { ...map, [step]: next };
}

/** A scalar that replaces a scalar keeps the comment behind it. */
function setKeepingComments(
  document: ReturnType<typeof parseDocument>,
  path: readonly PathStep[],
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
