// What becomes of a change that waits for other people: each approval counts once, the last one makes it go live, one rejection ends it.
import type { BlockedOutcome } from "../model/outcome.ts";
import type { People } from "../model/people.ts";
import type { Author } from "../model/revision.ts";
import { liveSha256Of } from "../model/version.ts";
import type { ConfigStore } from "../store/port.ts";
import { mayApprove } from "./gates/approval.ts";
import type { Gates } from "./gates/gates.ts";
import type { Proposal, ProposalNote, Proposals } from "./proposals.ts";
import { type ContinuedRequest, goOn } from "./waiting-change.ts";

export type ApprovalAnswer =
  /** It waits no more. */
  | { readonly kind: "gone" }
  | { readonly kind: "own" }
  /** Not among those who may approve it. */
  | { readonly kind: "not_named" }
  | { readonly kind: "already" }
  /** Its author may not change the config any more: it waits no more. */
  | { readonly kind: "author_gone"; readonly note: ProposalNote }
  /** It stays as it is. */
  | { readonly kind: "blocked"; readonly why: BlockedOutcome["why"] }
  | { readonly kind: "counted" }
  /** Enough have agreed, or the live file has moved meanwhile: it is tried now, if it can begin, and waits no more. */
  | {
      readonly kind: "tried";
      readonly note: ProposalNote;
      readonly isStale: boolean;
      readonly hasBegun: boolean;
    };

export interface ApproveContext {
  readonly proposals: Proposals;
  readonly people: Pick<People, "roleOf">;
  readonly gates: Pick<Gates, "standing">;
  /** Resolves when it is written down that the attempt has begun; with false where it does not. */
  readonly start: (request: ContinuedRequest, note: ProposalNote) => Promise<boolean>;
}

export function approve(
  live: ConfigStore,
  id: string,
  approver: Author,
  { proposals, people, gates, start }: ApproveContext,
): Promise<ApprovalAnswer> {
  return proposals.inTurn(id, async () => {
    const proposal = await proposals.read(id);
    if (proposal === undefined || proposals.hasExpired(id)) return { kind: "gone" };
    const { approval, author } = proposal;
    if (author.id === approver.id) return { kind: "own" };
    const asked = { by: approval.by, authorId: author.id };
    if (!mayApprove(people, live.config.id, asked, approver.id)) return { kind: "not_named" };
    if (!mayStillChange(people, live, author)) {
      await proposals.remove(id);
      return { kind: "author_gone", note: proposal };
    }
    if (approval.given.some((each) => each.id === approver.id)) return { kind: "already" };
    const held = gates.standing({ live, dueAt: proposal.dueAt });
    if (held !== undefined) return held;
    // Whoever may not approve any more does not count any more.
    const stillCount = approval.given.filter((each) =>
      mayApprove(people, live.config.id, asked, each.id),
    );
    const given = [...stillCount, approver];
    const approved = { ...proposal, approval: { ...approval, given } };
    const isLive = liveSha256Of(await live.readLive()) === proposal.liveSha256;
    if (given.length < approval.needed && isLive) {
      await proposals.change(id, (note) => ({ ...note, approval: approved.approval }));
      return { kind: "counted" };
    }
    const hasBegun = await start(goOnApproved(live, id, approved), approved);
    await proposals.remove(id);
    return { kind: "tried", note: approved, isStale: !isLive, hasBegun };
  });
}

/** Users of the system have no role: whoever may run the command line may change everything. */
function mayStillChange(
  people: Pick<People, "roleOf">,
  { config }: ConfigStore,
  { id }: Author,
): boolean {
  return id < 0 || people.roleOf(id, config.id) === "write";
}

function goOnApproved(live: ConfigStore, id: string, proposal: Proposal): ContinuedRequest {
  const { given, needed } = proposal.approval;
  return {
    ...goOn(live, `proposal:${id}`, proposal, proposal.liveSha256),
    // Tried early because another version was live: should the old one be back by now, those who have agreed are too few.
    ...(given.length >= needed && { agreed: given }),
  };
}

/** Ends it, unless it has ended already. @returns what it was */
export function endProposal(proposals: Proposals, id: string): Promise<ProposalNote | undefined> {
  return proposals.inTurn(id, async () => {
    const note = proposals.all().get(id);
    if (note !== undefined) await proposals.remove(id);
    return note;
  });
}
