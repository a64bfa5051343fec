// What happens to changes, as lines of the log: those that operators are promised by name, and what else they want to know.
import type { Logger } from "pino";
import type { DriftEvent } from "../model/drift-event.ts";
import type { FollowEvent } from "../model/follow-event.ts";
import type { KeepEvent } from "../model/keep-event.ts";
import type { ServiceEvent } from "../model/service-proof.ts";
import { refusedBecause } from "../model/trouble.ts";
import type { UploadEvent } from "../model/upload-event.ts";
import { troubleText } from "../words/trouble-words.ts";

export function logKeepEvent(logger: Logger, event: KeepEvent): void {
  const fields = { config_type: event.config.id, revision: event.revision };
  switch (event.kind) {
    case "reverted": {
      const { revision, author } = event.entry;
      const reverted = {
        reverted_by: revision,
        user_id: author?.id ?? null,
        ...(event.failure !== null && { guard: event.failure }),
      };
      logger.info({ ...fields, ...reverted }, "config_reverted");
      return;
    }
    case "asked":
      logger.warn({ ...fields, until: event.note.until, guard: event.doubt }, "config_keep_asked");
      return;
    case "kept":
      logger.info({ ...fields, user_id: event.by.id }, "config_kept");
      return;
    case "moved":
      logger.warn(fields, "config_revert_given_up");
      return;
    case "stuck":
      logger.error({ ...fields, trouble: event.trouble }, "config_revert_failed");
      return;
    case "extended":
      logger.info({ ...fields, until: event.note.until }, "config_keep_extended");
      return;
    default:
      event satisfies never;
  }
}

export function logDriftEvent(logger: Logger, event: DriftEvent): void {
  const { config, drift } = event;
  const fields = {
    config_type: config.id,
    revision: drift.before?.revision ?? null,
    sha256: drift.sha256,
  };
  switch (event.kind) {
    case "noticed":
      logger.warn({ ...fields, problems: event.problemsTotal }, "config_drift_noticed");
      return;
    case "kept":
    case "put_back":
      logger.info({ ...fields, user_id: event.by.id, end: event.kind }, "config_drift_ended");
      return;
    case "replaced":
    case "edited_again":
    case "gone":
      logger.info({ ...fields, end: event.kind }, "config_drift_ended");
      return;
    default:
      event satisfies never;
  }
}

export function logServiceEvent(logger: Logger, event: ServiceEvent): void {
  const fields = { config_type: event.configId, revision: event.revision };
  switch (event.kind) {
    case "asked":
      logger.info(fields, "config_service_asked");
      return;
    case "refused":
      logger.warn({ ...fields, ...event.fault }, "config_service_refused");
      return;
    case "ended": {
      const { end } = event;
      if (end.kind === "taken") logger.info({ ...fields, as: end.as }, "config_service_took");
      else if (end.kind === "stays")
        logger.error({ ...fields, because: end.because }, "config_revert_failed");
      else {
        const reverted = { ...fields, reverted_by: end.revision, user_id: null };
        logger.info(reverted, "config_reverted");
        if (end.again !== null)
          logger.error(
            { ...fields, revision: end.revision, ...end.again },
            "config_service_refused",
          );
      }
      return;
    }
    default:
      event satisfies never;
  }
}

/** The events that operators are promised by name; the others only count. */
export function logUploadEvent(logger: Logger, event: UploadEvent): void {
  const fields = {
    config_type: event.configId,
    user_id: event.userId,
    upload_id: event.uploadId,
  };
  switch (event.kind) {
    case "lock_acquired":
      logger.info(fields, "config_upload_lock_acquired");
      return;
    case "lock_released":
      logger.info({ ...fields, duration_ms: event.durationMs }, "config_upload_lock_released");
      return;
    case "finished":
      logger.info(
        { ...fields, outcome: event.outcome, duration_ms: event.durationMs },
        "config_upload_finished",
      );
      return;
    case "step_ended":
      logger.debug({ ...fields, step: event.step, duration_ms: event.durationMs }, "upload_step");
      return;
    case "began":
      logger.debug(fields, "upload_began");
      return;
    case "stage_ended":
    case "lock_wait_began":
    case "lock_wait_ended":
      return;
    default:
      event satisfies never;
  }
}

/** Of a machine that follows the store. */
export function logFollowEvent(logger: Logger, { configId, kind, ...facts }: FollowEvent): void {
  const isFine = kind === "written" || kind === "in_place" || kind === "live";
  logger[isFine ? "info" : "warn"]({ config_type: configId, ...facts }, `config_follow_${kind}`);
}

/**
 * Trouble that was to be expected: what was tried is tried again, or nothing depends on it.
 * @param facts - what else is known of it
 */
export function logTrouble(logger: Logger, what: string, error: unknown, facts = {}): void {
  const refusal = refusedBecause(error);
  const reason = refusal && { reason: troubleText(refusal) };
  logger.warn({ err: error, what, ...reason, ...facts }, "trouble");
}
