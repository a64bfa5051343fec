// Uploads as jobs of their own: received, validated, and handed to the write path, while the chat goes on. Each can be
// cancelled until it has the lock. Knows nothing of Telegram: how a document arrives is the caller's.
import { randomUUID } from "node:crypto";
import { sha256Of } from "../disk/read-file.ts";
import { changeConfig, type ChangeProgress } from "./change-config.ts";
import type { Author, MessageReference } from "./history.ts";
import { type LiveConfig, readLive } from "./live-config.ts";
import { cancelledBy, type Outcome, type StopReason } from "./outcome.ts";
import { createRecentSet } from "./recent-set.ts";
import type { UploadEvent, UploadStep } from "./upload-event.ts";
import type { Inspector } from "./inspector.ts";

/** More at once from one person is a mistake or an attack; the answer says to wait. */
const uploadsPerPersonMax = 50;
/** The messages of so many ended uploads are remembered, so that one delivered twice is not handled twice. */
const endedMessagesMax = 1000;

export type Received =
  | { readonly kind: "received"; readonly bytes: Uint8Array }
  /** The document itself is at fault: too large, say. Told as its one problem. */
  | { readonly kind: "refused"; readonly problem: string }
  /** The way to it is at fault. In plain words. */
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "aborted" };

export interface UploadRequest {
  readonly live: LiveConfig;
  readonly author: Author;
  readonly reason: string | null;
  readonly message: MessageReference;
  /** Fetches the document; ends early with `aborted` when the signal is. */
  receive(signal: AbortSignal): Promise<Received>;
}

/** Shows one upload's way. Nothing waits for {@link UploadWatcher.saving}. */
export interface UploadWatcher {
  /** @param holder - who else holds the lock at this moment */
  saving(holder: Author | undefined): void;
  /** The upload's job ends when this resolves; it does not reject. */
  finished(outcome: Outcome): Promise<void>;
}

type UploadStart =
  | { readonly kind: "started" }
  /** This very message is being handled, or was. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "too_many"; readonly max: number };

export interface RunningUpload {
  readonly live: LiveConfig;
  /** Has the lock: it can no longer be stopped. */
  readonly saving: boolean;
}

export interface Uploads {
  /** @param watch - called once, when the upload does start */
  start(request: UploadRequest, watch: () => UploadWatcher): UploadStart;
  /** Ends this person's uploads from this chat, but those that save already. @returns all that ran */
  cancel(chatId: number, userId: number): readonly RunningUpload[];
  /** Ends what has no lock yet, and resolves when every upload's last word was said. */
  stop(): Promise<void>;
}

export interface UploadsOptions {
  readonly inspector: Inspector;
  readonly backupsMax: number;
  readonly onEvent: (event: UploadEvent) => void;
  /** For bugs: the admin is told what is live, the operator why. */
  readonly onBug: (error: unknown, uploadId: string) => void;
}

interface Job {
  readonly request: UploadRequest;
  readonly controller: AbortController;
  saving: boolean;
  done: Promise<void>;
}

export function createUploads(options: UploadsOptions): Uploads {
  const jobs = new Set<Job>();
  const endedMessages = createRecentSet<string>(endedMessagesMax);
  let stopping = false;

  function abort(job: Job, reason: StopReason): void {
    job.controller.abort(reason);
  }

  return {
    start(request, watch) {
      const { author, live, message } = request;
      const key = `${message.chat_id}:${message.message_id}`;
      const known =
        [...jobs].some((job) => sameMessage(job.request.message, message)) ||
        endedMessages.has(key) ||
        live.history.hasMessage(message);
      if (known) return { kind: "duplicate" };
      if (countOf(jobs, author) >= uploadsPerPersonMax) {
        return { kind: "too_many", max: uploadsPerPersonMax };
      }
      const job: Job = {
        request,
        controller: new AbortController(),
        saving: false,
        done: Promise.resolve(),
      };
      jobs.add(job);
      job.done = runUpload(job, watch(), options).finally(() => {
        jobs.delete(job);
        endedMessages.add(key);
      });
      if (stopping) abort(job, "stop");
      return { kind: "started" };
    },
    cancel(chatId, userId) {
      const theirs = [...jobs].filter(
        ({ request }) => request.message.chat_id === chatId && request.author.id === userId,
      );
      const running = theirs.map(({ request, saving }) => ({ live: request.live, saving }));
      for (const job of theirs) abort(job, "admin");
      return running;
    },
    async stop() {
      stopping = true;
      for (const job of jobs) abort(job, "stop");
      while (jobs.size > 0) await Promise.all([...jobs].map((job) => job.done));
    },
  };
}

function sameMessage(one: MessageReference, other: MessageReference): boolean {
  return one.chat_id === other.chat_id && one.message_id === other.message_id;
}

function countOf(jobs: ReadonlySet<Job>, author: Author): number {
  return [...jobs].filter(({ request }) => request.author.id === author.id).length;
}

async function runUpload(
  job: Job,
  watcher: UploadWatcher,
  { inspector, backupsMax, onEvent, onBug }: UploadsOptions,
): Promise<void> {
  const { request, controller } = job;
  const { live, author } = request;
  const uploadId = randomUUID();
  const origin = { configId: live.config.id, userId: author.id, uploadId };
  const beganAt = performance.now();
  let bytes: Uint8Array | undefined;

  onEvent({ ...origin, kind: "began" });
  const steps = startClock((step, durationMs) => {
    onEvent({ ...origin, kind: "step_ended", step, durationMs });
  });

  /** With no lock held. @returns the bytes, or how the upload ended without them */
  async function receiveAndCheck(signal: AbortSignal): Promise<Uint8Array | Outcome> {
    const received = await request.receive(signal);
    steps.ended("download");
    switch (received.kind) {
      case "received": {
        const validation = await inspector.check(received.bytes, live.config.schema, signal);
        steps.ended("check");
        if (validation.kind === "aborted") return cancelledBy(signal);
        return validation.kind === "invalid" ? validation : received.bytes;
      }
      case "aborted":
        return cancelledBy(signal);
      case "failed":
        return { kind: "failed", live: "old", reason: received.reason };
      case "refused":
        return invalidAsAWhole(received.problem);
      default:
        return received satisfies never;
    }
  }

  async function attempt(signal: AbortSignal): Promise<Outcome> {
    const checked = await receiveAndCheck(signal);
    const durationMs = performance.now() - beganAt;
    onEvent({ ...origin, kind: "stage_ended", stage: "validation", durationMs });
    if ("kind" in checked) return checked;
    bytes = checked;
    const others = (): Author | undefined =>
      live.lock.holder?.id === author.id ? undefined : live.lock.holder;
    watcher.saving(others());
    const onProgress = changeEvents(origin, steps, onEvent);
    return changeConfig(
      live,
      { bytes, how: "upload", author, reason: request.reason, message: request.message },
      {
        signal,
        backupsMax,
        onProgress: (progress) => {
          if (progress === "lock_wait_began" && others() !== undefined) watcher.saving(others());
          if (progress === "lock_acquired") job.saving = true;
          onProgress(progress);
        },
      },
    );
  }

  let outcome: Outcome;
  try {
    outcome = await attempt(controller.signal);
  } catch (error) {
    onBug(error, uploadId);
    outcome = await afterBug(live, bytes);
  }
  onEvent({
    ...origin,
    kind: "finished",
    outcome: outcome.kind,
    durationMs: performance.now() - beganAt,
  });
  await watcher.finished(outcome);
}

function invalidAsAWhole(message: string): Outcome {
  return {
    kind: "invalid",
    problems: [{ line: null, column: null, path: "", message }],
    total: 1,
  };
}

/** Even after a bug, what the admin is told is what is true on disk. */
async function afterBug(live: LiveConfig, bytes: Uint8Array | undefined): Promise<Outcome> {
  const reason = "an unexpected error, which the log tells more about";
  const now = await readLive(live).catch(() => undefined);
  const replaced = bytes !== undefined && now?.sha256 === sha256Of(bytes);
  return replaced
    ? { kind: "failed", live: "new", reason: `finishing failed: ${reason}` }
    : { kind: "failed", live: "old", reason };
}

interface Clock {
  /** Tells the time since the last step ended, or since {@link restart}. */
  ended(step: UploadStep): void;
  restart(): void;
}

function startClock(tell: (step: UploadStep, durationMs: number) => void): Clock {
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
function changeEvents(
  origin: Origin,
  steps: Clock,
  onEvent: (event: UploadEvent) => void,
): (progress: ChangeProgress) => void {
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
