// Takes a document that is meant for a config: starts its upload as a job of its own, with a message that shows its way.
import type { Message } from "grammy/types";
import type { LiveConfig } from "../change/live-config.ts";
import type { Uploads } from "../change/uploads.ts";
import type { Admin } from "./access.ts";
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
  readonly message: DocumentMessage;
  readonly reason: string | null;
  /** A message of the bot that becomes the progress message. */
  readonly progressMessageId?: number;
}

/** Starts the upload and returns at once; a message that is being handled already, or was, does nothing. */
export type TakeDocument = (intake: Intake) => Promise<void>;

export function createTakeDocument(uploads: Uploads, source: FileSource): TakeDocument {
  return async ({ admin, live, message, reason, progressMessageId }) => {
    const { api, onTrouble } = source;
    const chatId = message.chat.id;
    const replyTo = message.message_id;
    const started = uploads.start(
      {
        live,
        author: admin,
        reason,
        message: { chat_id: chatId, message_id: replyTo },
        receive: (signal) => receiveFile(source, message.document, signal),
      },
      () =>
        startProgressMessage({
          api,
          chatId,
          replyTo,
          messageId: progressMessageId,
          fileName: live.config.fileName,
          author: admin,
          onTrouble,
        }),
    );
    if (started.kind === "too_many") {
      const reply = { message_id: replyTo, allow_sending_without_reply: true };
      await api.sendMessage(chatId, tooManyUploads(started.max), { reply_parameters: reply });
    }
  };
}
