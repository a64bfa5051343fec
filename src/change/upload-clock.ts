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
        onEvent({ ...origin, kind: "lock_wait_began" });
        return;
      case "lock_wait_ended":
        onEvent({ ...origin, kind: "lock_wait_ended" });
        return;
      case "lock_acquired":
        acquiredMs = nowMs;
        steps.ended("lock_wait");
        onEvent({ ...origin, kind: "lock_acquired" });
        return;
      case "backup_ended":
        steps.ended("backup");
        return;
      case "replace_ended":
        steps.ended("replace");
        return;
      case "lock_released": {
        const stage = "locked_section";
        onEvent({ ...origin, kind: "lock_released", durationMs: nowMs - acquiredMs });
        onEvent({ ...origin, kind: "stage_ended", stage, durationMs: nowMs - waitBeganMs });
        return;
      }
      default:
        progress satisfies never;
    }
  };
}
