// sendMessage, sendDocument and sendChatAction.
import type { InlineKeyboardMarkup, Message } from "grammy/types";
import type { ApiCall, ApiMethod } from "./api-method.ts";
import type { ChatRecord, MessageDraft } from "./chats.ts";
import { formatCaption, formatMessageText, type RawText } from "./message-text.ts";
import { badRequest } from "./refusal.ts";
import { parseReplyMarkup } from "./reply-markup.ts";

const chatActions = [
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "upload_document",
  "choose_sticker",
  "find_location",
  "record_video_note",
  "upload_video_note",
];

/** The methods that put a message of the bot into a chat. */
export const sendMethods: Readonly<Record<string, ApiMethod>> = {
  sendMessage,
  sendDocument,
  sendChatAction,
};

/** The text parameters of a call, as they came. */
export function rawText({ params }: ApiCall, field: "text" | "caption"): RawText {
  const entitiesField = field === "text" ? "entities" : "caption_entities";
  return {
    text: params.text(field),
    parseMode: params.text("parse_mode"),
    entities: params.json(entitiesField, "entities"),
  };
}

function sendMessage(call: ApiCall): Message {
  const { text, entities } = formatMessageText(rawText(call, "text"));
  return postAsBot(call, { text, ...(entities.length > 0 ? { entities: [...entities] } : {}) });
}

function sendDocument(call: ApiCall): Message {
  const { params, world } = call;
  const { text: caption, entities } = formatCaption(rawText(call, "caption"));
  const uploaded = params.file("document");
  const known = world.files.get(params.text("document"));
  if (uploaded === undefined && known === undefined) {
    throw badRequest(
      params.text("document") === ""
        ? "there is no document in the request"
        : "wrong file identifier/HTTP URL specified",
    );
  }
  if (uploaded?.bytes.length === 0) {
    throw badRequest("file must be non-empty");
  }
  return postAsBot(call, () => {
    const file =
      uploaded === undefined
        ? known
        : world.files.add(uploaded.bytes, uploaded.name, uploaded.bytes.length);
    return {
      document: {
        file_id: file?.id ?? "",
        file_unique_id: file?.uniqueId ?? "",
        file_name: file?.name ?? "",
        file_size: file?.size ?? 0,
        mime_type: "application/octet-stream",
      },
      ...(caption === "" ? {} : { caption }),
      ...(entities.length > 0 ? { caption_entities: [...entities] } : {}),
    };
  });
}

function sendChatAction({ world, params }: ApiCall): true {
  world.chats.openForWriting(params.text("chat_id"));
  if (!chatActions.includes(params.text("action"))) {
    throw badRequest("wrong parameter action in request");
  }
  return true;
}

// The draft is made last, so that a refused call stores no file.
function postAsBot(
  { world, params }: ApiCall,
  draft: MessageDraft | (() => MessageDraft),
): Message {
  const record = world.chats.openForWriting(params.text("chat_id"));
  const markup = parseReplyMarkup(params.json("reply_markup", "reply keyboard markup"));
  const repliedTo = findRepliedTo(params.json("reply_parameters", "reply parameters"), record, {
    messageId: params.integer("reply_to_message_id"),
    isOptional: params.flag("allow_sending_without_reply"),
  });
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
  readonly messageId: number | undefined;
  readonly isOptional: boolean;
}

function findRepliedTo(
  parameters: unknown,
  record: ChatRecord,
  legacy: ReplyTarget,
): Message["reply_to_message"] {
  const target = readReplyTarget(parameters) ?? legacy;
  if (target.messageId === undefined) {
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
