// How an attempt to change a config ended. Plain JSON: worded by telegram/, counted by metrics/, kept in the journal.
import type { HistoryEntry } from "./history.ts";
import type { Problem } from "./validation/problem.ts";

export interface AppliedOutcome {
  readonly kind: "applied";
  /** The new version's line in history. */
  readonly entry: HistoryEntry;
  /** The line of the version that was replaced; null where there was none. */
  readonly replaced: HistoryEntry | null;
}

export interface FailedOutcome {
  readonly kind: "failed";
  /** `new`: the new file is in place, and what had to follow failed. */
  readonly live: "old" | "new";
  /** In plain words: for `old` why nothing was changed, for `new` what failed and why. */
  readonly reason: string;
}

export interface CancelledOutcome {
  readonly kind: "cancelled";
  /** The admin by /cancel, or the bot because it stops. */
  readonly by: "admin" | "stop";
}

/** What {@link changeConfig} can end in. */
export type ChangeOutcome =
  AppliedOutcome | { readonly kind: "unchanged" } | CancelledOutcome | FailedOutcome;

/** What an upload can end in. */
export type Outcome =
  | ChangeOutcome
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly total: number };

/** The two reasons that an upload's AbortSignal carries. */
export type StopReason = CancelledOutcome["by"];

/** @param signal - one that was aborted with a {@link StopReason} */
export function cancelledBy(signal: AbortSignal): CancelledOutcome {
  return { kind: "cancelled", by: signal.reason === "admin" ? "admin" : "stop" };
}
