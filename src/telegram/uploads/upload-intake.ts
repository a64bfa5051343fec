// Starts changes as jobs of their own, each with a message that shows its way: uploads of documents, and what buttons ask for.
import type { ConfigStore } from "../../store/port.ts";
import type { People } from "../../model/people.ts";
import type { ParkedChanges } from "../../change/parked-changes.ts";
import type { UploadRequest } from "../../change/upload-request.ts";
import type { Schedules } from "../../change/schedules.ts";
import type { Uploads } from "../../change/uploads.ts";
import type { Admin } from "../updates/bot-context.ts";
import { waitingId } from "../../change/waiting.ts";
import type { Config } from "../../model/config.ts";
import type { Outcome } from "../../model/outcome.ts";
import { readOnly } from "../../words/answer-words.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { tooManyUploads } from "../../words/file-words.ts";
import type { MessageReference } from "../../model/revision.ts";
import type { Proposals } from "../../change/proposals.ts";
import { outcomeKeyboard } from "../messages/buttons.ts";
import { type Choice, choiceOf, type Choices, type DocumentMessage, setData } from "./choices.ts";
import { type Chats, replyParameters } from "../messages/status-message.ts";
import { messageKey, type Place } from "../../store/journal.ts";
import type { Text } from "../../words/text.ts";
import { send } from "../messages/say.ts";
import { type LastButtons, startProgressMessage } from "../messages/progress-message.ts";
import type { KeepMessages } from "../messages/keep-messages.ts";
import type { Spreads } from "../messages/spreads.ts";
import { type FileSource, receiveFile } from "./receive-file.ts";
import { Keyboard } from "../messages/keyboard.ts";

interface Intake {
  readonly admin: Admin;
  /** Of the update that asked for it. */
  readonly arrival: number;
  readonly live: ConfigStore;
  readonly purpose: UploadRequest["purpose"];
  readonly message: DocumentMessage;
  readonly reason: string | null;
  /** When it is to be made, ISO 8601, UTC; missing for at once. */
  readonly dueAt?: string;
  /** A message of the bot that becomes the progress message. */
  readonly progressMessageId?: number;
}

/**
 * Starts the upload; resolves when it is in the journal, long before it ends: with false where it does not begin. A message that is being
 * handled already, or was, does nothing.
 */
export type TakeDocument = (intake: Intake) => Promise<boolean>;

/** A change whose way is shown in a chat. */
type ChatRequest = UploadRequest & { readonly place: Place; readonly arrival: number };

/**
 * Starts a change; resolves when it is in the journal, long before it ends: with false where it cannot begin now.
 * @param document - one that is only checked, and may be set by a button if it is valid
 */
export type StartChange = (request: ChatRequest, document?: Choice) => Promise<boolean>;

/** Where it is noted in which message the buttons of what waits are. */
interface WhatWaits {
  readonly parked: Pick<ParkedChanges, "shownIn">;
  readonly proposals: Pick<Proposals, "change">;
  readonly schedules: Pick<Schedules, "shownIn">;
  readonly choices: Pick<Choices, "add" | "shownIn">;
  readonly asking: KeepMessages["asking"];
}

export function createStartChange(
  uploads: Uploads,
  { botId, spreads, ...chat }: Chats & { readonly spreads: Spreads },
  people: () => People,
  onDenied: (userId: number, what: string) => void,
  { parked, proposals, schedules, choices, asking }: WhatWaits,
): StartChange {
  /** The buttons that something waits for must wait before they are shown. */
  async function lastButtons(
    config: Config,
    outcome: Outcome,
    { text, authorId }: { readonly text: Text; readonly authorId: number },
    document: Choice | undefined,
  ): Promise<LastButtons> {
    const { id } = config;
    if (outcome.kind === "applied" && outcome.keep !== null) {
      const { entry, keep } = outcome;
      return asking({
        config,
        revision: entry.revision,
        keep,
        text,
        isAuthor: true,
        readerId: authorId,
      });
    }
    if (outcome.kind === "checked" && document !== undefined && !isLive(outcome)) {
      const choiceId = waitingId();
      try {
        await choices.add(choiceId, document);
      } catch (error) {
        // The answer is worth more than the button.
        chat.onTrouble("keeping a document that was checked", error);
        return { keyboard: undefined };
      }
      return {
        keyboard: new Keyboard().text(buttonLabels.setIt, setData(choiceId, id)),
        shownIn: (message) => choices.shownIn(choiceId, message),
      };
    }
    return {
      keyboard: outcomeKeyboard(id, outcome),
      shownIn: (message) => shownIn(outcome, message),
    };
  }

  async function shownIn(outcome: Outcome, message: MessageReference): Promise<void> {
    if (outcome.kind === "stale") return parked.shownIn(outcome.parkedId, message);
    if (outcome.kind === "scheduled") return schedules.shownIn(outcome.scheduleId, message);
    if (outcome.kind !== "pending") return undefined;
    if (outcome.waitsFor.kind !== "approval") return parked.shownIn(outcome.id, message);
    return proposals.change(outcome.id, (note) => ({
      ...note,
      place: { reply_to: null, ...note.place, ...message },
      isTold: true,
    }));
  }

  return async (request, document) => {
    const { author, live } = request;
    const place = { ...request.place, bot_id: botId };
    const options = replyParameters(place.reply_to);
    const reader = { chat_id: place.chat_id, readerId: author.id };
    // The last door: a question, a choice or a button may be older than the rules of now.
    if (people().roleOf(author.id, live.config.id) !== "write") {
      onDenied(author.id, "document");
      await send(chat, reader, readOnly(live.config), options);
      return false;
    }
    const started = uploads.start({ ...request, place }, (onShown) =>
      startProgressMessage({
        ...chat,
        place,
        live,
        spreads,
        author,
        onShown,
        lastButtons: (outcome, text) =>
          lastButtons(live.config, outcome, { text, authorId: author.id }, document),
      }),
    );
    if (started.kind === "started") await started.journaled;
    if (started.kind === "too_many") {
      const text = tooManyUploads(started.max);
      await send(chat, reader, text, options);
    }
    // The same request has begun before.
    return started.kind !== "too_many";
  };
}

export function createTakeDocument(
  startChange: StartChange,
  source: FileSource,
  botId: number,
): TakeDocument {
  return async ({ admin, arrival, live, purpose, message, reason, dueAt, progressMessageId }) => {
    const reference = {
      chat_id: message.chat.id,
      message_id: message.message_id,
      bot_id: botId,
    };
    const request: ChatRequest = {
      live,
      author: admin,
      arrival,
      how: "upload",
      purpose,
      reason,
      place: {
        chat_id: message.chat.id,
        reply_to: message.message_id,
        message_id: progressMessageId ?? null,
      },
      message: reference,
      key: messageKey(dueAt === undefined ? purpose : "schedule", reference),
      base: "given",
      unchecked: false,
      ...(dueAt !== undefined && { dueAt }),
      receive: (...how) => receiveFile(source, message.document, ...how),
    };
    const { fileName } = live.config;
    const isCheck = purpose === "check";
    return startChange(
      request,
      isCheck ? choiceOf(admin.id, message, reason, fileName) : undefined,
    );
  };
}

/** The very bytes that are live: to set them would change nothing. */
function isLive({ changes }: Extract<Outcome, { kind: "checked" }>): boolean {
  return changes?.kind === "same";
}
