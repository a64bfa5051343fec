// sendMessage, sendDocument and sendPhoto.
import type { InlineKeyboardMarkup, Message } from "grammy/types";
import type { ApiCall, ApiMethod } from "./api-method.ts";
import type { ChatRecord, MessageDraft } from "./chats.ts";
import { readEntities } from "./entities.ts";
import { formatCaption, type FormattedText, formatMessageText } from "./message-text.ts";
import type { UploadedFile } from "./multipart.ts";
import { badRequest } from "./refusal.ts";
import { parseReplyMarkup } from "./reply-markup.ts";

/** The methods that put a message of the bot into a chat. */
export const sendMethods: Readonly<Record<string, ApiMethod>> = {
  sendMessage,
  sendDocument,
  sendPhoto,
};

/**
 * The text parameter of a call, as it came, with its entities.
 * @throws a refusal of markup, which the bot never sends: better than a text that would look different in Telegram
 */
export function rawText(call: ApiCall, field: "text" | "caption"): FormattedText {
  if (call.params.has("parse_mode")) throw badRequest("this stand-in reads no parse_mode");
  const text = call.params.text(field);
  const name = field === "text" ? "entities" : "caption_entities";
  return { text, entities: readEntities(call, name, text) };
}

function sendMessage(call: ApiCall): Message {
  const { text, entities } = formatMessageText(rawText(call, "text"));
  return postAsBot(call, { text, ...(entities.length > 0 ? { entities: [...entities] } : {}) });
}

function sendDocument(call: ApiCall): Message {
  const caption = captionFields(call);
  const { name, bytes } = uploadedFile(call, "document");
  return postAsBot(call, () => {
    const file = call.world.files.add(bytes, name, bytes.length);
    return {
      document: {
        file_id: file.id,
        file_unique_id: file.uniqueId,
        file_name: name,
        file_size: bytes.length,
        mime_type: "application/octet-stream",
      },
      ...caption,
    };
  });
}

// Telegram makes a JPEG of it, in several sizes; here it stays what it was.
function sendPhoto(call: ApiCall): Message {
  const caption = captionFields(call);
  const { name, bytes } = uploadedFile(call, "photo");
  const size = pngSize(bytes);
  return postAsBot(call, () => {
    const file = call.world.files.add(bytes, name, bytes.length);
    return {
      photo: [
        { file_id: file.id, file_unique_id: file.uniqueId, file_size: bytes.length, ...size },
      ],
      ...caption,
    };
  });
}

const photoSidesMax = 10_000;
const photoBytesMax = 10 * 1024 * 1024;

function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const buffer = Buffer.from(bytes);
  if (buffer.toString("latin1", 1, 4) !== "PNG" || buffer.length < 24) {
    throw badRequest("IMAGE_PROCESS_FAILED");
  }
  const [width, height] = [buffer.readUInt32BE(16), buffer.readUInt32BE(20)];
  if (width + height > photoSidesMax || bytes.length > photoBytesMax) {
    throw badRequest("PHOTO_INVALID_DIMENSIONS");
  }
  return { width, height };
}

function captionFields(call: ApiCall): Pick<Message, "caption" | "caption_entities"> {
  const { text: caption, entities } = formatCaption(rawText(call, "caption"));
  return {
    ...(caption === "" ? {} : { caption }),
    ...(entities.length > 0 ? { caption_entities: [...entities] } : {}),
  };
}

function uploadedFile({ params }: ApiCall, kind: "document" | "photo"): UploadedFile {
  const uploaded = params.file(kind);
  if (uploaded === undefined) {
    throw badRequest(
      params.text(kind) === ""
        ? `there is no ${kind} in the request`
        : "wrong file identifier/HTTP URL specified",
    );
  }
  if (uploaded.bytes.length === 0) {
    throw badRequest("file must be non-empty");
  }
  return uploaded;
}

// The draft is made last, so that a refused call stores no file.
function postAsBot(
  { world, params }: ApiCall,
  draft: MessageDraft | (() => MessageDraft),
): Message {
  const record = world.chats.openForWriting(params.text("chat_id"));
  const markup = parseReplyMarkup(params.json("reply_markup", "reply keyboard markup"));
  const repliedTo = findRepliedTo(params.json("reply_parameters", "reply parameters"), record);
  const { id, is_bot, first_name, username } = world.bot;
  return world.chats.post(
    record,
    {
      from: { id, is_bot, first_name, username },
      ...(repliedTo === undefined ? {} : { reply_to_message: repliedTo }),
      ...(typeof draft === "function" ? draft() : draft),
      ...(markup.kind === "inline" ? inlineMarkup(markup.keyboard) : {}),
    },
    { by: "bot", hadReplyKeyboard: markup.kind === "other" },
  );
}

/** The field of a message that holds its buttons; none for no keyboard. */
export function inlineMarkup(keyboard: InlineKeyboardMarkup | undefined): {
  reply_markup?: InlineKeyboardMarkup;
} {
  return keyboard === undefined ? {} : { reply_markup: keyboard };
}

interface ReplyTarget {
  readonly messageId: number;
  readonly isOptional: boolean;
}

function findRepliedTo(parameters: unknown, record: ChatRecord): Message["reply_to_message"] {
  const target = readReplyTarget(parameters);
  if (target === undefined) {
    return undefined;
  }
  const stored = record.messages.get(target.messageId);
  if (stored === undefined) {
    if (target.isOptional) {
      return undefined;
    }
    throw badRequest("message to be replied not found");
  }
  return quotable(stored.message);
}

/** A message as it stands inside `reply_to_message`: without the one that it replies to itself. */
export function quotable(message: Message): NonNullable<Message["reply_to_message"]> {
  const { reply_to_message: _, ...rest } = message;
  // grammY's type wants the field to be there and undefined, which JSON cannot say.
  return rest as NonNullable<Message["reply_to_message"]>;
}

function readReplyTarget(parameters: unknown): ReplyTarget | undefined {
  if (parameters === undefined) {
    return undefined;
  }
  const fields: Record<string, unknown> =
    typeof parameters === "object" && parameters !== null ? { ...parameters } : {};
  const messageId = Number(fields["message_id"]);
  if (!Number.isSafeInteger(messageId)) {
    throw badRequest(`can't find field "message_id"`);
  }
  return { messageId, isOptional: fields["allow_sending_without_reply"] === true };
}
