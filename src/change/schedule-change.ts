// Has a change wait for its time, instead of making it now.
import type { Inspector } from "../model/inspector.ts";
import type { Outcome } from "../model/outcome.ts";
import { liveSha256Of, type Version } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import { type Schedule, type Schedules, schedulesPerConfigMax } from "./schedules.ts";
import type { UploadRequest } from "./upload-request.ts";

type ChangeToCome = Pick<
  UploadRequest,
  "live" | "author" | "reason" | "message" | "agreed" | "key"
>;

interface ScheduleContext {
  readonly schedules: Pick<Schedules, "add" | "lastBefore" | "bytesOf">;
  readonly inspector: Inspector;
}

/**
 * Bound to what will be live by then, as far as that is known: what another that is due earlier makes of it, otherwise what is live now.
 * @param candidate - already validated
 * @param dueAt - ISO 8601, UTC
 */
export async function scheduleChange(
  { live, author, reason, message, agreed, key }: ChangeToCome,
  candidate: Version,
  dueAt: string,
  { schedules, inspector }: ScheduleContext,
): Promise<Outcome> {
  const { id: configId } = live.config;
  if (Date.parse(dueAt) <= Date.now()) return notSchedulable("past");
  const before = schedules.lastBefore(configId, dueAt);
  const now = await live.readLive();
  if (before === undefined && now?.sha256 === candidate.sha256) return { kind: "unchanged" };
  const base = before === undefined ? now?.bytes : await schedules.bytesOf(before);
  const changes = base === undefined ? null : await inspector.compare(base, candidate.bytes);
  const added = await schedules.add({
    configId,
    author,
    reason,
    message,
    agreed: agreed === undefined ? null : [...agreed],
    key,
    dueAt,
    version: candidate,
    baseSha256: before?.sha256 ?? liveSha256Of(now),
  });
  if (added === undefined) return notSchedulable("too_many");
  const after = before === undefined ? null : { author: before.author, dueAt: before.dueAt };
  const approvedBy = agreed ?? [];
  return { kind: "scheduled", scheduleId: added.id, dueAt, reason, approvedBy, after, changes };
}

export function notSchedulable(because: "past" | "too_many"): Outcome {
  return { kind: "blocked", why: { kind: "not_schedulable", because, max: schedulesPerConfigMax } };
}

export interface ScheduleChanges {
  /** What it is bound to. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The change that is due before it, and that it is based on. */
  readonly basedOn: { readonly author: Schedule["author"]; readonly dueAt: string } | null;
}

/** What a waiting change does to what it is bound to, or where that is gone to the live file. @returns undefined where its bytes are gone */
export async function changesOfSchedule(
  live: ConfigReader,
  schedule: Schedule,
  schedules: Pick<Schedules, "waiting" | "bytesOf">,
): Promise<ScheduleChanges | undefined> {
  const after = await schedules.bytesOf(schedule);
  if (after === undefined) return undefined;
  const now = await live.readLive();
  const other =
    now?.sha256 === schedule.baseSha256
      ? undefined
      : schedules.waiting.findLast(
          ({ id, configId, sha256, dueAt }) =>
            id !== schedule.id &&
            configId === schedule.configId &&
            sha256 === schedule.baseSha256 &&
            dueAt <= schedule.dueAt,
        );
  const before = other && (await schedules.bytesOf(other));
  return {
    before: before ?? now?.bytes ?? Buffer.of(),
    after,
    basedOn: other !== undefined && before !== undefined ? other : null,
  };
}
