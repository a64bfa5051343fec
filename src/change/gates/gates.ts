// What a candidate passes before it goes live: frozen, keep pending, stale, limits, approval, in this order. Every way in asks here, once
// before the lock to answer early, and again under it to be true.
import type { BlockedOutcome, StaleChange } from "../../model/outcome.ts";
import type { ConfigId } from "../../model/config-id.ts";
import type { Inspector } from "../../model/inspector.ts";
import type { Approval } from "../../model/rules.ts";
import { liveSha256Of, type Version } from "../../model/version.ts";
import type { ConfigReader, Head } from "../../store/port.ts";
import { type BeyondLimits, beyondLimits, revisionsOfLastDay } from "./limits.ts";
import { type EditOrigin, staleGate } from "./stale.ts";

/** A candidate on its way, as the gates judge it. */
export interface Attempt {
  readonly live: ConfigReader;
  readonly candidate: Version;
  readonly edit: EditOrigin;
  /**
   * Its author, or those who approve, have agreed to what it moves, under the rules of then, which it keeps: neither limits nor approval hold
   * it again, but for a hard limit, by the rules and the day before of now.
   */
  readonly isAgreed: boolean;
  /** Where it is to wait for its time: what has ended by then does not stand in its way. ISO 8601, UTC. */
  readonly dueAt: string | null;
}

/** Why a candidate must not replace what is live. */
export type Held =
  | StaleChange
  | Pick<BlockedOutcome, "kind" | "why">
  /** Beyond a hard limit: it is invalid. */
  | { readonly kind: "refused"; readonly beyond: BeyondLimits }
  /** Its author must answer with the new value. */
  | { readonly kind: "unconfirmed"; readonly beyond: BeyondLimits; readonly liveSha256: string }
  | {
      readonly kind: "unapproved";
      readonly approval: Approval;
      readonly beyond: BeyondLimits | undefined;
      readonly liveSha256: string;
    };

type Judged = Exclude<Held, { readonly kind: "blocked" }> | undefined;

/** What stands in the way of every change of a config, at this moment. */
export interface Standing {
  readonly frozen: (configId: ConfigId) => Frozen | undefined;
  readonly keepPending: (configId: ConfigId) => KeepPending | undefined;
}

export type Frozen = Omit<Extract<BlockedOutcome["why"], { readonly kind: "frozen" }>, "kind">;
type KeepPending = Extract<BlockedOutcome["why"], { readonly kind: "keep_pending" }>;

export interface Gates {
  /** What needs no look at the live file: asked before anything is fetched from the disk. */
  standing(
    attempt: Pick<Attempt, "live" | "dueAt">,
  ): Extract<Held, { readonly kind: "blocked" }> | undefined;
  /** Whether anything else could hold it. */
  needHead(attempt: Attempt): boolean;
  /**
   * All of them, against what is live; undefined lets it pass.
   * @param read - the bytes of `head`, where they are at hand
   */
  ask(attempt: Attempt, head: Head | undefined, read?: Version): Promise<Held | undefined>;
}

/** @param now - milliseconds since 1970 */
export function createGates(
  { frozen, keepPending }: Standing,
  inspector: Pick<Inspector, "limits">,
  now: () => number,
): Gates {
  function standing({ live: { config }, dueAt }: Parameters<Gates["standing"]>[0]) {
    const stands = ({ until }: { readonly until: string | null }): boolean =>
      until === null || dueAt === null || Date.parse(until) > Date.parse(dueAt);
    const keep = keepPending(config.id);
    const freeze = frozen(config.id);
    if (freeze !== undefined && stands(freeze)) {
      return { kind: "blocked", why: { kind: "frozen", ...freeze } } as const;
    }
    if (keep === undefined || !stands(keep)) return undefined;
    return { kind: "blocked", why: keep } as const;
  }

  /** What was judged before the lock holds under it while the same version is live. */
  const judged = new WeakMap<Attempt, { readonly liveSha256: string; readonly held: Judged }>();

  async function ruled(
    attempt: Attempt,
    head: Head | undefined,
    read: Version | undefined,
  ): Promise<Judged> {
    const { live } = attempt;
    if (!mayHold(attempt)) return undefined;
    const before = judged.get(attempt);
    if (before !== undefined && before.liveSha256 === head?.sha256) return before.held;
    const version = read ?? (await live.readLive());
    const held = await judge(attempt, version);
    if (version !== undefined) judged.set(attempt, { liveSha256: version.sha256, held });
    return held;
  }

  /** Limits and approval. */
  async function judge(
    { live, candidate, isAgreed }: Attempt,
    version: Version | undefined,
  ): Promise<Judged> {
    const { approval } = live.config.rules;
    const lastDay = await revisionsOfLastDay(live, now());
    // Going back must be quick: these bytes were live within the last day, and are not now.
    if (lastDay.some(({ sha256 }) => sha256 === candidate.sha256)) return undefined;
    const beyond = await beyondLimits(live, candidate.bytes, version, lastDay, inspector);
    const liveSha256 = liveSha256Of(version);
    if (beyond?.hard === true) return { kind: "refused", beyond };
    if (isAgreed) return undefined;
    if (approval !== null && (beyond !== undefined || approval.when === "always"))
      return { kind: "unapproved", approval, beyond, liveSha256 };
    return beyond && { kind: "unconfirmed", beyond, liveSha256 };
  }

  return {
    standing,
    needHead: (attempt) => attempt.edit.baseSha256 !== null || mayHold(attempt),
    async ask(attempt, head, read) {
      return (
        standing(attempt) ??
        staleGate(attempt.live, attempt.edit, head) ??
        (await ruled(attempt, head, read))
      );
    },
  };
}

/** Whether limits or approval could hold it, whatever is live. */
function mayHold({ live, isAgreed }: Attempt): boolean {
  const { limits, approval } = live.config.rules;
  return isAgreed ? limits.some(({ hard }) => hard) : limits.length > 0 || approval !== null;
}
