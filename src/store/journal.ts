// The journal, as every store keeps it: what is in flight, so that a crash leaves nobody without an answer. Documents that arrived and
// were not looked at yet, and uploads from before their first effect until their last word was told.
import { z } from "zod";
import { type MessageReference, revisionSchema } from "../model/revision.ts";

export const keySchema = z.string().min(1).max(200);

/** Where an upload's way is shown: in which chat, as an answer to what, and in which message, once there is one. */
export const placeSchema = z.object({
  /** Whose messages these are; missing in lines from before bots were told apart. */
  bot_id: z.int().optional(),
  chat_id: z.int(),
  /** null where there is nothing in this chat to answer to. */
  reply_to: z.int().nullable(),
  message_id: z.int().nullable(),
});

export const begunSchema = revisionSchema
  .pick({ how: true, author: true, approved_by: true, reverts: true, reason: true, message: true })
  .extend({
    key: keySchema,
    config: z.string(),
    file: z.string(),
    /** null for a change that no chat waits for. */
    place: placeSchema.nullable(),
  });

export type Place = Readonly<z.infer<typeof placeSchema>>;
export type BegunUpload = Readonly<z.infer<typeof begunSchema>>;

/** An upload whose last word was not told. */
export interface UnfinishedUpload {
  readonly upload: BegunUpload;
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly place: Place | null;
}

/** A document as it arrived, before anybody looked at it. */
export interface Delivery {
  /** As {@link documentKey} makes it. */
  readonly key: string;
  /** The bot that it was sent to. */
  readonly bot_id?: number | undefined;
  /** As it came, to be handled again. */
  readonly delivery: unknown;
}

export interface UnhandledDelivery extends Delivery {
  /** An earlier start has tried that already. */
  readonly again: boolean;
  /** Its upload has begun: that tells what becomes of it. */
  readonly begun: boolean;
}

export interface Journal {
  /** What the process before this one left unfinished. */
  readonly unfinished: readonly UnfinishedUpload[];
  /** What the processes before this one took and may not have looked at. */
  readonly unhandled: readonly UnhandledDelivery[];
  /** Whether this was delivered, or has begun, within the last day. Keys that name no bot were any bot's. */
  knows(key: string): boolean;
  /** Durable when it resolves. @throws Refusal */
  delivered(deliveries: readonly Delivery[]): Promise<void>;
  /** A delivery from before this start is handled once more: if that fails too, not a third time. */
  handlesAgain(key: string): Promise<void>;
  handled(key: string): void;
  /** Durable when it resolves. @throws Refusal */
  began(upload: BegunUpload): Promise<void>;
  shown(key: string, place: Place): void;
  /** Its last word was told, or nobody is there to be told. */
  ended(key: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** The key of a document's delivery. */
export function documentKey(message: MessageReference): string {
  return messageKey("document", message);
}

type MessageUse = "document" | "apply" | "check" | "schedule";

/** The key of what is done with the document of a message. */
export function messageKey(
  what: MessageUse,
  { bot_id: botId, chat_id: chatId, message_id: messageId }: MessageReference,
): string {
  return [what, ...(botId === undefined ? [] : [botId]), chatId, messageId].join(":");
}

export function isMessageKey(key: string, what: MessageUse): boolean {
  return key.startsWith(`${what}:`);
}

const messageKeyPattern = /^((?:document|apply|check|schedule):)-?\d+:(-?\d+:\d+)$/;

export function keyWithoutBot(key: string): string | undefined {
  const [, what, message] = messageKeyPattern.exec(key) ?? [];
  return what === undefined || message === undefined ? undefined : what + message;
}
