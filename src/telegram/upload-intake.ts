// Starts changes as jobs of their own, each with a message that shows its way: uploads of documents, and what buttons ask for.
import type { Message } from "grammy/types";
import type { LiveConfig } from "../change/live-config.ts";
import type { UploadRequest } from "../change/upload-job.ts";
import type { Uploads } from "../change/uploads.ts";
import type { Admin } from "./access.ts";
import type { Notices } from "./notices.ts";
import { tooManyUploads } from "./phrases.ts";
import { startProgressMessage } from "./progress-message.ts";
import { type FileSource, receiveFile } from "./receive-file.ts";

/** A message that brings a document. */
export type DocumentMessage = Pick<Message.DocumentMessage, "message_id" | "document"> & {
  readonly chat: { readonly id: number };
};

interface Intake {
  readonly admin: Admin;
  readonly live: LiveConfig;
  readonly purpose: UploadRequest["purpose"];
  readonly message: DocumentMessage;
  readonly reason: string | null;
  /** A message of the bot that becomes the progress message. */
  readonly progressMessageId?: number;
}

/** Starts the upload and returns at once; a message that is being handled already, or was, does nothing. */
export type TakeDocument = (intake: Intake) => Promise<void>;

interface StartedChange {
  readonly request: UploadRequest;
  /** The message that the progress message replies to. */
  readonly replyTo: number;
  readonly progressMessageId?: number;
}

/** Starts a change and returns at once. */
export type StartChange = (change: StartedChange) => Promise<void>;

export function createStartChange(
  uploads: Uploads,
  { api, onTrouble }: FileSource,
  notices: Notices,
): StartChange {
  return async ({ request, replyTo, progressMessageId }) => {
    const { chatId, author, live } = request;
    const { id, fileName } = live.config;
    const started = uploads.start(request, () => {
      const progress = startProgressMessage({
        api,
        chatId,
        replyTo,
        messageId: progressMessageId,
        configId: id,
        fileName,
        author,
        onTrouble,
      });
      return {
        saving: (holder) => progress.saving(holder),
        async finished(outcome) {
          await progress.finished(outcome);
          await notices.tell(author, fileName, outcome);
        },
      };
    });
    if (started.kind === "too_many") {
      const reply = { message_id: replyTo, allow_sending_without_reply: true };
      await api.sendMessage(chatId, tooManyUploads(started.max), { reply_parameters: reply });
    }
  };
}

export function createTakeDocument(startChange: StartChange, source: FileSource): TakeDocument {
  return ({ admin, live, purpose, message, reason, progressMessageId }) => {
    const reference = { chat_id: message.chat.id, message_id: message.message_id };
    return startChange({
      request: {
        live,
        author: admin,
        how: "upload",
        purpose,
        reason,
        chatId: message.chat.id,
        message: reference,
        key: `${purpose}:${reference.chat_id}:${reference.message_id}`,
        base: "given",
        unchecked: false,
        receive: (signal) => receiveFile(source, message.document, signal),
      },
      replyTo: message.message_id,
      ...(progressMessageId === undefined ? {} : { progressMessageId }),
    });
  };
}
