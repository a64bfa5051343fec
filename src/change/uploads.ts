// Uploads as jobs of their own: received, validated, and handed to the write path, while the chat goes on. Each can be
// cancelled until it has the lock. Knows nothing of Telegram: how a document arrives is the caller's.
import type { Author } from "./history.ts";
import type { LiveConfig } from "./live-config.ts";
import type { StopReason } from "./outcome.ts";
import { createRecentSet } from "./recent-set.ts";
import {
  runUpload,
  type UploadContext,
  type UploadRequest,
  type UploadWatcher,
} from "./upload-job.ts";

/** More at once from one person is a mistake or an attack; the answer says to wait. */
const uploadsPerPersonMax = 50;
/** The keys of so many ended uploads are remembered, so that one delivered twice is not handled twice. */
const endedKeysMax = 1000;

type UploadStart =
  | { readonly kind: "started" }
  /** This very request is being handled, or was. */
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

interface Job {
  readonly request: UploadRequest;
  readonly controller: AbortController;
  saving: boolean;
  done: Promise<void>;
}

export function createUploads(context: UploadContext): Uploads {
  const jobs = new Set<Job>();
  const endedKeys = createRecentSet<string>(endedKeysMax);
  let stopping = false;

  function abort(job: Job, reason: StopReason): void {
    job.controller.abort(reason);
  }

  return {
    start(request, watch) {
      const { author, live, message, key } = request;
      const known =
        [...jobs].some((job) => job.request.key === key) ||
        endedKeys.has(key) ||
        (message !== null && live.history.hasMessage(message));
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
      const onSaving = (): void => {
        job.saving = true;
      };
      job.done = runUpload(request, job.controller.signal, onSaving, watch(), context).finally(
        () => {
          jobs.delete(job);
          endedKeys.add(key);
        },
      );
      if (stopping) abort(job, "stop");
      return { kind: "started" };
    },
    cancel(chatId, userId) {
      const theirs = [...jobs].filter(
        ({ request }) => request.chatId === chatId && request.author.id === userId,
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

function countOf(jobs: ReadonlySet<Job>, author: Author): number {
  return [...jobs].filter(({ request }) => request.author.id === author.id).length;
}
