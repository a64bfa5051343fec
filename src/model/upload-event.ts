// What happens during one upload, in order, told to whoever listens: the log, the metrics, the progress message.
import type { ConfigId } from "./config-id.ts";

/** Every way that an attempt can end, in the order in which they are documented. */
export const outcomeKinds = [
  "applied",
  "unchanged",
  "invalid",
  "stale",
  "cancelled",
  "failed",
  "pending",
  "rejected",
  "reverted",
  "blocked",
] as const;
type OutcomeKind = (typeof outcomeKinds)[number];

/** `validation` is download and validation; `locked_section` is waiting for the lock, backup and replacement. */
export const uploadStages = ["validation", "locked_section"] as const;
type UploadStage = (typeof uploadStages)[number];

export const uploadSteps = ["download", "check", "lock_wait", "backup", "replace"] as const;
export type UploadStep = (typeof uploadSteps)[number];

export type UploadEvent = {
  readonly configId: ConfigId;
  readonly userId: number;
  readonly uploadId: string;
} & (
  | { readonly kind: "began" }
  | { readonly kind: "step_ended"; readonly step: UploadStep; readonly durationMs: number }
  | { readonly kind: "stage_ended"; readonly stage: UploadStage; readonly durationMs: number }
  | { readonly kind: "lock_wait_began" }
  /** The lock was acquired, or the waiting was given up. */
  | { readonly kind: "lock_wait_ended" }
  | { readonly kind: "lock_acquired" }
  /** `durationMs` since it was acquired. */
  | { readonly kind: "lock_released"; readonly durationMs: number }
  /** `durationMs` since the upload began. */
  | { readonly kind: "finished"; readonly outcome: OutcomeKind; readonly durationMs: number }
);

/** What takes its time before the lock. */
export type Work =
  | {
      readonly kind: "download";
      readonly arrivedBytes: number;
      /** Undefined where nobody told. */
      readonly sizeBytes: number | undefined;
    }
  | { readonly kind: "check" };
