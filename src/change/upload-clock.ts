// How long each step of an upload took, told as events.
import type { CommitProgress } from "../store/port.ts";
import type { UploadEvent, UploadStep } from "../model/upload-event.ts";

/** Tells how long each step of one upload took. */
interface StepClock {
  /** Tells the time since the last step ended, or since {@link restart}. */
  ended(step: UploadStep): void;
  restart(): void;
}

export function startClock(tell: (step: UploadStep, durationMs: number) => void): StepClock {
  let sinceMs = performance.now();
  return {
    ended(step) {
      const nowMs = performance.now();
      tell(step, nowMs - sinceMs);
      sinceMs = nowMs;
    },
    restart() {
      sinceMs = performance.now();
    },
  };
}

type Origin = Pick<UploadEvent, "configId" | "userId" | "uploadId">;

/** Turns the progress of a change into events with their durations. */
export function changeEvents(
  origin: Origin,
  steps: StepClock,
  onEvent: (event: UploadEvent) => void,
): (progress: CommitProgress) => void {
  let waitBeganMs = 0;
  let acquiredMs = 0;
  return (progress) => {
    const nowMs = performance.now();
    switch (progress) {
      case "lock_wait_began":
        waitBeganMs = nowMs;
        steps.restart();
        onEvent({ kind: "lock_wait_began", ...origin });
        return;
      case "lock_wait_ended":
        onEvent({ kind: "lock_wait_ended", ...origin });
        return;
      case "lock_acquired":
        acquiredMs = nowMs;
        steps.ended("lock_wait");
        onEvent({ kind: "lock_acquired", ...origin });
        return;
      case "backup_ended":
        steps.ended("backup");
        return;
      case "replace_ended":
        steps.ended("replace");
        return;
      case "lock_released": {
        const stage = "locked_section";
        onEvent({ kind: "lock_released", durationMs: nowMs - acquiredMs, ...origin });
        onEvent({ kind: "stage_ended", stage, durationMs: nowMs - waitBeganMs, ...origin });
        return;
      }
      default:
        progress satisfies never;
    }
  };
}
