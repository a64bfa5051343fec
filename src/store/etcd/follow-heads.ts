// Notices what others commit. A watch only says when to look sooner: a node that hangs is silent for ever, so the heads are read every
// two seconds in any case. It starts from now and never from a revision, which may be compacted.
import { setTimeout as sleep } from "node:timers/promises";
import { refusedBecause } from "../../model/trouble.ts";
import type { Gateway } from "./gateway.ts";
import { everything, type KeyValue, type Kv, prefixEnd } from "./kv.ts";

const lookEveryMs = 2000;
/** Before the next endpoint is asked for a watch. */
const watchAgainMs = 1000;
/** Of a kilobyte or two each. */
const headsPerPage = 500;

export interface Following {
  close(): Promise<void>;
}

/** @param onHead - told of each head at each look; says whether it is news */
export function followHeads(
  { gateway, kv, heads }: { readonly gateway: Gateway; readonly kv: Kv; readonly heads: string },
  onHead: (head: KeyValue) => Promise<boolean>,
  report: (what: string, error: unknown) => void,
): Following {
  const closing = new AbortController();
  const { signal } = closing;
  let hint = new AbortController();
  let watching = new AbortController();

  async function pause(ms: number, until: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal: until }).catch(() => {
      // It is over sooner.
    });
  }

  async function look(): Promise<void> {
    const before = hint;
    hint = new AbortController();
    let isNews = false;
    for await (const head of everything(kv, heads, { limit: headsPerPage, signal })) {
      if (await onHead(head)) isNews = true;
    }
    // A watch that did not say so hangs, or is about to say it: another one does no harm.
    if (isNews && !before.signal.aborted && !hint.signal.aborted) watching.abort();
  }

  async function lookAgainAndAgain(): Promise<void> {
    while (!signal.aborted) {
      try {
        await look();
      } catch (error) {
        if (refusedBecause(error) === undefined) throw error;
        if (!signal.aborted) report("looking for what others changed", error);
      }
      await pause(lookEveryMs, AbortSignal.any([signal, hint.signal]));
    }
  }

  async function watch(): Promise<void> {
    watching = new AbortController();
    const ending = AbortSignal.any([signal, watching.signal]);
    const request = { create_request: { key: base64(heads), range_end: base64(prefixEnd(heads)) } };
    const answer = await gateway.stream("/v3/watch", request, ending);
    const end = (): void => void answer.destroy();
    ending.addEventListener("abort", end);
    // Whatever comes is reason enough to look: what it says is not read.
    for await (const _ of answer) hint.abort();
  }

  async function watchAgainAndAgain(): Promise<void> {
    while (!signal.aborted) {
      try {
        await watch();
      } catch {
        // It is only a hint; that etcd does not answer is told by the looks.
      }
      await pause(watchAgainMs, signal);
    }
  }

  const done = Promise.all([lookAgainAndAgain(), watchAgainAndAgain()]);
  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
