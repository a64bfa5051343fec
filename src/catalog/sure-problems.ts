// What can be said of a catalog whose syntax is wrong somewhere: the parser guesses what stands there and reads the rest as ever.
import type { ReadDocument } from "../document/validation/document-reading.ts";
import { placeFinder } from "../document/validation/document-places.ts";
import { byPlace } from "../document/validation/problem.ts";
import type { Problem, ProblemPlace } from "../model/problem.ts";

/**
 * @param found - problems of the values
 * @param misread - where the syntax is wrong
 * @returns those of `found` that are not in an entry (a config, a person, or another section) with a mistake of syntax
 */
export function sureProblems(
  found: readonly Problem[],
  misread: readonly Problem[],
  document: ReadDocument,
): readonly Problem[] {
  const starts = entryStarts(document);
  const entryOf = (problem: Problem): number =>
    starts.findLastIndex((start) => byPlace(start, problem.place) <= 0);
  const misreadLines = new Set(misread.map(({ place }) => place.line));
  const unsure = new Set([
    ...misread.map(entryOf),
    // What is wrong with where a line begins may be said of the entry before it.
    ...starts.flatMap(({ line }, entry) => (misreadLines.has(line) ? [entry] : [])),
  ]);
  return found.filter((problem) => !unsure.has(entryOf(problem)));
}

/** Where each section and each entry of a section begins, in the order of the text. */
function entryStarts(document: ReadDocument): readonly Pick<ProblemPlace, "line" | "column">[] {
  const find = placeFinder(document);
  const paths = entriesOf(document.value).flatMap(([section, entries]) => [
    [section],
    ...entriesOf(entries).map(([name]) => [section, name]),
  ]);
  return paths.map((path) => find.position(find.place(path).key)).toSorted(byPlace);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? Object.entries(value) : [];
}
