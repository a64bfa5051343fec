// What was found wrong in a document's value, each at its place in the text.
import { type DocumentPlaces, placeFinder } from "./document-places.ts";
import { withoutMisspelt } from "./misspelt-keys.ts";
import type { Problem } from "../../model/problem.ts";
import { pathText } from "./problem-path.ts";
import type { PathStep } from "../../model/comparison.ts";

/** One thing that a JSON Schema refuses. */
export interface Issue {
  readonly path: readonly PathStep[];
  /** Whether it is about the key at `path`, or about its value. */
  readonly about: "key" | "value";
  /** In plain words: "must be at most 100, got 150". */
  readonly message: string;
}

/** Nothing twice, however many branches of a schema say it. */
export function issueProblems(
  issues: readonly Issue[],
  places: DocumentPlaces,
): readonly Problem[] {
  if (issues.length === 0) return [];
  const find = placeFinder(places);
  const problems = new Map<string, Problem>();
  for (const { path, about, message } of withoutMisspelt(issues)) {
    const place = find.place(path);
    const position = find.position(about === "key" ? place.key : place.value);
    const problem = { ...position, path: pathText(path), message };
    problems.set(JSON.stringify(problem), problem);
  }
  return [...problems.values()];
}
