// What happens to a change that goes back by itself unless somebody keeps it, told to whoever listens: people, the log, the metrics.
import type { Comparison } from "./comparison.ts";
import type { Config } from "./config.ts";
import type { GuardDoubt, GuardFailure } from "./guard.ts";
import type { KeepNote } from "./outcome.ts";
import type { Author, Revision } from "./revision.ts";
import type { ServiceFault } from "./service-proof.ts";
import type { Trouble } from "./trouble.ts";

export type KeepEvent = {
  readonly config: Config;
  /** The change that waits, or waited. */
  readonly revision: number;
  readonly note: KeepNote;
  /** Its guard failed, so that it goes back; null where it waits for Keep. */
  readonly failure: GuardFailure | null;
} &
  /** Its guard could not tell: from now on it waits for Keep. */
  (
    | { readonly kind: "asked"; readonly doubt: GuardDoubt }
    | { readonly kind: "kept"; readonly by: Author }
    /** It has more time: `note` says how long. */
    | { readonly kind: "extended" }
    | {
        readonly kind: "reverted";
        /** The new revision, by who took it back; without an author where nobody kept it. */
        readonly entry: Revision;
        /** What going back changed; null where there is nothing to compare with. */
        readonly changes: Comparison | null;
        /** Why its service did not take the version that it went back to; null where it did, or is not asked. */
        readonly fault: ServiceFault | null;
      }
    /** Somebody changed the file past Airlock: nothing goes back. */
    | { readonly kind: "moved" }
    /** It was to go back and could not, and is tried again. Told once. */
    | { readonly kind: "stuck"; readonly trouble: Trouble }
  );
