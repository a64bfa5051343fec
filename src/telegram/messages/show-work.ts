// Shows how far a download or a check is that lasts: by and by, one text at a time. The work never waits for it, and knows nothing of it.
import type { Work } from "../../model/upload-event.ts";

/** What ends sooner needs no more words. */
const quickMs = 2000;
/** Telegram soon refuses who edits one message more often. */
const pauseMs = 3000;

export interface ShownWork {
  /** What is worked on from now on, or how far that is; undefined for nothing. */
  isNow(work: Work | undefined): void;
  /** Resolves when nothing of it is on its way any more. */
  settled(): Promise<void>;
}

/**
 * @param begun - nothing is shown before this
 * @param show - resolves with how many milliseconds more to wait before the next, Infinity for ever; does not reject
 */
export function showWork(
  begun: Promise<void>,
  show: (work: Work, durationMs: number) => Promise<number>,
): ShownWork {
  let now: { readonly work: Work; readonly sinceMs: number } | undefined;
  let isShowing = false;
  /** When the next one may be shown. */
  let nextMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let showing = Promise.resolve();

  function wait(): void {
    clearTimeout(timer);
    if (now === undefined || isShowing || nextMs === Infinity) return;
    const dueMs = Math.max(now.sinceMs + quickMs, nextMs);
    timer = setTimeout(() => {
      showing = showNow();
    }, dueMs - performance.now());
  }

  async function showNow(): Promise<void> {
    isShowing = true;
    await begun;
    if (now !== undefined) {
      nextMs = performance.now() + pauseMs;
      const moreMs = await show(now.work, performance.now() - now.sinceMs);
      nextMs = Math.max(nextMs, performance.now() + moreMs);
    }
    isShowing = false;
    wait();
  }

  return {
    isNow(work) {
      const isSame = now?.work.kind === work?.kind;
      const sinceMs = isSame && now !== undefined ? now.sinceMs : performance.now();
      now = work && { work, sinceMs };
      if (!isSame) wait();
    },
    settled: () => showing,
  };
}
