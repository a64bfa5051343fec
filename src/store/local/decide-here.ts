// Decides something about the live version of a config on this disk, holding its lock: that it stays, or gets more time.
import { troubleOrThrow } from "../../file/disk-error.ts";
import type { Decision, DecisionEnd } from "../port.ts";
import { type LiveParts, nextTimeMs, readLive } from "./live-config.ts";
import { never } from "../../model/never.ts";

/** @returns every case of {@link DecisionEnd}; what the disk refuses is `failed` */
export async function decideHere<Held>(
  live: LiveParts,
  { by, keeps, admit }: Decision<Held>,
): Promise<DecisionEnd<Held>> {
  const release = await live.lock.acquire(by, never);
  try {
    const held = await admit(await readLive(live));
    if (held !== undefined) return { kind: "held", held };
    if (keeps !== null) {
      const at = new Date(nextTimeMs(live)).toISOString();
      await live.history.keep({ kept: keeps, at, kept_by: by });
    }
    return { kind: "decided" };
  } catch (error) {
    return { kind: "failed", trouble: troubleOrThrow(error) };
  } finally {
    release?.();
  }
}
