// A change that needs somebody's agreement: kept with its bytes, and what is asked of whom.
import type { Confirmation, Outcome, PendingOutcome } from "../model/outcome.ts";
import type { Inspector } from "../model/inspector.ts";
import { liveSha256Of } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import type { GuardFailure } from "../model/guard.ts";
import { type Excess, excessProblem } from "../model/excess.ts";
import type { Attempt, Held } from "./gates/gates.ts";
import { type BeyondLimits, beyondLimits, revisionsOfLastDay } from "./gates/limits.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import { notSchedulable } from "./schedule-change.ts";
import { type Proposal, type Proposals, proposalsPerPersonMax } from "./proposals.ts";
import { waitingOf } from "./waiting-change.ts";
import { changesAgainst } from "./versions.ts";
import type { UploadRequest } from "./upload-request.ts";

type Unagreed = Extract<Held, { readonly kind: "unconfirmed" | "unapproved" }>;

export interface ProposeContext {
  readonly inspector: Inspector;
  readonly parked: Pick<ParkedChanges, "park">;
  readonly proposals: Pick<Proposals, "add">;
}

/** Keeps it for its author, who must type what it sets, or for those who may approve it. */
export async function propose(
  request: UploadRequest,
  attempt: Attempt,
  held: Unagreed,
  context: ProposeContext,
): Promise<Outcome> {
  const { bytes } = attempt.candidate;
  const { live, author, place } = request;
  const changes = await changesAgainst(await live.readLive(), bytes, context.inspector);
  const { excesses = [], total: excessesTotal = 0 } = held.beyond ?? {};
  const change = waitingOf(request, attempt.edit, bytes);
  const { reason, dueAt } = change;
  const nowMs = Date.now();
  const dueInMs = dueAt === null ? Infinity : Date.parse(dueAt) - nowMs;
  if (dueInMs <= 0) return notSchedulable("past");
  const view = { kind: "pending", reason, dueAt, changes, excesses, excessesTotal } as const;
  if (held.kind === "unconfirmed") {
    const confirmation = confirmationOf(held.beyond, live.config.fileName);
    const shownSha256 = held.liveSha256;
    const { path, isRemoved, answers } = confirmation;
    const id = await context.parked.park({
      ...change,
      userId: author.id,
      shownSha256,
      confirmation: { path: [...path], isRemoved, answers: [...answers] },
    });
    return { ...view, id, waitsFor: { kind: "confirmation", confirmation } };
  }
  const { approvals: needed, by } = held.approval;
  // When it is to be made, it is too late to approve it.
  const expiresMs = Math.min(held.approval.expiresMs, dueInMs);
  const until = new Date(nowMs + expiresMs).toISOString();
  const id = await context.proposals.add({
    ...change,
    author,
    place,
    isTold: place === null,
    at: new Date(nowMs).toISOString(),
    liveSha256: held.liveSha256,
    approval: { needed, by: by === null ? null : [...by], expiresMs, until, given: [] },
    messages: [],
  });
  if (id === undefined) return tooMany;
  return { ...view, id, waitsFor: { kind: "approval", needed, given: [], until } };
}

/** Keeps it for its author, whose word it waits for because its guard fails already. */
export async function parkGuarded(
  request: UploadRequest,
  { candidate: { bytes }, edit }: Attempt,
  failure: GuardFailure,
  { inspector, parked }: Pick<ProposeContext, "inspector" | "parked">,
): Promise<Outcome> {
  const { live, author, reason, agreed } = request;
  const now = await live.readLive();
  const changes = await changesAgainst(now, bytes, inspector);
  const id = await parked.park({
    ...waitingOf(request, edit, bytes),
    userId: author.id,
    shownSha256: liveSha256Of(now),
    guarded: { agreed: agreed === undefined ? null : [...agreed] },
  });
  return {
    kind: "pending",
    id,
    reason,
    dueAt: null,
    changes,
    excesses: [],
    excessesTotal: 0,
    waitsFor: { kind: "guard", failure },
  };
}

const tooMany: Outcome = {
  kind: "failed",
  live: "old",
  trouble: { code: "too_many_proposals", params: { max: proposalsPerPersonMax } },
};

/** Hard limits: what is beyond them is wrong with the file. */
export function invalidBeyond({ excesses, total }: BeyondLimits): Outcome {
  return { kind: "invalid", problems: excesses.map(excessProblem), total };
}

/** The first value beyond its limit is typed anew; where the versions cannot be compared, the file's name. */
function confirmationOf({ excesses: [first] }: BeyondLimits, fileName: string): Confirmation {
  if (first === undefined) return { path: [], isRemoved: false, answers: [fileName] };
  return { path: first.path, isRemoved: first.what.kind === "removed", answers: answersTo(first) };
}

function answersTo({ path, what, written }: Excess): readonly string[] {
  if (what.kind === "removed") return [String(path.at(-1))];
  return written === undefined ? [what.after] : [what.after, written];
}

/** A proposal as it is shown: against what is live now. */
export async function describeProposal(
  live: ConfigReader,
  id: string,
  { bytes, reason, dueAt, approval: { needed, given, until } }: Proposal,
  inspector: Inspector,
): Promise<PendingOutcome> {
  const now = await live.readLive();
  const lastDay = await revisionsOfLastDay(live, Date.now());
  const [changes, beyond] = await Promise.all([
    changesAgainst(now, bytes, inspector),
    beyondLimits(live, bytes, now, lastDay, inspector),
  ]);
  return {
    kind: "pending",
    id,
    reason,
    dueAt,
    changes,
    excesses: beyond?.excesses ?? [],
    excessesTotal: beyond?.total ?? 0,
    waitsFor: { kind: "approval", needed, given, until },
  };
}
