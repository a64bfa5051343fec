// What changed between versions, and what became of joining two edits, as values. Plain JSON: it crosses from the worker.

/** A key or an index. */
export type PathStep = string | number;

/** The values as people write them, shortened. */
export type ValueChange =
  | { readonly kind: "changed"; readonly before: string; readonly after: string }
  | { readonly kind: "added"; readonly after: string }
  | { readonly kind: "removed"; readonly before: string };

export interface KeyChange {
  readonly path: readonly PathStep[];
  readonly what:
    | ValueChange
    /** Another key, or another place in its list, with the same value. */
    | { readonly kind: "moved"; readonly from: readonly PathStep[] };
  /** In the new version; for what was removed, in the old one. */
  readonly line: number;
}

export type Comparison =
  | { readonly kind: "same" }
  /** No value changed. */
  | { readonly kind: "formatting"; readonly reordered: boolean }
  | { readonly kind: "keys"; readonly changes: readonly KeyChange[]; readonly total: number }
  /** One of the two is no valid YAML, so that only its text can be compared. */
  | { readonly kind: "text" };

/** What a revision changed, in short. */
export type ChangeSummary =
  | { readonly kind: "keys"; readonly first: KeyChange; readonly total: number }
  | Extract<Comparison, { readonly kind: "formatting" }>;

export type Merge =
  | { readonly kind: "merged"; readonly text: string }
  /** Both edits touch these, differently. */
  | {
      readonly kind: "conflict";
      /** The first ones of `total`. */
      readonly keys: readonly MergeConflict[];
      readonly total: number;
    }
  /** At least one version cannot be read, or is not a map; or the merge cannot be written into the live text. */
  | { readonly kind: "impossible" };

export interface MergeConflict {
  readonly path: readonly PathStep[];
  /** As a person would write it; null where nothing is there. So in the next two. */
  readonly base: string | null;
  readonly live: string | null;
  readonly candidate: string | null;
}

/** What a version took back of the change just before it. */
export interface SetBackEdit {
  /** What is lost, the first ones of `total`: from what was changed to what is live. */
  readonly changes: readonly KeyChange[];
  readonly total: number;
  /** The change can be joined with what is live. */
  readonly mergeable: boolean;
}

/** What came of a version taking another one's place. */
export interface Replacement {
  readonly changes: Comparison;
  /** null for nothing. */
  readonly setBack: SetBackEdit | null;
}

export interface StaleEdit {
  /** Of what the candidate would change in the live version, what others have changed since; null where they changed no value, and where one of the three cannot be read. */
  readonly undone: {
    /** The first ones of `total`. */
    readonly changes: readonly KeyChange[];
    readonly total: number;
  } | null;
  readonly merge: Merge;
}
