// The lines of the journal as they are on disk.
import { z } from "zod";
import { revisionSchema } from "../model/revision.ts";
import { begunSchema, keySchema, placeSchema } from "./journal.ts";
import { jsonOf } from "../model/json.ts";

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

export const lineSchema = z.discriminatedUnion("type", [
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
/** What a change wrote before it took the lock: by it one tells after a crash whether the rename happened. */
export type PreparedChange = Readonly<z.infer<typeof preparedSchema>>;

/** @returns undefined for a line that is empty, torn or foreign */
export function parseLine(text: string): Line | undefined {
  return lineSchema.safeParse(jsonOf(text)).data;
}
