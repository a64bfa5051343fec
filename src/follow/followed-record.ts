// What a machine remembers of each config over its restarts: which revision of the store it wrote, so that it never goes backwards.
import { z } from "zod";
import type { ConfigId } from "../model/config-id.ts";
import { sha256Schema } from "../model/revision.ts";
import type { Records } from "../store/records.ts";

const recordSchema = z.object({
  /** The store's. */
  revision: z.int().positive(),
  sha256: sha256Schema,
  /** The service runs with it, as far as anybody asks for a proof. */
  isProven: z.boolean(),
  /** The newest revision of this machine's own history up to which edits by hand were reported. */
  reportedUpTo: z.int().nonnegative(),
});

export type FollowedRecord = Readonly<z.infer<typeof recordSchema>>;

/** undefined before the first. */
export async function readFollowed(
  records: Records,
  id: ConfigId,
): Promise<FollowedRecord | undefined> {
  return recordSchema.safeParse(await records.read(id)).data;
}
