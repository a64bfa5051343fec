// A message as the page draws it. Data only: names and texts come from outside, and the page shows them as text.
import type { InlineKeyboardButton, Message, MessageEntity } from "grammy/types";
import { authorName } from "./bot-api/chat-events.ts";

export interface ChatBubble {
  readonly id: number;
  readonly by: "bot" | "person";
  readonly name: string;
  readonly text: string;
  /** Of the text, offsets in UTF-16 units. */
  readonly entities: readonly MessageEntity[];
  /** When it got the text that it has: of an edited message, when it was edited. Milliseconds since 1970. */
  readonly atMs: number;
  readonly edited: boolean;
  /** The beginning of what it replies to. */
  readonly replyTo: string | undefined;
  readonly document:
    | { readonly fileId: string; readonly name: string; readonly bytes: number | undefined }
    | undefined;
  /** The largest of its sizes; width and height in pixels. */
  readonly photo:
    { readonly fileId: string; readonly width: number; readonly height: number } | undefined;
  readonly buttons: readonly (readonly Pick<InlineKeyboardButton, "text" | "style">[])[];
}

const replyCharsMax = 60;

export function chatBubble(message: Message, botId: number): ChatBubble {
  const { document, reply_to_message: replied } = message;
  const photo = message.photo?.at(-1);
  const by = message.from?.id === botId ? "bot" : "person";
  return {
    id: message.message_id,
    by,
    name: authorName(message),
    text: message.text ?? message.caption ?? "",
    entities: message.entities ?? message.caption_entities ?? [],
    atMs: (message.edit_date ?? message.date) * 1000,
    // A person's own edits are marked as well; the bot's are how it shows progress.
    edited: message.edit_date !== undefined,
    replyTo:
      replied === undefined
        ? undefined
        : (replied.text ?? replied.caption ?? replied.document?.file_name ?? "a message").slice(
            0,
            replyCharsMax,
          ),
    document:
      document === undefined
        ? undefined
        : {
            fileId: document.file_id,
            name: document.file_name ?? "file",
            bytes: document.file_size,
          },
    photo:
      photo === undefined
        ? undefined
        : { fileId: photo.file_id, width: photo.width, height: photo.height },
    buttons: (message.reply_markup?.inline_keyboard ?? []).map((row) =>
      row.map(({ text, style }) => ({ text, ...(style !== undefined && { style }) })),
    ),
  };
}
