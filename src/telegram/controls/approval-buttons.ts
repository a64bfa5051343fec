// The buttons of changes that wait for approval: Approve and Reject for those who may, Withdraw for the author, Show changes for whoever may
// read. Each press checks access again.
import { Composer } from "grammy";
import { approve, endProposal } from "../../change/approve.ts";
import type { ContinuedRequest } from "../../change/waiting-change.ts";
import { mayApprove } from "../../change/gates/approval.ts";
import type { ProposalNote } from "../../change/proposals.ts";
import type { ConfigStore } from "../../store/port.ts";
import { blockedText } from "../../words/outcome-words.ts";
import { onlySenderMayChoose, questionCancelled } from "../../words/decision-words.ts";
import {
  approvedAlready,
  approvedElsewhere,
  authorMayNot,
  notAnApprover,
  proposalStale,
  rejectedText,
  waitsForMore,
  withdrawnText,
  yourOwnChange,
} from "../../words/proposal-words.ts";
import type { Line } from "../../words/line.ts";
import { firstLine } from "../../words/text.ts";
import type { ApprovalMessages } from "../messages/approval-messages.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import { messageReference } from "../messages/message-reference.ts";
import { isPressInList } from "./pending.ts";
import type { Said } from "../messages/say.ts";
import { replyWithWaiting } from "../messages/changes-message.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import type { StartChange } from "../uploads/upload-intake.ts";

const pressPattern = /^(proposed|approve|reject|withdraw):([A-Za-z0-9_-]{16})$/;

export function approvalButtons(
  service: ConfigService,
  startChange: StartChange,
  messages: ApprovalMessages,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { doors, proposals, people, gates, inspector, uploads } = service;

  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, id = ""] = ctx.match;
    const note = proposals.all().get(id);
    if (note === undefined) return outOfDate(ctx);
    // Whoever is named may approve though they may only read.
    const live = await doors.press(ctx, note.configId, "read");
    if (live === undefined) return undefined;
    if (act === "proposed") return showChanges(ctx, live, id);
    await noteMessage(ctx, id, note);
    if (act === "approve") return pressApprove(ctx, live, id);
    if (act === "withdraw") return pressWithdraw(ctx, live, id, note);
    return pressReject(ctx, live, id, note);
  });

  /** A crash can come between a message that asks and the note of it: whoever presses a button there is to see what comes of it as well. */
  async function noteMessage(
    ctx: BotContext,
    id: string,
    { author, messages: known }: ProposalNote,
  ): Promise<void> {
    const { msg, me, admin } = ctx;
    if (msg === undefined || author.id === admin.id || isPressInList(ctx)) return;
    const shown = messageReference(msg, me);
    const isKnown = known.some(
      ({ chat_id, message_id }) => chat_id === shown.chat_id && message_id === shown.message_id,
    );
    if (isKnown) return;
    await proposals.change(id, (note) => ({ ...note, messages: [...note.messages, shown] }));
  }

  async function showChanges(ctx: BotContext, live: ConfigStore, id: string): Promise<void> {
    const proposal = await proposals.read(id);
    if (proposal === undefined) return outOfDate(ctx);
    await answerPress(ctx);
    return replyWithWaiting(ctx, inspector, live, proposal.bytes);
  }

  async function pressApprove(ctx: BotContext, live: ConfigStore, id: string): Promise<void> {
    const { fileName } = live.config;
    const start = (request: ContinuedRequest, note: ProposalNote): Promise<boolean> =>
      startApproved(ctx.arrival, request, note);
    const answer = await approve(live, id, ctx.admin, { proposals, people, gates, start });
    switch (answer.kind) {
      case "gone":
        return outOfDate(ctx);
      case "own":
        return answerPress(ctx, yourOwnChange);
      case "not_named":
        return answerPress(ctx, notAnApprover(fileName));
      case "already":
        return answerPress(ctx, approvedAlready);
      case "blocked":
        // Telegram shows 200 characters there: a reason has no room.
        return answerPress(ctx, firstLine(blockedText(fileName, answer.why)));
      case "counted":
        await answerPress(ctx, waitsForMore);
        return messages.showState(id);
      case "author_gone": {
        const { note } = answer;
        return sayEnded(ctx, live, id, note, authorMayNot(fileName, note.author));
      }
      case "tried": {
        const { note, isStale, hasBegun } = answer;
        const { author, approval } = note;
        if (!hasBegun) return sayEnded(ctx, live, id, note, questionCancelled(fileName));
        messages.ended(
          id,
          note,
          isStale
            ? proposalStale(fileName, author)
            : approvedElsewhere(fileName, author, approval.given),
        );
        return answerPress(ctx);
      }
      default:
        return answer satisfies never;
    }
  }

  /** In its author's message, where there is one. */
  async function startApproved(
    arrival: number,
    request: ContinuedRequest,
    { author, place }: ProposalNote,
  ): Promise<boolean> {
    if (place !== null) return startChange({ ...request, author, arrival, place });
    const silent = {
      saving: () => {},
      working: () => {},
      serving: () => {},
      finished: () => Promise.resolve(),
    };
    const started = uploads.start({ ...request, author, place }, () => silent);
    if (started.kind === "started") await started.journaled;
    return started.kind !== "too_many";
  }

  async function pressReject(
    ctx: BotContext,
    live: ConfigStore,
    id: string,
    { author, approval }: ProposalNote,
  ): Promise<void> {
    const asked = { by: approval.by, authorId: author.id };
    const { fileName, id: configId } = live.config;
    if (author.id === ctx.admin.id) return answerPress(ctx, yourOwnChange);
    if (!mayApprove(people, configId, asked, ctx.admin.id)) {
      return answerPress(ctx, notAnApprover(fileName));
    }
    return end(ctx, live, id, rejectedText(fileName, ctx.admin), "rejected");
  }

  async function pressWithdraw(
    ctx: BotContext,
    live: ConfigStore,
    id: string,
    { author }: ProposalNote,
  ): Promise<void> {
    if (author.id !== ctx.admin.id) return answerPress(ctx, onlySenderMayChoose);
    return end(ctx, live, id, withdrawnText(live.config.fileName), "cancelled");
  }

  async function end(
    ctx: BotContext,
    live: ConfigStore,
    id: string,
    text: Line,
    outcome: "cancelled" | "rejected",
  ): Promise<void> {
    const note = await endProposal(proposals, id);
    return note === undefined ? outOfDate(ctx) : sayEnded(ctx, live, id, note, text, outcome);
  }

  async function sayEnded(
    ctx: BotContext,
    live: ConfigStore,
    id: string,
    note: ProposalNote,
    text: Said,
    outcome: "cancelled" | "rejected" = "cancelled",
  ): Promise<void> {
    uploads.decided(live, note.author.id, outcome);
    await answerPress(ctx);
    await messages.tellAuthor(note, text);
    return messages.ended(id, note, text);
  }

  return composer;
}
