// What Telegram promises to answer, in all that the bot relies on, for every method that the bot calls: a call that is not listed
// here cannot be made. https://core.telegram.org/bots/api#making-requests
import { z } from "zod";
import { jsonOf } from "../../model/json.ts";

const id = z.int();
const done = z.literal(true);

const messageSchema = z.object({ message_id: id });

const resultSchemas = {
  getMe: z.object({
    id,
    is_bot: z.literal(true),
    first_name: z.string(),
    username: z.string().min(1),
  }),
  deleteWebhook: done,
  /** What is within an update is looked at one by one: what nobody can read must not keep the others from arriving. */
  getUpdates: z.array(z.object({ update_id: id.nonnegative() })),
  getFile: z.object({
    file_path: z.string().optional(),
    file_size: id.nonnegative().optional(),
  }),
  sendMessage: messageSchema,
  sendDocument: messageSchema,
  sendPhoto: messageSchema,
  editMessageText: z.union([messageSchema, done]),
  editMessageReplyMarkup: z.union([messageSchema, done]),
  answerCallbackQuery: done,
  setMyCommands: done,
  deleteMyCommands: done,
} satisfies Readonly<Record<string, z.ZodType>>;

/** Every method that the bot calls. */
export const calledMethods: readonly string[] = Object.keys(resultSchemas);

const successSchemas = new Map<string, z.ZodType>(
  Object.entries(resultSchemas).map(([method, result]) => [
    method,
    z.object({ ok: z.literal(true), result }),
  ]),
);

const refusalSchema = z.object({
  ok: z.literal(false),
  error_code: z.int().min(300).max(599),
  description: z.string(),
  parameters: z
    .object({
      retry_after: z.number().nonnegative().optional(),
      migrate_to_chat_id: id.optional(),
    })
    .optional(),
});

export type ReadAnswer =
  | { readonly ok: true; readonly answer: unknown }
  /** Why this is no answer of Telegram's, for the log, without what it holds. */
  | { readonly ok: false; readonly oddity: "not JSON" | "misshapen" | "contradictory" };

/**
 * @param text - the body of an answer to this method
 * @throws for a method that is not listed: that is a bug
 */
export function readAnswer(method: string, status: number, text: string): ReadAnswer {
  const success = successSchemas.get(method);
  if (success === undefined) throw new Error(`${method} is missing in answer-shapes.ts`);
  const answer = jsonOf(text);
  if (answer === undefined) return { ok: false, oddity: "not JSON" };
  // A failed parse costs far more than one that succeeds, and nearly all answers are successes.
  const isSuccess = success.safeParse(answer).success;
  if (!isSuccess && refusalSchema.safeParse(answer).success) return { ok: true, answer };
  if (!isSuccess) return { ok: false, oddity: "misshapen" };
  // It says ok.
  if (status !== 200) return { ok: false, oddity: "contradictory" };
  return { ok: true, answer };
}
