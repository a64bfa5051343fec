// One value of a config, named by its path: what was found there, and what became of the text with another value in its place. Plain JSON: it
// crosses from the worker.
import type { PathStep } from "./comparison.ts";
import type { Revision } from "./revision.ts";

/** What a scalar holds, as all readers read it. */
export type ScalarType = "number" | "truth" | "text" | "nothing" | "date";

/** No value of the config has this path. */
export interface NoSuchPath {
  readonly kind: "missing";
  /** Within two edits of a path there is: it was meant as one. */
  readonly isNear: boolean;
  /** The nearest paths there are, the best one first. */
  readonly nearest: readonly string[];
}

/** The config cannot be read by key. */
interface Unreadable {
  readonly kind: "unreadable";
}

export interface FoundValue {
  readonly kind: "found";
  readonly path: readonly PathStep[];
  /** As a person would write it, shortened. */
  readonly shown: string;
  readonly line: number;
  /** The same for equal values, however they are written, and for no others. */
  readonly digest: string;
}

/** Who set a value as it is. */
export type ValueSetBy =
  /** `isExact`: this very one; otherwise it, or one before it. */
  | { readonly kind: "revision"; readonly entry: Revision; readonly isExact: boolean }
  /** By hand, after the newest revision. */
  | { readonly kind: "on_disk" }
  /** There is no history. */
  | { readonly kind: "unknown" };

export type PathFinding = FoundValue | NoSuchPath | Unreadable;

/** Why a value is not set. */
export type ValueFault =
  /** A list or a map; `inside` is a value in it. */
  | { readonly code: "not_single"; readonly inside: string | null }
  /** It stands for a value that is written elsewhere. */
  | { readonly code: "aliased" }
  /** `meant` are the forms in which it would be one. */
  | {
      readonly code: "wrong_type";
      readonly type: ScalarType;
      readonly got: string;
      readonly meant: readonly string[];
    }
  /** It cannot be written into the text so that every program reads what was meant, and all else as before. */
  | { readonly code: "not_offered" };

export type ValueEdit =
  | {
      readonly kind: "edited";
      readonly text: string;
      readonly path: readonly PathStep[];
      /** As they are written, shortened. */
      readonly before: string;
      readonly after: string;
      readonly line: number;
    }
  /** It stands there already, to the letter. */
  | (Pick<FoundValue, "path" | "shown" | "line"> & { readonly kind: "same" })
  | {
      readonly kind: "refused";
      readonly path: readonly PathStep[];
      readonly fault: ValueFault;
    }
  | NoSuchPath
  | Unreadable;
