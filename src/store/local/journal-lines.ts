// The lines of the journal as they are on disk, and the keys by which they name an upload or a document.
import { z } from "zod";
import { type MessageReference, revisionSchema } from "../../model/revision.ts";

const keySchema = z.string().min(1).max(200);

/** Where an upload's way is shown: in which chat, as an answer to what, and in which message, once there is one. */
const placeSchema = z.object({
  /** Whose messages these are; missing in lines from before bots were told apart. */
  bot_id: z.int().optional(),
  chat_id: z.int(),
  /** null where there is nothing in this chat to answer to. */
  reply_to: z.int().nullable(),
  message_id: z.int().nullable(),
});

const begunSchema = revisionSchema.pick({ how: true, reason: true, message: true }).extend({
  key: keySchema,
  config: z.string(),
  file: z.string(),
  author: revisionSchema.shape.author.unwrap(),
  /** null for a change that no chat waits for. */
  place: placeSchema.nullable(),
});

const preparedSchema = z.object({
  sha256: revisionSchema.shape.sha256,
  bytes: revisionSchema.shape.bytes,
  /** The absolute path of the file that waits to be renamed onto the live one. */
  temporary: z.string(),
  /** The name of Airlock's own copy. */
  own_copy: z.string(),
  /** The last revision then; 0 for none. */
  after_revision: z.int().nonnegative(),
});

const timeSchema = z.iso.datetime();

const lineSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("delivered"),
    key: keySchema,
    bot_id: z.int().optional(),
    delivery: z.unknown(),
  }),
  z.object({ type: z.literal("again"), key: keySchema }),
  z.object({ type: z.literal("handled"), key: keySchema, at: timeSchema }),
  z.object({ type: z.literal("began"), at: timeSchema, ...begunSchema.shape }),
  z.object({ type: z.literal("shown"), key: keySchema, place: placeSchema }),
  z.object({ type: z.literal("prepared"), key: keySchema, ...preparedSchema.shape }),
  z.object({ type: z.literal("ended"), key: keySchema, at: timeSchema }),
]);

export type Line = z.infer<typeof lineSchema>;
export type Place = Readonly<z.infer<typeof placeSchema>>;
export type BegunUpload = Readonly<z.infer<typeof begunSchema>>;
/** What a change wrote before it took the lock: by it one tells after a crash whether the rename happened. */
export type PreparedChange = Readonly<z.infer<typeof preparedSchema>>;

/** The key of a document's delivery. */
export function documentKey(message: MessageReference): string {
  return messageKey("document", message);
}

/** The key of what is done with the document of a message. */
export function messageKey(
  what: "document" | "apply" | "check",
  { bot_id: botId, chat_id: chatId, message_id: messageId }: MessageReference,
): string {
  return [what, ...(botId === undefined ? [] : [botId]), chatId, messageId].join(":");
}

const messageKeyPattern = /^((?:document|apply|check):)-?\d+:(-?\d+:\d+)$/;

export function keyWithoutBot(key: string): string | undefined {
  const [, what, message] = messageKeyPattern.exec(key) ?? [];
  return what === undefined || message === undefined ? undefined : what + message;
}

/** @returns undefined for a line that is empty, torn or foreign */
export function parseLine(text: string): Line | undefined {
  if (text === "") return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A line that a crash cut short: what it said did not happen.
    return undefined;
  }
}
