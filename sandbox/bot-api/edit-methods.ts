// editMessageText, editMessageReplyMarkup and answerCallbackQuery: what happens to what stands there.
import { isDeepStrictEqual } from "node:util";
import type { Message } from "grammy/types";
import type { ApiCall, ApiMethod } from "./api-method.ts";
import type { ChatRecord, StoredMessage } from "./chats.ts";
import { formatMessageText } from "./message-text.ts";
import { badRequest } from "./refusal.ts";
import { parseEditedMarkup } from "./reply-markup.ts";
import { inlineMarkup, rawText } from "./send-methods.ts";

/** The methods that change or end what a chat shows. */
export const editMethods: Readonly<Record<string, ApiMethod>> = {
  editMessageText,
  editMessageReplyMarkup,
  answerCallbackQuery,
};

// Buttons that the call does not repeat are gone, as in Telegram.
function editMessageText(call: ApiCall): Message {
  const { text, entities } = formatMessageText(rawText(call, "text"));
  const markup = parseEditedMarkup(call.params.json("reply_markup", "reply keyboard markup"));
  const { record, message } = findEditable(call);
  if (message.text === undefined) {
    throw badRequest("there is no text in the message to edit");
  }
  const { entities: _entities, reply_markup: _markup, ...rest } = message;
  return replaceIfModified(call, record, message, "edit", {
    ...rest,
    text,
    ...(entities.length > 0 ? { entities: [...entities] } : {}),
    ...inlineMarkup(markup),
  });
}

function editMessageReplyMarkup(call: ApiCall): Message {
  const markup = parseEditedMarkup(call.params.json("reply_markup", "reply keyboard markup"));
  const { record, message } = findEditable(call);
  const { reply_markup: _markup, ...rest } = message;
  return replaceIfModified(call, record, message, "markup", { ...rest, ...inlineMarkup(markup) });
}

function replaceIfModified(
  { world }: ApiCall,
  record: ChatRecord,
  current: Message,
  kind: "edit" | "markup",
  edited: Message,
): Message {
  if (isDeepStrictEqual(current, edited)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  return world.chats.replace(record, { ...edited, edit_date: world.chats.date() }, kind);
}

function findEditable(call: ApiCall): { record: ChatRecord; message: Message } {
  const { record, stored } = findNamed(call);
  if (!stored.byBot || stored.hadReplyKeyboard) {
    throw badRequest("message can't be edited");
  }
  return { record, message: stored.message };
}

function findNamed({ world, params }: ApiCall): { record: ChatRecord; stored: StoredMessage } {
  const record = world.chats.openForWriting(params.text("chat_id"));
  const messageId = params.integer("message_id");
  if (messageId === undefined) {
    throw badRequest("message identifier is not specified");
  }
  const stored = record.messages.get(messageId);
  if (stored === undefined) {
    throw badRequest("message to edit not found");
  }
  return { record, stored };
}

function answerCallbackQuery({ world, params }: ApiCall): true {
  world.queries.answer(params.text("callback_query_id"), params.text("text"));
  return true;
}
