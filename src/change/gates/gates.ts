// What a candidate passes before it goes live: frozen, keep pending, stale, limits, approval, in this order. Every way in asks here, once
// before the lock to answer early, and again under it to be true.
import type { BlockedOutcome, StaleChange } from "../../model/outcome.ts";
import type { ConfigId } from "../../model/config-id.ts";
import type { Version } from "../../model/version.ts";
import type { ConfigReader, Head } from "../../store/port.ts";
import { type EditOrigin, staleGate } from "./stale.ts";

/** A candidate on its way, as the gates judge it. */
export interface Attempt {
  readonly live: ConfigReader;
  readonly candidate: Version;
  readonly edit: EditOrigin;
  /** Where it takes back the change that waits for Keep: that one's revision. */
  readonly takesBack: number | null;
}

/** Why a candidate must not replace what is live. */
export type Held = StaleChange | Pick<BlockedOutcome, "kind" | "why">;

/** What stands in the way of every change of a config, at this moment. */
export interface Standing {
  readonly frozen: (configId: ConfigId) => Frozen | undefined;
  readonly keepPending: (configId: ConfigId) => KeepPending | undefined;
}

type Frozen = Omit<Extract<BlockedOutcome["why"], { readonly kind: "frozen" }>, "kind">;
type KeepPending = Extract<BlockedOutcome["why"], { readonly kind: "keep_pending" }>;

export interface Gates {
  /** What needs no look at the live file: asked before anything is fetched from the disk. */
  standing(attempt: Attempt): Held | undefined;
  /** All of them, against what is live; undefined lets it pass. */
  ask(attempt: Attempt, head: Head | undefined): Promise<Held | undefined>;
}

export function createGates({ frozen, keepPending }: Standing): Gates {
  function standing({ live: { config }, takesBack }: Attempt): Held | undefined {
    const keep = keepPending(config.id);
    const freeze = frozen(config.id);
    if (freeze !== undefined) return { kind: "blocked", why: { kind: "frozen", ...freeze } };
    return keep === undefined || keep.revision === takesBack
      ? undefined
      : { kind: "blocked", why: keep };
  }
  return {
    standing,
    async ask(attempt, head) {
      return standing(attempt) ?? staleGate(attempt.live, attempt.edit, head);
    },
  };
}
