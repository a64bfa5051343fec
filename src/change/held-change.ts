// One attempt as the gates are asked of it, and what becomes of it where one of them holds it.
import type { Outcome } from "../model/outcome.ts";
import type { Version } from "../model/version.ts";
import type { Attempt, Gates, Held } from "./gates/gates.ts";
import type { EditOrigin } from "./gates/stale.ts";
import { invalidBeyond, propose, type ProposeContext } from "./propose.ts";
import { describeStale } from "./stale.ts";
import type { UploadRequest } from "./upload-request.ts";
import { waitingOf } from "./waiting-change.ts";

export function attemptOf(
  { live, author, base, agreed, dueAt = null }: UploadRequest,
  candidate: Version,
  baseSha256: string | null,
): Attempt {
  const edit: EditOrigin = { author, baseSha256, ownChangesAreKnown: base === "given" };
  return { live, candidate, edit, isAgreed: agreed !== undefined, dueAt };
}

/** A hint, taken early to fail early; the same is asked again under the lock. */
export async function heldEarly(
  request: UploadRequest,
  attempt: Attempt,
  gates: Gates,
): Promise<Held | undefined> {
  const standing = gates.standing(attempt);
  if (standing !== undefined || !gates.needHead(attempt)) return standing;
  const { live } = request;
  const now = await live.readLive();
  // While another save of theirs is under way, history does not tell yet whose version was read. The lock will.
  if (request.base === "given" && live.holder?.id === request.author.id) return undefined;
  if (now?.sha256 === attempt.candidate.sha256) return undefined;
  return gates.ask(attempt, now, now);
}

/** What is held and can wait is kept for whoever is to decide. */
export function endHeld(
  request: UploadRequest,
  attempt: Attempt,
  held: Held,
  context: ProposeContext,
): Outcome | Promise<Outcome> {
  switch (held.kind) {
    case "blocked":
      return held;
    case "stale": {
      const comparedSha256 = attempt.edit.baseSha256 ?? held.liveSha256;
      return parkStale(request, attempt, comparedSha256, context);
    }
    case "refused":
      return invalidBeyond(held.beyond);
    case "unconfirmed":
    case "unapproved":
      return propose(request, attempt, held, context);
    default:
      return held satisfies never;
  }
}

/** Keeps the upload for its admin to decide. */
async function parkStale(
  request: UploadRequest,
  { candidate: { bytes }, edit }: Attempt,
  comparedSha256: string,
  { inspector, parked }: ProposeContext,
): Promise<Outcome> {
  const { live, author } = request;
  const change = waitingOf(request, edit, bytes);
  const baseSha256 = change.baseSha256 ?? comparedSha256;
  const stale = await describeStale(live, bytes, baseSha256, inspector);
  const how = change.how === "undo" ? "rollback" : change.how;
  const parkedId = await parked.park({
    ...change,
    how,
    userId: author.id,
    shownSha256: stale.liveSha256,
    baseSha256,
    // It was shown what it is compared with.
    baseless: false,
  });
  return { kind: "stale", parkedId, how, ...stale };
}
