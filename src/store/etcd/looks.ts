// Looks for what others wrote, again and again. A watch only says when to look sooner: a node that hangs is silent for ever, so there is
// a look every two seconds in any case. It starts from now and never from a revision, which may be compacted.
import { refusedBecause } from "../../model/trouble.ts";
import type { Gateway } from "./gateway.ts";
import { base64, prefixEnd } from "./kv.ts";
import { pause } from "../../model/pause.ts";

/** From the beginning of one look to that of the next. */
const lookEveryMs = 2000;
/** Before the next endpoint is asked for a watch. */
const watchAgainMs = 1000;

export interface Looks {
  /** The next look comes at once, or as soon as the one that is under way is over. */
  hurry(): void;
  close(): Promise<void>;
}

interface LooksOptions {
  readonly gateway: Gateway;
  /** Whatever is written below these is a reason to look. */
  readonly prefixes: readonly string[];
  /** At the least, between the beginnings of two looks; 0 where nothing is said. */
  readonly apartMs?: number;
  /** Looks once; says whether it found news. */
  readonly look: (signal: AbortSignal) => Promise<boolean>;
  readonly report: (what: string, error: unknown) => void;
}

export function lookAgainAndAgain({
  gateway,
  prefixes,
  apartMs = 0,
  look,
  report,
}: LooksOptions): Looks {
  const closing = new AbortController();
  const { signal } = closing;
  let hint = new AbortController();
  let watching = new AbortController();

  async function lookOnce(): Promise<void> {
    const before = hint;
    hint = new AbortController();
    const isNews = await look(signal);
    // A watch that did not say so hangs, or is about to say it: another one does no harm.
    if (isNews && !before.signal.aborted && !hint.signal.aborted) watching.abort();
  }

  async function lookOnAndOn(): Promise<void> {
    while (!signal.aborted) {
      const beganMs = performance.now();
      try {
        await lookOnce();
      } catch (error) {
        if (refusedBecause(error) === undefined) throw error;
        if (!signal.aborted) report("looking for what others changed", error);
      }
      const leftMs = (everyMs: number): number =>
        Math.max(0, beganMs + everyMs - performance.now());
      await pause(leftMs(lookEveryMs), AbortSignal.any([signal, hint.signal]));
      await pause(leftMs(apartMs), signal);
    }
  }

  async function watch(): Promise<void> {
    watching = new AbortController();
    const ending = AbortSignal.any([signal, watching.signal]);
    const requests = prefixes.map((prefix) => ({
      create_request: { key: base64(prefix), range_end: base64(prefixEnd(prefix)) },
    }));
    const answer = await gateway.stream("/v3/watch", requests, ending);
    const end = (): void => void answer.destroy();
    ending.addEventListener("abort", end);
    // Whatever comes is reason enough to look: what it says is not read.
    for await (const _ of answer) hint.abort();
  }

  async function watchOnAndOn(): Promise<void> {
    while (!signal.aborted) {
      try {
        await watch();
      } catch {
        // It is only a hint; that etcd does not answer is told by the looks.
      }
      await pause(watchAgainMs, signal);
    }
  }

  const done = Promise.all([lookOnAndOn(), watchOnAndOn()]);
  return {
    hurry: () => hint.abort(),
    async close() {
      closing.abort();
      await done;
    },
  };
}
