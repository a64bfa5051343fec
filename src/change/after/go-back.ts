// Takes back a change that waits for Keep: the old bytes go live again by the write path, only while the change is still what is live.
import { randomUUID } from "node:crypto";
import type { ConfigId } from "../../model/config-id.ts";
import type { BlockedOutcome } from "../../model/outcome.ts";
import type { Author } from "../../model/revision.ts";
import { refusalOrThrow, type Trouble } from "../../model/trouble.ts";
import type { Journal } from "../../store/journal.ts";
import type { ConfigStore, Head } from "../../store/port.ts";
import type { Frozen } from "../gates/gates.ts";
import type { Applies, ServedEnd } from "./apply.ts";
import { isKept, type Keep, revertedIn } from "./keep-record.ts";
import type { WaitingKeeps } from "./waiting-keeps.ts";
import { never } from "../../model/never.ts";

export type KeepAnswer =
  | { readonly kind: "done" }
  /** It is decided already. */
  | { readonly kind: "not_pending" }
  /** Something else is live by now: nothing is left to keep or to take back. */
  | { readonly kind: "moved" }
  | { readonly kind: "no_more_time" }
  | Pick<BlockedOutcome, "kind" | "why">
  /** Nothing was decided: it still waits. */
  | { readonly kind: "failed"; readonly trouble: Trouble };

/** Why nothing is decided, found under the lock. */
export type Refused = Extract<KeepAnswer["kind"], "not_pending" | "moved"> | Frozen;

export interface GoingBack {
  /** Asked under the lock: whoever comes second finds the line of history that the first has left, or another version live. */
  readonly refusedFor: (
    live: ConfigStore,
    keep: Keep,
    head: Head | undefined,
  ) => Refused | undefined;
  /** What a decision that did not come about is answered with. */
  readonly answerTo: (live: ConfigStore, keep: Keep, end: ServedEnd<Refused>) => KeepAnswer;
  /** @param by - null where nobody asked for it; a freeze stops only people */
  readonly revert: (live: ConfigStore, keep: Keep, by: Author | null) => Promise<KeepAnswer>;
}

export function createGoingBack({
  waitingKeeps,
  journal,
  applies,
  frozen,
}: {
  readonly waitingKeeps: WaitingKeeps;
  readonly journal: Pick<Journal, "began" | "ended">;
  readonly applies: Pick<Applies, "commit">;
  readonly frozen: (configId: ConfigId) => Frozen | undefined;
}): GoingBack {
  function refusedFor(live: ConfigStore, keep: Keep, head: Head | undefined): Refused | undefined {
    // A guard that fails takes back also what somebody kept before.
    const stays = keep.failure === undefined && isKept(live, keep);
    const isDecided = stays || revertedIn(live, keep) !== undefined;
    if (isDecided || waitingKeeps.byConfig.get(keep.configId) !== keep) return "not_pending";
    return head?.sha256 === keep.sha256 ? undefined : "moved";
  }

  async function revert(live: ConfigStore, keep: Keep, by: Author | null): Promise<KeepAnswer> {
    try {
      return await tryToRevert(live, keep, by);
    } catch (error) {
      return { kind: "failed", trouble: refusalOrThrow(error) };
    }
  }

  async function tryToRevert(
    live: ConfigStore,
    keep: Keep,
    by: Author | null,
  ): Promise<KeepAnswer> {
    const found = await live.find(keep.previous.revision);
    if (found.kind !== "found" || found.entry.sha256 !== keep.previous.sha256)
      return { kind: "failed", trouble: { code: "version_not_kept" } };
    const { id, fileName } = live.config;
    const key = `revert:${id}:${keep.revision}:${randomUUID()}`;
    const change = { key, how: "reverted", author: by, reason: null, message: null } as const;
    const begun = { ...change, reverts: keep.revision, config: id, file: fileName, place: null };
    await journal.began(begun);
    const end = await applies.commit<Refused>(
      live,
      { ...change, reverts: keep.revision, version: found.version },
      {
        signal: never,
        onProgress: () => {},
        admit: (head) =>
          refusedFor(live, keep, head) ?? (by === null ? undefined : frozen(live.config.id)),
      },
    );
    const entry = revertedIn(live, keep);
    const isDone = end.kind === "applied" || (end.kind === "failed" && end.live === "new");
    if (isDone && entry !== undefined) {
      const isRefused = end.kind === "failed" && end.trouble.code === "service_refused";
      const fault = isRefused ? end.trouble.params.fault : null;
      await waitingKeeps.reverted(live, keep, entry, { journalKey: key, fault });
      return { kind: "done" };
    }
    journal.ended(key);
    return answerTo(live, keep, end);
  }

  function answerTo(live: ConfigStore, keep: Keep, end: ServedEnd<Refused>): KeepAnswer {
    if (revertedIn(live, keep) !== undefined) return { kind: "not_pending" };
    switch (end.kind) {
      case "failed":
        return { kind: "failed", trouble: end.trouble };
      case "held":
        if (typeof end.held === "object") {
          return { kind: "blocked", why: { kind: "frozen", ...end.held } };
        }
        if (end.held === "moved") waitingKeeps.moved(live, keep);
        return { kind: end.held };
      case "unchanged":
        waitingKeeps.moved(live, keep);
        return { kind: "moved" };
      case "applied":
      case "reverted":
      case "cancelled":
        throw new Error(`a revert ended as ${end.kind}`);
      default:
        return end satisfies never;
    }
  }

  return { refusedFor, answerTo, revert };
}
