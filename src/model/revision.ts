// One version of a config that was live: its number, its hash, who made it. A line of history, as it is on disk.
import { z } from "zod";

/** Lower-case hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A message of a chat, as the bot sees it: in a private chat each bot counts its own. */
export const messageSchema = z.object({
  chat_id: z.int(),
  message_id: z.int(),
  /** Missing in what was written before bots were told apart. */
  bot_id: z.int().optional(),
});

export const authorSchema = z.object({ id: z.int(), name: z.string() });

export const revisionSchema = z.object({
  /** 1, 2, 3 … without a gap. */
  revision: z.int().positive(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  how: z.enum(["upload", "rollback", "undo", "found", "edited", "value", "scheduled", "reverted"]),
  /** null for what nobody asked for: `found`, `edited`, and what went back by itself. */
  author: authorSchema.nullable(),
  /** Who approved it, where its config asks for that. */
  approved_by: z.array(authorSchema).optional(),
  /** For `reverted`: the revision that it takes back. */
  reverts: z.int().positive().optional(),
  reason: z.string().nullable(),
  sha256: sha256Schema,
  previous_sha256: sha256Schema.nullable(),
  bytes: z.int().nonnegative(),
  /** The file in BACKUP_DIR that holds the version replaced. */
  backup: z.string().nullable(),
  message: messageSchema.nullable(),
});

/** Somebody said that a change stays: a line of its own in history, which is no revision. */
export const keptSchema = z.object({
  /** The revision that stays. */
  kept: z.int().positive(),
  at: z.iso.datetime(),
  kept_by: authorSchema,
});

export type Revision = Readonly<z.infer<typeof revisionSchema>>;
export type Kept = Readonly<z.infer<typeof keptSchema>>;
export type Author = Readonly<z.infer<typeof authorSchema>>;
/** The Telegram message that an upload came in. */
export type MessageReference = Readonly<z.infer<typeof messageSchema>>;
