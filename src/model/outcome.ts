// How an attempt to change a config ended. Plain JSON; src/words/ says it.
import type { Comparison, MergeConflict, PathStep, SetBackEdit, StaleEdit } from "./comparison.ts";
import type { Excess } from "./excess.ts";
import type { GuardFailure } from "./guard.ts";
import type { Author, Revision } from "./revision.ts";
import type { Trouble } from "./trouble.ts";
import type { Problem } from "./problem.ts";
import type { PutBack, Taken } from "./service-proof.ts";

export interface AppliedOutcome {
  readonly kind: "applied";
  /** The new version's line in history. */
  readonly entry: Revision;
  /** The line of the version that was replaced; null where there was none. */
  readonly replaced: Revision | null;
}

/** Somebody changed the file since this admin took it, or was shown it. Nothing was changed. */
export interface StaleChange {
  readonly kind: "stale";
  /** What is live now. */
  readonly liveSha256: string;
}

export interface FailedOutcome {
  readonly kind: "failed";
  /** `new`: the new file is in place, and what had to follow failed. */
  readonly live: "old" | "new";
  /** For `old` why nothing was changed, for `new` what failed and why. */
  readonly trouble: Trouble;
}

export interface CancelledOutcome {
  readonly kind: "cancelled";
  /** The admin by /cancel, or the bot because it stops. */
  readonly by: "admin" | "stop";
}

/** A stale upload is kept, so that its admin may still apply it. */
export interface StaleOutcome {
  readonly kind: "stale";
  readonly parkedId: string;
  /** What was asked for. */
  readonly how: Revision["how"];
  /** The version that is live; null where it was changed on disk and is not in history yet. */
  readonly live: Revision | null;
  /** When it was changed on disk, ISO 8601, where it is not in history yet. */
  readonly changedOnDiskAt: string | null;
  /** What others changed since, and this upload would undo; null where that is not known. */
  readonly undone: StaleEdit["undone"];
  /** Both edits can be joined. */
  readonly mergeable: boolean;
  /** What both edits touch, differently: the first ones of `conflictsTotal`. */
  readonly conflicts: readonly MergeConflict[];
  readonly conflictsTotal: number;
}

/** Something stands in the way of every change of this config. Nothing was changed. */
export interface BlockedOutcome {
  readonly kind: "blocked";
  readonly why:
    | {
        readonly kind: "frozen";
        readonly by: Author;
        /** ISO 8601; null without an end. */
        readonly until: string | null;
        readonly reason: string | null;
      }
    | {
        readonly kind: "keep_pending";
        /** Whose change waits. */
        readonly by: Author;
        /** The revision that waits. */
        readonly revision: number;
        /** When it goes back by itself, ISO 8601. */
        readonly until: string;
      }
    /** It was to wait for its time, which has come meanwhile, or as many wait for this config as may. */
    | {
        readonly kind: "not_schedulable";
        readonly because: "past" | "too_many";
        readonly max: number;
      };
}

/** What an admin must type to go on with a change beyond a limit. */
export interface Confirmation {
  /** Of the first value beyond its limit; empty where the file as a whole is meant. */
  readonly path: readonly PathStep[];
  /** It is no more: its name is asked for. */
  readonly isRemoved: boolean;
  /** Any of them will do. */
  readonly answers: readonly string[];
}

/** It may go live when somebody has agreed to it. Nothing was changed yet. */
export interface PendingOutcome {
  readonly kind: "pending";
  /** By which its buttons know it. */
  readonly id: string;
  readonly reason: string | null;
  /** When it is to be made, where that is later; ISO 8601, UTC. */
  readonly dueAt: string | null;
  /** Against the live version; null where there is none. */
  readonly changes: Comparison | null;
  /** What it moves beyond a limit: the first ones of `excessesTotal`. */
  readonly excesses: readonly Excess[];
  readonly excessesTotal: number;
  readonly waitsFor:
    | { readonly kind: "confirmation"; readonly confirmation: Confirmation }
    /** Its guard fails already: its author says whether it is to go on. */
    | { readonly kind: "guard"; readonly failure: GuardFailure }
    | {
        readonly kind: "approval";
        /** How many people must approve. */
        readonly needed: number;
        readonly given: readonly Author[];
        /** ISO 8601. */
        readonly until: string;
      };
}

/** It waits for its time. Nothing was changed yet. */
export interface ScheduledOutcome {
  readonly kind: "scheduled";
  readonly scheduleId: string;
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  readonly reason: string | null;
  /** Those who have approved it. */
  readonly approvedBy: readonly Author[];
  /** The change that is due before it, and that it is based on; null where that is what is live. */
  readonly after: { readonly author: Author; readonly dueAt: string } | null;
  /** Against that; null where there is nothing to compare with. */
  readonly changes: Comparison | null;
}

/** Only a check was asked for, and the file is valid. */
export interface CheckedOutcome {
  readonly kind: "checked";
  /** Against the live file, null where there is none. */
  readonly changes: Comparison | null;
  /** What it would meet if it were set now; `needed` people to approve it, or with 0 a word of its author. Null for nothing. */
  readonly held:
    | Pick<BlockedOutcome, "kind" | "why">
    | (Pick<PendingOutcome, "kind" | "excesses" | "excessesTotal"> & { readonly needed: number })
    | null;
}

/** It went live, its service did not take it, and the version before is live again. */
export interface RevertedOutcome {
  readonly kind: "reverted";
  /** The line of history of what was taken back. */
  readonly entry: Revision;
  readonly end: PutBack;
  /** What it would have changed; null where there is nothing to compare with. */
  readonly changes: Comparison | null;
}

/** How long a change waits for Keep. */
export interface KeepNote {
  /** The revision that it goes back to. */
  readonly backTo: number;
  /** When it does so by itself, ISO 8601. */
  readonly until: string;
  /** It may be given more time. */
  readonly mayExtend: boolean;
}

/** It was made without a look at what is live, and took back what somebody else had just changed. */
export interface SetBack extends SetBackEdit {
  /** Whose change that was. */
  readonly of: Author;
}

/** What an upload can end in. */
export type Outcome =
  | (AppliedOutcome & {
      readonly changes: Comparison | null;
      /** For an undo the revision that it took back, for a rollback the one that it went back to; null where that is not known. */
      readonly restored: number | null;
      /** It holds what the version replaced had: the two edits were joined. */
      readonly merged: boolean;
      /** null where it took back nothing unseen. */
      readonly setBack: SetBack | null;
      /** It goes back by itself unless somebody keeps it; null where it stays. */
      readonly keep: KeepNote | null;
      /** null where its service is not asked. */
      readonly service: Taken | null;
    })
  | RevertedOutcome
  | { readonly kind: "unchanged" }
  | StaleOutcome
  | BlockedOutcome
  | PendingOutcome
  | ScheduledOutcome
  | CancelledOutcome
  | FailedOutcome
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly total: number }
  | CheckedOutcome;

/** The two reasons that an upload's AbortSignal carries. */
export type StopReason = CancelledOutcome["by"];

/** @param signal - one that was aborted with a {@link StopReason} */
export function cancelledBy(signal: AbortSignal): CancelledOutcome {
  return { kind: "cancelled", by: signal.reason === "admin" ? "admin" : "stop" };
}

/** Why something that waited for a button waits no more. */
export type GivenUpBecause = "too_many" | "too_old";
