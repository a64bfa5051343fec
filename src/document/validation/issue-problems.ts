// What was found wrong in a document's value, each at its place in the text.
import type { PathStep } from "../../model/comparison.ts";
import type { Fault, Problem } from "../../model/problem.ts";
import { type DocumentPlaces, placeFinder } from "./document-places.ts";
import { withoutMisspelt } from "./misspelt-keys.ts";

/** One thing that a schema refuses. */
export interface Issue {
  readonly path: readonly PathStep[];
  /** Whether it is about the key at `path`, or about its value. */
  readonly about: "key" | "value";
  readonly fault: Fault;
}

/** Nothing twice, however many branches of a schema say it. */
export function issueProblems(
  issues: readonly Issue[],
  places: DocumentPlaces,
): readonly Problem[] {
  if (issues.length === 0) return [];
  const find = placeFinder(places);
  const problems = new Map<string, Problem>();
  for (const { path, about, fault } of withoutMisspelt(issues)) {
    const problem = { ...fault, place: { ...find.position(find.place(path)[about]), path } };
    problems.set(JSON.stringify(problem), problem);
  }
  return [...problems.values()];
}
