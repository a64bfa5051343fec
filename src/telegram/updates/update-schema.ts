// What the bot relies on in an update, so that nothing behind this has to ask whether a number is a number. Telegram keeps to it;
// a Bot API server of one's own, or what stands before it, may not.
import type { Update } from "grammy/types";
import { z } from "zod";

const id = z.int();

const userSchema = z.object({
  id,
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});

const chatSchema = z.object({
  id,
  type: z.enum(["private", "group", "supergroup", "channel"]),
});

const entitiesSchema = z
  .array(z.object({ type: z.string(), offset: z.int().nonnegative(), length: z.int() }))
  .optional();

const messageFields = z.object({
  message_id: id,
  chat: chatSchema,
  from: userSchema.optional(),
  sender_chat: chatSchema.optional(),
  text: z.string().optional(),
  entities: entitiesSchema,
  caption: z.string().optional(),
  caption_entities: entitiesSchema,
  media_group_id: z.string().optional(),
  reply_to_message: z
    .looseObject({ message_id: id, from: userSchema.optional(), text: z.string().optional() })
    .optional(),
  document: z
    .looseObject({
      file_id: z.string(),
      file_unique_id: z.string(),
      file_name: z.string().optional(),
      file_size: z.number().nonnegative().optional(),
    })
    .optional(),
});

/** grammY takes it for granted that a text comes with its entities. */
const messageSchema = messageFields.refine(
  ({ text, entities, caption, caption_entities: captionEntities }) =>
    (entities === undefined || text !== undefined) &&
    (captionEntities === undefined || caption !== undefined),
);

const keyboardSchema = z.object({
  inline_keyboard: z.array(z.array(z.object({ callback_data: z.string().optional() }))),
});

const updateSchema = z.object({
  update_id: id,
  message: messageSchema.optional(),
  callback_query: z
    .looseObject({
      id: z.string(),
      from: userSchema,
      data: z.string().optional(),
      message: z
        .looseObject({
          message_id: id,
          chat: chatSchema,
          text: z.string().optional(),
          reply_markup: keyboardSchema.optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Telegram's own are nested about ten deep. JSON.stringify gives up at some thousands. */
const depthMax = 100;

/** Whether an update has the shape that Telegram promises, in all that the bot looks at. */
export function hasPromisedShape(update: Update): boolean {
  return !isDeeper(update, depthMax) && updateSchema.safeParse(update).success;
}

function isDeeper(content: unknown, levels: number): boolean {
  if (typeof content !== "object" || content === null) return false;
  return levels === 0 || Object.values(content).some((each) => isDeeper(each, levels - 1));
}
