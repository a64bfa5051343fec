// One number of a config over its revisions, as values.
import type { Author, Revision } from "./revision.ts";

/** What stands at a path that somebody wrote. Paths are as people write them. */
export type NumberAt =
  | { readonly kind: "number"; readonly path: string }
  /** `shown` is the value; null for a list or a map, of which `nearest` are the first numbers inside. */
  | {
      readonly kind: "no_number";
      readonly path: string;
      readonly shown: string | null;
      readonly nearest: readonly string[];
    }
  /** `path` is null where what was written is no path. */
  | { readonly kind: "nowhere"; readonly path: string | null; readonly nearest: readonly string[] }
  /** No valid document, or too much for a thread. */
  | { readonly kind: "unreadable" };

/** The numbers of a config: the first `paths` of `total`, of which `changed` have changed lately. */
export interface NumberList {
  readonly paths: readonly string[];
  readonly changed: number;
  readonly total: number;
}

/** The number from this moment on. */
export interface NumberPoint {
  /** ISO 8601. */
  readonly at: string;
  /** As it is written; null where there was none. */
  readonly value: string | null;
  /** Who changed it to this; undefined where nobody can know: the version before is not kept. */
  readonly by: (Pick<Revision, "how"> & { readonly author: Author | null }) | undefined;
}

/** What of the history is not in a series, if anything: revisions before `from`. */
export type LeftOut =
  | { readonly kind: "nothing" }
  | { readonly kind: "not_kept"; readonly from: number }
  /** Reading on would have taken too long. */
  | { readonly kind: "too_much"; readonly from: number };

export interface NumberSeries {
  readonly path: string;
  /** Oldest first: the first version that is shown, and each change of the number since. At least one. */
  readonly points: readonly NumberPoint[];
  readonly leftOut: LeftOut;
}

/** Finds numbers in versions of a document. */
export interface NumberReader {
  /** What stands at a path that a person wrote. */
  numberAt(bytes: Uint8Array, written: string): Promise<NumberAt>;
  /** The number at a path in each version, as it is written there, null where there is none. @returns undefined for what is too much for a thread */
  numbersAt(
    versions: readonly Uint8Array[],
    written: string,
  ): Promise<readonly (string | null)[] | undefined>;
  /** The numbers of the newest version, which is the first; those that changed most often since the others first. None for what is too much for a thread. */
  listNumbers(versions: readonly Uint8Array[]): Promise<NumberList>;
}
