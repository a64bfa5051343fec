// The port to the store: what any place that keeps configs promises, whether it is this machine's disk or a cluster. The use
// cases in change/ know nothing else of it.
import type { AppliedOutcome, CancelledOutcome, FailedOutcome } from "../model/outcome.ts";

/** What a commit compares itself with, at the moment when nobody else can commit. */
export interface Head {
  readonly sha256: string;
  /** Undefined where what is live is in no history. */
  readonly revision: number | undefined;
}

export type CommitProgress =
  | "lock_wait_began"
  | "lock_wait_ended"
  | "lock_acquired"
  | "backup_ended"
  | "replace_ended"
  | "lock_released";

export type CommitEnd<Held> =
  | AppliedOutcome
  /** These very bytes are live already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "held"; readonly held: Held }
  | CancelledOutcome
  | FailedOutcome;
