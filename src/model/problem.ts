// What is wrong with a document, as values. Plain JSON: it crosses from the worker.

/** One thing that is wrong. */
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
  /** `problems` are the first ones, by line and column; `total` counts all of them. */
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly total: number }
  /** The caller's signal ended it; nothing is known about the document. */
  | { readonly kind: "aborted" };
