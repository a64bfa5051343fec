// A revision as it is in etcd, under its own key and as the head.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { keptSchema, revisionSchema } from "../../model/revision.ts";
import { Refusal } from "../../model/trouble.ts";
import { keySchema } from "../journal.ts";
import type { KeyValue } from "./kv.ts";
import { jsonOf } from "../../model/json.ts";

const storedSchema = z.object({
  entry: revisionSchema,
  /** From {@link randomId}. */
  attempt: z.string().min(1).max(64),
  /** The attempt's key in the journal. */
  key: keySchema,
});

const headSchema = storedSchema.extend({
  /** The newest change of which somebody said that it stays. */
  kept: keptSchema.optional(),
});

const storedKeptSchema = z.object({ kept: keptSchema, attempt: z.string().min(1).max(64) });

export type StoredRevision = Readonly<z.infer<typeof storedSchema>>;
/** That a revision stays, under a key of its own. */
export type StoredKept = Readonly<z.infer<typeof storedKeptSchema>>;

/** The newest revision, and since which of etcd's own revisions it is that. */
export interface StoredHead extends Readonly<z.infer<typeof headSchema>> {
  readonly modRevision: string;
}

/** @throws Refusal where it is something else */
export function storedRevision(found: KeyValue): StoredRevision {
  return valueOf(found, storedSchema);
}

/** @throws Refusal where it is something else */
export function storedHead(found: KeyValue): StoredHead {
  return { ...valueOf(found, headSchema), modRevision: found.modRevision };
}

/** @throws Refusal where it is something else */
export function storedKept(found: KeyValue): StoredKept {
  return valueOf(found, storedKeptSchema);
}

/** Tells one from all others: a transaction that is tried, so that one whose answer was lost is known again. */
export function randomId(): string {
  return randomBytes(12).toString("hex");
}

/** As the head is written. */
export function headText({ attempt, key, entry, kept }: Omit<StoredHead, "modRevision">): string {
  return JSON.stringify({ entry, attempt, key, kept });
}

function valueOf<T>({ key, value }: KeyValue, schema: z.ZodType<T>): T {
  const read = schema.safeParse(jsonOf(value.toString("utf8")));
  if (read.success) return read.data;
  throw new Refusal({ code: "store_unreadable" }, { cause: new Error(key, { cause: read.error }) });
}
