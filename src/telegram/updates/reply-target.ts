// What a message replies to. A document is for the question that it replies to, so this decides which config it is about.
import type { Message } from "grammy/types";

export type ReplyTarget =
  /** It stands for itself. */
  | { readonly kind: "none" }
  | { readonly kind: "message"; readonly message: NonNullable<Message["reply_to_message"]> }
  /** A message of another chat, or a story: no question of this chat. */
  | { readonly kind: "elsewhere" };

export function replyTarget(message: Message): ReplyTarget {
  if (message.external_reply !== undefined || message.reply_to_story !== undefined) {
    return { kind: "elsewhere" };
  }
  const { reply_to_message: target } = message;
  if (target === undefined || isTopic(message, target)) return { kind: "none" };
  return { kind: "message", message: target };
}

/** In a forum every message of a topic that replies to nothing is said to reply to the message that the topic began with. */
function isTopic(
  { is_topic_message: inTopic, message_thread_id: topicId }: Message,
  target: NonNullable<Message["reply_to_message"]>,
): boolean {
  return (
    target.forum_topic_created !== undefined || (inTopic === true && target.message_id === topicId)
  );
}
