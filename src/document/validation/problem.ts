// In which order problems are listed, and how many.
import type { Problem, ProblemPlace } from "../../model/problem.ts";

/** The most problems that are listed for one document; the rest are counted. */
export const problemsListedMax = 20;

/** As they stand in the document, what concerns the whole of it first. */
export function byPlace(
  one: Pick<ProblemPlace, "line" | "column">,
  other: Pick<ProblemPlace, "line" | "column">,
): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

/** As they stand in the document. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((one, other) => byPlace(one.place, other.place));
}
