// Documents that wait for a press: a lone one for the config that it is for, a checked one for being set. They outlive a restart, and
// belong to whoever sent them. Telegram keeps the bytes: what is pressed for goes the way of every upload.
import type { Message } from "grammy/types";
import { z } from "zod";
import { createWaiting, type Waiting } from "../../change/waiting.ts";
import type { Records } from "../../store/records.ts";
import { checkGivenUp, choiceGivenUp } from "../../words/decision-words.ts";
import type { TellGivenUp } from "../messages/given-up.ts";

/** Of one person. */
const choicesPerPersonMax = 20;

const choiceSchema = z.object({
  userId: z.int(),
  chatId: z.int(),
  messageId: z.int(),
  reason: z.string().nullable(),
  /** The name of the file that it was found to be a valid version of; null for a lone document. */
  checkedAs: z.string().nullable().default(null),
  document: z.object({
    file_id: z.string(),
    file_unique_id: z.string(),
    file_size: z.number().optional(),
  }),
});

export type Choice = Readonly<z.infer<typeof choiceSchema>>;
export type Choices = Waiting<Choice>;

/** A message that brings a document. */
export type DocumentMessage = Pick<Message.DocumentMessage, "message_id" | "document"> & {
  readonly chat: { readonly id: number };
};

/** @param checkedAs - as it is kept */
export function choiceOf(
  userId: number,
  { message_id: messageId, chat, document }: DocumentMessage,
  reason: string | null,
  checkedAs: string | null,
): Choice {
  const { file_id, file_unique_id, file_size } = document;
  return {
    userId,
    chatId: chat.id,
    messageId,
    reason,
    checkedAs,
    document: { file_id, file_unique_id, file_size },
  };
}

export function createChoices(
  store: Records,
  ageMaxMs: number,
  tellGivenUp: TellGivenUp,
  onTrouble: (what: string, error: unknown) => void,
): Choices {
  return createWaiting({
    store,
    schema: choiceSchema,
    perPersonMax: choicesPerPersonMax,
    ageMaxMs,
    tellGivenUp: ({ checkedAs, userId }, shownIn, because) => {
      const text =
        checkedAs === null
          ? choiceGivenUp(because, choicesPerPersonMax)
          : checkGivenUp(checkedAs, because, choicesPerPersonMax);
      tellGivenUp({ ...shownIn, readerId: userId }, text);
    },
    onTrouble,
    now: Date.now,
  });
}

/** What a press of `set:` is about. */
export function setData(choiceId: string, configId: string): string {
  return `set:${choiceId}:${configId}`;
}

/** Telegram's own limit for what a button carries is 64 bytes; this is at most 41. */
export const setPattern = /^set:([A-Za-z0-9_-]{16}):([a-z][a-z0-9_]{0,19})$/;
