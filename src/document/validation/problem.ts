// One thing that is wrong with a document, and how it reads. Plain JSON: it crosses from the worker and is kept in the journal.

/** The most problems that are listed for one document; the rest are counted. */
export const problemsListedMax = 20;

export interface Problem {
  /** 1-based; null where the problem is with the document as a whole, such as its size. */
  readonly line: number | null;
  /** 1-based, counted in characters; null exactly when `line` is. */
  readonly column: number | null;
  /** As people write it: `tiers[2].maker_percent`; empty for the document itself. */
  readonly path: string;
  /** In plain words: "must be at most 100, got 150". */
  readonly message: string;
}

export type Validation =
  | { readonly kind: "valid" }
  /** `problems` are the first {@link problemsListedMax}, by line and column; `total` counts all of them. */
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly total: number }
  /** The caller's signal ended it; nothing is known about the document. */
  | { readonly kind: "aborted" };

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
