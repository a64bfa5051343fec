// Changes that wait for approval, as messages: who may approve is asked in their own chat, or in the group where the change was sent, and
// every message that asked says in the end what became of it.
import type { Uploads } from "../../change/uploads.ts";
import { createRecentMap } from "../../change/recent.ts";
import { approversOf } from "../../change/gates/approval.ts";
import type { Proposal, ProposalNote, Proposals } from "../../change/proposals.ts";
import { describeProposal } from "../../change/propose.ts";
import type { Config } from "../../model/config.ts";
import type { Inspector } from "../../model/inspector.ts";
import type { People } from "../../model/people.ts";
import type { ConfigStore } from "../../store/port.ts";
import { approvalAsked, expiredText, pendingText } from "../../words/proposal-words.ts";
import { approvalKeyboard, outcomeKeyboard } from "./buttons.ts";
import type { TellGivenUp } from "./given-up.ts";
import type { LastEdit } from "./last-edit.ts";
import { type Said, send } from "./say.ts";
import { type Chats, sayFinal } from "./status-message.ts";

/** The last words of so many are remembered, for messages that arrive after them. */
const endingsMax = 200;

export interface ApprovalMessages {
  /** Asks whoever was not asked yet. Does not reject. */
  ask(id: string): Promise<void>;
  /** Asks those who have not answered once more. Does not reject. */
  remind(id: string): Promise<void>;
  /** Shows in every message who has approved so far. Does not reject. */
  showState(id: string): Promise<void>;
  /** Says in every message of those who were asked what became of it. Returns at once. */
  ended(id: string, note: ProposalNote, text: Said): void;
  /** The same in its author's message. Does not reject. */
  tellAuthor(note: ProposalNote, text: Said): Promise<void>;
  /** Nobody approved in time: counts it, and says so in every message. Returns at once. */
  expired(id: string, note: ProposalNote): void;
}

export interface ApprovalMessagesOptions extends Chats {
  readonly people: () => People;
  readonly lives: () => readonly ConfigStore[];
  readonly proposals: Proposals;
  readonly inspector: Inspector;
  readonly uploads: Pick<Uploads, "decided">;
  readonly tellGivenUp: TellGivenUp;
  readonly lastEdit: LastEdit;
}

export function createApprovalMessages({
  people,
  lives,
  proposals,
  inspector,
  uploads,
  tellGivenUp,
  lastEdit,
  ...chats
}: ApprovalMessagesOptions): ApprovalMessages {
  const { botId, onTrouble } = chats;
  const endings = createRecentMap<string, Said>(endingsMax);

  function liveOf(configId: string): ConfigStore | undefined {
    return lives().find(({ config }) => config.id === configId);
  }

  /** A group hears it once, for all of its people. */
  function chatsOf({ configId, author, place, approval }: ProposalNote): readonly number[] {
    if (place !== null && place.chat_id !== author.id) return [place.chat_id];
    const config = liveOf(configId)?.config;
    if (config === undefined) return [];
    const given = approval.given.map(({ id }) => id);
    const asked = { by: approval.by, authorId: author.id };
    return approversOf(people(), config.id, asked).filter((id) => !given.includes(id));
  }

  /** What is shown of it; undefined where it waits no more, or its config is not managed any more. */
  async function viewOf(id: string) {
    const proposal = await proposals.read(id);
    const live = proposal && liveOf(proposal.configId);
    if (proposal === undefined || live === undefined) return undefined;
    const pending = await describeProposal(live, id, proposal, inspector);
    return { proposal, config: live.config, pending };
  }

  async function askAll(id: string, isReminder: boolean): Promise<void> {
    const view = await viewOf(id);
    if (view === undefined) return;
    const { proposal, config, pending } = view;
    const told = new Set(isReminder ? [] : proposal.messages.map(({ chat_id }) => chat_id));
    const text = approvalAsked(config.fileName, proposal.author, pending, isReminder);
    for (const chatId of chatsOf(proposal)) {
      if (!told.has(chatId)) await askIn(chatId, id, proposal.author.id, text);
    }
  }

  async function askIn(chatId: number, id: string, authorId: number, text: Said): Promise<void> {
    try {
      const where = { chat_id: chatId, readerId: authorId };
      const message = await send(chats, where, text, { keyboard: approvalKeyboard(id) });
      const shown = { bot_id: botId, chat_id: chatId, message_id: message.message_id };
      await proposals.change(id, (note) => ({ ...note, messages: [...note.messages, shown] }));
      const ending = endings.get(id);
      if (ending !== undefined) tellGivenUp({ ...shown, readerId: authorId }, ending);
    } catch (error) {
      // Whoever never wrote to the bot cannot be written to: expected, and the others are asked.
      onTrouble("asking for approval", error);
    }
  }

  async function showState(id: string): Promise<void> {
    const view = await viewOf(id);
    if (view === undefined) return;
    const { proposal, config, pending } = view;
    const { author, messages } = proposal;
    const asked = approvalAsked(config.fileName, author, pending, false);
    for (const message of messages) {
      await lastEdit({ ...message, readerId: author.id }, asked, approvalKeyboard(id));
    }
    await showAuthor(proposal, config, pendingText(config.fileName, pending), pending);
  }

  async function showAuthor(
    { place, author }: Proposal,
    config: Config,
    text: Said,
    pending: Parameters<typeof outcomeKeyboard>[1],
  ): Promise<void> {
    if (place === null || place.message_id === null) return;
    const message = { ...place, message_id: place.message_id, readerId: author.id };
    await lastEdit(message, text, outcomeKeyboard(config.id, pending));
  }

  /** What it asks of the disk or of Telegram may fail: the change waits as before. */
  async function quietly(act: Promise<unknown>): Promise<void> {
    try {
      await act;
    } catch (error) {
      onTrouble("asking for approval", error);
    }
  }

  function ended(id: string, { messages, author }: ProposalNote, text: Said): void {
    endings.set(id, text);
    for (const message of messages) tellGivenUp({ ...message, readerId: author.id }, text);
  }

  async function tellAuthor({ place, author }: ProposalNote, text: Said): Promise<void> {
    if (place !== null) await quietly(sayFinal(chats, place, author.id, text));
  }

  return {
    ask: (id) => quietly(askAll(id, false)),
    remind: (id) => quietly(askAll(id, true)),
    showState: (id) => quietly(showState(id)),
    ended,
    tellAuthor,
    expired(id, note) {
      const live = liveOf(note.configId);
      const { expiresMs, given, until } = note.approval;
      const dueAt = note.dueAt === until ? until : null;
      const text = expiredText(live?.config.fileName ?? note.configId, { expiresMs, given, dueAt });
      if (live !== undefined) uploads.decided(live, note.author.id, "cancelled");
      ended(id, note, text);
      void tellAuthor(note, text);
    },
  };
}
