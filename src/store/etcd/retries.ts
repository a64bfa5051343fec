// Writes that etcd refused and that must be made all the same: tried again until they are made, or nobody wants them any more.
import { refusedBecause } from "../../model/trouble.ts";
import { pause } from "../../model/pause.ts";

const retryMs = 2000;

export interface Retries {
  /** From now on this is tried again. */
  add(key: string): void;
  /** It was made, or is about to be tried by somebody else. */
  remove(key: string): void;
  /** Nothing is tried any more. */
  close(): Promise<void>;
}

/** @param write - what is tried; throws a Refusal where it must be tried again */
export function keepTrying(write: (key: string) => Promise<void>): Retries {
  const refused = new Set<string>();
  const closing = new AbortController();
  let retrying: Promise<void> | undefined;

  async function retry(): Promise<void> {
    while (refused.size > 0 && !closing.signal.aborted) {
      await pause(retryMs, closing.signal, false);
      for (const key of refused) {
        if (closing.signal.aborted) break;
        try {
          await write(key);
        } catch (error) {
          if (refusedBecause(error) === undefined) throw error;
          break;
        }
      }
    }
    retrying = undefined;
  }

  return {
    add(key) {
      refused.add(key);
      retrying ??= retry();
    },
    remove: (key) => void refused.delete(key),
    async close() {
      closing.abort();
      await retrying;
    },
  };
}
