// Puts one value in the place of another, and leaves every other byte as it is. Runs in the worker. What comes of it is read by both parsers: it
// must say exactly what was meant, or it is not offered.
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { PathStep } from "../../model/comparison.ts";
import { pathText } from "../../model/excerpt.ts";
import type { ScalarType, ValueEdit, ValueFault } from "../../model/one-value.ts";
import { contentOf, type ContentNode, type TreeNode } from "../compare/document-tree.ts";
import { shownPair, shownValue } from "../compare/key-change.ts";
import { type ReadVersion, readVersion } from "../compare/read-version.ts";
import { createValueNumbers, type ValueNumbers } from "../compare/value-numbers.ts";
import type { DocumentSyntax } from "../validation/document-syntax.ts";
import { isJson as isJsonText } from "../validation/json-syntax.ts";
import { readDocument } from "../validation/read-document.ts";
import { missingPath } from "./nearest-paths.ts";
import { typeOf, writtenAs } from "./scalar-text.ts";
import { parsePath, pathsOf, placeOf, type ValuePlace } from "./value-places.ts";

type ScalarNode = Extract<ContentNode, { readonly kind: "scalar" }>;

/**
 * @param asked - the path, as it was typed
 * @param value - as it was typed
 */
export async function setValue(
  bytes: Uint8Array,
  asked: string,
  value: string,
  syntax: DocumentSyntax,
): Promise<ValueEdit> {
  const numbers = createValueNumbers();
  const version = readVersion(bytes, numbers);
  if (version === undefined) return { kind: "unreadable" };
  const steps = parsePath(asked);
  const place = steps === undefined ? undefined : placeOf(version.root, steps);
  if (place === undefined) return missingPath(version.root, asked);
  const { path, node } = place;
  const refused = (fault: ValueFault): ValueEdit => ({ kind: "refused", path, fault });
  const { kind } = contentOf(node);
  if (kind !== "scalar") return refused({ code: "not_single", inside: firstInside(place) });
  if (place.isAliased || node.kind !== "scalar") return refused({ code: "aliased" });
  const isJson = syntax === "json" || isJsonText(version.text);
  const type = typeOf(node, isJson);
  const span = spanOf(version.text, node);
  if (type === undefined || span === undefined || node.tag !== undefined)
    return refused({ code: "not_offered" });
  const written = writtenAs(type, value, { isJson, quote: quoteOf(version.text, node) });
  if (written.kind === "wrong_type") {
    return refused({ code: "wrong_type", type, got: value, meant: written.meant });
  }
  const { line } = version.lines.position(place.at);
  const before = version.text.slice(span.start, span.end);
  const text = written.text + span.tail;
  if (text === before || isSameText(node, type, value)) {
    return { kind: "same", path, shown: shownValue(node), line };
  }
  const changed = version.text.slice(0, span.start) + text + version.text.slice(span.end);
  const whole = version.mark + changed;
  const after = placeMeant(whole, version, place, newId(type, value, numbers), numbers);
  const isMeant =
    after !== undefined &&
    (await readsAsMeant(bytes, changed, { path, type, value }, syntax, isJson));
  if (!isMeant) return refused({ code: "not_offered" });
  const [old, fresh] = shownPair(node, after);
  return { kind: "edited", text: whole, path, before: old, after: fresh, line };
}

/** A text that says the same already is not written another way. */
function isSameText({ text }: ScalarNode, type: ScalarType, value: string): boolean {
  return type === "text" && text === value;
}

function newId(type: ScalarType, value: string, numbers: ValueNumbers): number {
  return type === "text" ? numbers.text(value) : numbers.plain(value);
}

/** What is replaced, and what has to stand behind the new value; undefined where that cannot be told. */
function spanOf(
  text: string,
  { style, contentStart: start, end }: ScalarNode,
): { readonly start: number; readonly end: number; readonly tail: string } | undefined {
  if (style !== "block") return start === end ? undefined : { start, end, tail: "" };
  const block = text.slice(start, end);
  // A comment in its first line would be lost.
  if (!/^[|>][-+0-9]*[ \t]*\r?\n/.test(block)) return undefined;
  return { start, end, tail: /\r?\n$/.exec(block)?.[0] ?? "" };
}

function quoteOf(text: string, { style, contentStart }: ScalarNode): "'" | '"' | undefined {
  if (style !== "quoted") return undefined;
  return text[contentStart] === "'" ? "'" : '"';
}

/** @returns the new value, where the text has it, and all else as it was */
function placeMeant(
  text: string,
  { root }: ReadVersion,
  { path }: ValuePlace,
  id: number,
  numbers: ValueNumbers,
): TreeNode | undefined {
  const read = readVersion(Buffer.from(text), numbers);
  if (read?.root.id !== idWith(root, path, id, numbers)) return undefined;
  return placeOf(read.root, path)?.node;
}

/** The number of a tree in which this value has another one. */
function idWith(
  node: TreeNode,
  [step, ...rest]: readonly PathStep[],
  id: number,
  numbers: ValueNumbers,
): number {
  const content = contentOf(node);
  if (step === undefined) return id;
  const inside = (child: TreeNode, at: PathStep): number =>
    at === step ? idWith(child, rest, id, numbers) : child.id;
  const whole =
    content.kind === "map"
      ? numbers.map(
          content.entries.flatMap(({ name, nameId, value }) => [nameId, inside(value, name)]),
        )
      : content.kind === "list"
        ? numbers.list(content.items.map(inside))
        : content.id;
  return content.tag === undefined ? whole : numbers.tagged(content.tag, whole);
}

/** By the parser that did not write it, against what the other one has read before. */
async function readsAsMeant(
  before: Uint8Array,
  text: string,
  set: { readonly path: readonly PathStep[]; readonly type: ScalarType; readonly value: string },
  syntax: DocumentSyntax,
  isJson: boolean,
): Promise<boolean> {
  const { document, total } = await readDocument(before, syntax);
  if (document === undefined || total > 0) return false;
  try {
    const read: unknown = isJson
      ? JSON.parse(text)
      : parse(text, { uniqueKeys: false, maxAliasCount: -1, logLevel: "silent" });
    return isDeepStrictEqual(read, withValue(document.value, set.path, meantValue(set)));
  } catch {
    // Whatever it cannot read was not meant.
    return false;
  }
}

function meantValue({
  type,
  value,
}: {
  readonly type: ScalarType;
  readonly value: string;
}): unknown {
  if (type === "number") return Number(value);
  if (type === "truth") return value.toLowerCase() === "true";
  return type === "nothing" ? null : value;
}

/** A copy along the path: what an alias shares with it elsewhere stays as it was. */
function withValue(whole: unknown, [step, ...rest]: readonly PathStep[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(whole)) {
    return whole.map((item: unknown, index) =>
      index === step ? withValue(item, rest, value) : item,
    );
  }
  return Object.fromEntries(
    Object.entries(Object(whole)).map(([key, inside]) => [
      key,
      key === step ? withValue(inside, rest, value) : inside,
    ]),
  );
}

/** A value in a list or a map, to be named instead. */
function firstInside({ node, path }: ValuePlace): string | null {
  const content = contentOf(node);
  for (const inside of pathsOf(content)) {
    const kind = placeOf(content, inside)?.node.kind;
    if (kind === "scalar") return pathText([...path, ...inside]);
  }
  return null;
}
