// Whether what one reader made of a document is what another made of it.
import type { Told } from "./real-readers.ts";

/** @returns where they differ; undefined where they do not */
export function differenceOf(one: Told, other: Told, path = ""): string | undefined {
  const [kind, content] = tagged(one);
  const [otherKind, otherContent] = tagged(other);
  // The one exception: a date to some, its text to others.
  if (kind === "text" && otherKind === "date") {
    return /^\d{4}-\d\d-\d\d/.test(String(content)) ? undefined : differ(path, one, other);
  }
  if (kind !== otherKind) return differ(path, one, other);
  if (kind === "number") {
    return Number(content) === Number(otherContent) ? undefined : differ(path, one, other);
  }
  if (kind === "list") return listDifference(listOf(content), listOf(otherContent), path);
  if (kind === "map") return mapDifference(entriesOf(content), entriesOf(otherContent), path);
  return content === otherContent ? undefined : differ(path, one, other);
}

function differ(path: string, one: Told, other: Told): string {
  return `at ${path === "" ? "the root" : path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
}

function tagged(value: Told): readonly [string, unknown] {
  if (!Array.isArray(value)) return [String(value), value];
  const [kind, content]: readonly unknown[] = value;
  return [String(kind), content];
}

function listOf(content: unknown): readonly Told[] {
  return Array.isArray(content) ? content : [];
}

function listDifference(
  one: readonly Told[],
  other: readonly Told[],
  path: string,
): string | undefined {
  if (one.length !== other.length) return `at ${path}: ${one.length} and ${other.length} items`;
  for (const [index, item] of one.entries()) {
    const found = differenceOf(item, other[index], `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The order of keys is no matter: JavaScript puts numbers first. */
function mapDifference(
  one: ReadonlyMap<string, Told>,
  other: ReadonlyMap<string, Told>,
  path: string,
): string | undefined {
  if (one.size !== other.size) return `at ${path}: ${one.size} and ${other.size} keys`;
  for (const [key, value] of one) {
    if (!other.has(key)) return `at ${path}: the key ${key} is in one only`;
    const found = differenceOf(value, other.get(key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** JavaScript makes a text of a key; a number counts as the text that JavaScript makes of it, a date as its own. */
function entriesOf(content: unknown): ReadonlyMap<string, Told> {
  return new Map(
    listOf(content).map((entry) => {
      const [key, value] = listOf(entry);
      const [kind, text] = tagged(key);
      const name = kind === "number" ? String(Number(text)) : nameOf(String(text));
      const isText = kind === "number" || kind === "text" || kind === "date";
      return [isText ? name : `${kind} ${name}`, value];
    }),
  );
}

/** A date with a time is written in many ways: which one it is does not come back from a reader. */
function nameOf(text: string): string {
  return /^\d{4}-\d\d-\d\d[T ]\d/.test(text) ? "a time" : text;
}
