// In which order problems are listed, how many, and how one reads.
import type { Problem } from "../../model/problem.ts";

/** The most problems that are listed for one document; the rest are counted. */
export const problemsListedMax = 20;

/** As they stand in the document, what concerns the whole of it first. */
export function byPlace(
  one: Pick<Problem, "line" | "column">,
  other: Pick<Problem, "line" | "column">,
): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

/** One line for people, such as `line 4, column 16: maker_percent: must be at most 100, got 150`. */
export function problemText({ line, column, path, message }: Problem): string {
  const where = line === null ? [] : [`line ${line}, column ${column}`];
  return [...where, ...(path === "" ? [] : [path]), message].join(": ");
}
