// What is done with a scheduled change when its time has come: it is made like an upload by its author, checked again and under all rules. Where
// the bot was down and it is too late, its author is asked. Of one config they go one after another, the earliest first.
import { randomUUID } from "node:crypto";
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { StaleOutcome } from "../model/outcome.ts";
import { liveSha256Of, versionOf } from "../model/version.ts";
import type { InterruptedUpload, ConfigStore } from "../store/port.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { Place } from "../store/journal.ts";
import type { Acted } from "./deadlines.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import type { Schedule, Schedules } from "./schedules.ts";
import { describeStale } from "./stale.ts";
import type { UploadRequest } from "./upload-request.ts";
import { changesAgainst } from "./versions.ts";
import type { Uploads } from "./uploads.ts";

/** What is later than this is asked about instead. */
const lateMsMax = 15 * 60 * 1000;

/** It was not made in time, and waits for its author's word. */
export type Overdue = {
  readonly parkedId: string;
  /** Somebody changed the file since it was scheduled; undefined where nobody did. */
  readonly stale: StaleOutcome | undefined;
  /** Against what is live; null where nothing is. */
  readonly changes: Comparison | null;
};

/** Why one is not made at all. */
type Dropped =
  /** Its author may not change the config any more, or it is not managed any more. */
  | "not_allowed"
  /** Its bytes are not there any more. */
  | "lost";

export interface DueListener {
  /** Starts the change, its way shown where it waited. @returns whether it began */
  readonly start: (request: UploadRequest, schedule: Schedule) => Promise<boolean>;
  readonly onOverdue: (schedule: Schedule, live: ConfigStore, overdue: Overdue) => void;
  readonly onDropped: (schedule: Schedule, because: Dropped, fileName: string) => void;
}

export interface DueOptions extends DueListener {
  readonly schedules: Schedules;
  readonly uploads: Pick<Uploads, "decided">;
  readonly inspector: Inspector;
  readonly parked: Pick<ParkedChanges, "park">;
  /** By the rules of now. */
  readonly live: (configId: string) => ConfigStore | undefined;
  readonly mayChange: (userId: number, live: ConfigStore) => boolean;
  readonly report: (what: string, error: unknown) => void;
}

/** From now on each is acted on when it is due. */
export function followSchedules(options: DueOptions): void {
  const { schedules } = options;
  const inTurn = oneAtATime();
  schedules.follow((schedule, lateMs) =>
    inTurn(schedule.configId, () => act(schedule, lateMs, options)),
  );
}

async function act(schedule: Schedule, lateMs: number, options: DueOptions): Promise<Acted> {
  const { schedules, uploads, onDropped } = options;
  const { id, author, configId } = schedule;
  const live = options.live(configId);
  const bytes = await schedules.bytesOf(schedule);
  const isWhole = bytes !== undefined && versionOf(bytes).sha256 === schedule.sha256;
  const isAllowed = live !== undefined && options.mayChange(author.id, live);
  if (!isAllowed || !isWhole) {
    await schedules.ended(id);
    if (live !== undefined) uploads.decided(live, author.id, "cancelled");
    onDropped(schedule, isAllowed ? "lost" : "not_allowed", live?.config.fileName ?? configId);
    return "done";
  }
  return lateMs > lateMsMax
    ? ask(schedule, live, bytes, options)
    : make(schedule, live, bytes, options);
}

/** Ends when it has ended on disk: what its author sees of it may come later. */
async function make(
  schedule: Schedule,
  live: ConfigStore,
  bytes: Uint8Array,
  { schedules, start, report }: DueOptions,
): Promise<Acted> {
  const { id, author, reason, message, agreed, baseSha256 } = schedule;
  async function forget(): Promise<void> {
    try {
      await schedules.ended(id);
    } catch (error) {
      report("forgetting a scheduled change that has ended", error);
    }
  }
  let settle: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const request: UploadRequest = {
    live,
    author,
    how: "scheduled",
    purpose: "apply",
    reason,
    place: null,
    message,
    key: `${runKeyOf(id)}${randomUUID()}`,
    base: { sha256: baseSha256 },
    ...(agreed !== null && { agreed }),
    unchecked: false,
    receive: () => Promise.resolve({ kind: "received", bytes }),
    async onOutcome(outcome) {
      // The next start goes on with it.
      const goesOn = outcome.kind === "cancelled" && outcome.by === "stop";
      if (!goesOn) await forget();
      settle();
      return !goesOn;
    },
  };
  if (!(await start(request, schedule))) return "again";
  await settled;
  return "done";
}

async function ask(
  schedule: Schedule,
  live: ConfigStore,
  bytes: Uint8Array,
  { schedules, inspector, parked, onOverdue }: DueOptions,
): Promise<Acted> {
  const { id, configId, author, reason, message, baseSha256 } = schedule;
  const now = await live.readLive();
  const isStale = now !== undefined && now.sha256 !== baseSha256;
  const stale = isStale ? await describeStale(live, bytes, baseSha256, inspector) : undefined;
  const parkedId = await parked.park({
    configId,
    how: "scheduled",
    userId: author.id,
    reason,
    message,
    shownSha256: stale?.liveSha256 ?? liveSha256Of(now),
    // What it was made from is what is shown, unless it is stale: nothing is merged.
    baseSha256: stale === undefined ? null : baseSha256,
    unchecked: false,
    bytes,
  });
  await schedules.ended(id);
  const changes = await changesAgainst(now, bytes, inspector);
  onOverdue(schedule, live, {
    parkedId,
    stale: stale && { kind: "stale", parkedId, how: "scheduled", ...stale },
    changes,
  });
  return "done";
}

function runKeyOf(id: string): string {
  return `scheduled:${id}:`;
}

export interface TakenUp {
  /** Whose fate is to be told. */
  readonly interrupted: readonly InterruptedUpload[];
  /** Scheduled just before the crash: their authors may not know yet that they wait. */
  readonly unshown: readonly {
    readonly schedule: Schedule;
    readonly live: ConfigStore;
    readonly place: Place;
    readonly key: string;
  }[];
}

/**
 * Before any is acted on: of what a crash interrupted, a scheduled change that went live is over; one that did not still waits, and is not
 * told of as if it had ended.
 */
export async function takeUpSchedules(
  found: readonly InterruptedUpload[],
  schedules: Pick<Schedules, "waiting" | "ended" | "shownIn">,
  ended: (key: string) => void,
): Promise<TakenUp> {
  const interrupted: InterruptedUpload[] = [];
  const unshown: TakenUp["unshown"][number][] = [];
  const { waiting } = schedules;
  for (const each of found) {
    const { upload, entry, live, place } = each;
    const made = waiting.find(({ id }) => upload.key.startsWith(runKeyOf(id)));
    const asked = waiting.find(({ key }) => key === upload.key);
    if (made !== undefined && entry !== undefined) await schedules.ended(made.id);
    if (made !== undefined && entry === undefined) ended(upload.key);
    else if (asked === undefined) interrupted.push(each);
    else {
      const { message_id: messageId = null } = place ?? {};
      if (place !== null && messageId !== null) {
        await schedules.shownIn(asked.id, { ...place, message_id: messageId });
      }
      // One that is due already is acted on at once, which is shown.
      const isDue = Date.parse(asked.dueAt) <= Date.now();
      if (place === null || isDue) ended(upload.key);
      else unshown.push({ schedule: asked, live, place, key: upload.key });
    }
  }
  return { interrupted, unshown };
}
