// Uploads as jobs of their own: received, validated, and handed to the write path, while the chat goes on. Each can be
// cancelled until it has the lock. Knows nothing of Telegram: how a document arrives is the caller's.
import { randomUUID } from "node:crypto";
import type { Author } from "../model/revision.ts";
import type { Journal, Place } from "../store/journal.ts";
import type { ConfigStore } from "../store/port.ts";
import type { StopReason } from "../model/outcome.ts";
import { runUpload, type UploadContext } from "./upload-job.ts";
import type { UploadRequest, UploadWatcher } from "./upload-request.ts";

/** More at once from one person is a mistake or an attack; the answer says to wait. */
const uploadsPerPersonMax = 50;

type UploadStart =
  /** `journaled` resolves when a crash can no longer make the upload forgotten, or the disk refused to write it down. */
  | { readonly kind: "started"; readonly journaled: Promise<void> }
  /** This very request is being handled, or was. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "too_many"; readonly max: number };

interface RunningUpload {
  readonly live: ConfigStore;
  /** Has the lock: it can no longer be stopped. */
  readonly saving: boolean;
}

/** A wish that uploads end, in force until it is closed. */
export interface Cancellation {
  /** All that it has come upon so far. */
  readonly met: readonly RunningUpload[];
  close(): void;
}

export interface Uploads {
  /** @param watch - called once, when the upload does start; it tells in which message its way is shown */
  start(
    request: UploadRequest,
    watch: (onShown: (place: Place) => void) => UploadWatcher,
  ): UploadStart;
  /**
   * Ends this person's uploads from this chat, but those that save already. Until it is closed that befalls those too that
   * start later and were asked for before it, such as a document that still waits for its turn.
   */
  cancel(chatId: number, userId: number, arrival: number): Cancellation;
  /** Counts an upload that waited for somebody as what it became, where that was no attempt. */
  decided(live: ConfigStore, userId: number, outcome: "cancelled" | "rejected"): void;
  /** Ends what has no lock yet, and resolves when every upload's last word was said. */
  stop(): Promise<void>;
  /** Ends what has no lock yet, and resolves when every save that has begun has ended on disk, told or not. */
  finishSaves(): Promise<void>;
}

interface OpenCancellation {
  readonly met: RunningUpload[];
  readonly isFor: (request: UploadRequest) => boolean;
  readonly arrival: number;
}

interface Job {
  readonly request: UploadRequest;
  readonly controller: AbortController;
  /** Undefined until it has the lock; resolves when it has ended on disk. */
  saving: Promise<unknown> | undefined;
  done: Promise<void>;
}

export function createUploads(context: UploadContext): Uploads {
  const jobs = new Set<Job>();
  const cancellations = new Set<OpenCancellation>();
  let stopping = false;

  function abort(job: Job, reason: StopReason): void {
    job.controller.abort(reason);
  }

  function cancelJob(job: Job, { met }: OpenCancellation): void {
    met.push({ live: job.request.live, saving: job.saving !== undefined });
    abort(job, "admin");
  }

  function endAll(): void {
    stopping = true;
    for (const job of jobs) abort(job, "stop");
  }

  return {
    start(request, watch) {
      const { author, live, message, key } = request;
      const known = context.journal.knows(key) || (message !== null && live.hasMessage(message));
      if (known) return { kind: "duplicate" };
      if (countOf(jobs, author) >= uploadsPerPersonMax) {
        return { kind: "too_many", max: uploadsPerPersonMax };
      }
      const job: Job = {
        request,
        controller: new AbortController(),
        saving: undefined,
        done: Promise.resolve(),
      };
      jobs.add(job);
      const onSaving = (ended: Promise<unknown>): void => {
        job.saving = ended;
      };
      const journaled = began(request, context.journal);
      // An upload that ends before it comes to the disk does not care.
      const settled = journaled.catch((error: unknown) => {
        context.report(`${live.config.path}: writing to the journal`, error);
      });
      job.done = runUpload(
        request,
        journaled,
        job.controller.signal,
        onSaving,
        watch((place) => context.journal.shown(key, place)),
        context,
      ).finally(() => {
        jobs.delete(job);
      });
      for (const cancellation of cancellations) {
        const isEarlier = (request.arrival ?? Infinity) < cancellation.arrival;
        if (isEarlier && cancellation.isFor(request)) cancelJob(job, cancellation);
      }
      if (stopping) abort(job, "stop");
      return { kind: "started", journaled: settled };
    },
    cancel(chatId, userId, arrival) {
      const cancellation: OpenCancellation = {
        met: [],
        isFor: ({ place, author }) => place?.chat_id === chatId && author.id === userId,
        arrival,
      };
      for (const job of jobs) {
        if (cancellation.isFor(job.request)) cancelJob(job, cancellation);
      }
      cancellations.add(cancellation);
      return { met: cancellation.met, close: () => cancellations.delete(cancellation) };
    },
    decided({ config }, userId, outcome) {
      const origin = { configId: config.id, userId, uploadId: randomUUID() };
      context.onEvent({ ...origin, kind: "finished", outcome, durationMs: 0 });
    },
    async finishSaves() {
      endAll();
      await Promise.allSettled([...jobs].map(async ({ saving }) => saving));
    },
    async stop() {
      endAll();
      while (jobs.size > 0) await Promise.all([...jobs].map((job) => job.done));
    },
  };
}

function began(
  { key, live, how, author, agreed = [], reason, message, place }: UploadRequest,
  journal: Journal,
): Promise<void> {
  const { id, fileName } = live.config;
  const approved = agreed.length === 0 ? {} : { approved_by: [...agreed] };
  const change = { how, author, ...approved, reason, message };
  return journal.began({ key, config: id, file: fileName, ...change, place });
}

function countOf(jobs: ReadonlySet<Job>, author: Author): number {
  return [...jobs].filter(({ request }) => request.author.id === author.id).length;
}
