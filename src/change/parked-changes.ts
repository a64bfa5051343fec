// Changes that wait for a word of their admin: a stale upload, a merge, a rollback that was previewed. Kept with their bytes,
// over a restart, for a day. Each is bound to the live version that was shown: if another is live, it asks again.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { messageSchema } from "../model/revision.ts";
import { sha256Of } from "../file/read-file.ts";
import type { Records } from "../store/records.ts";

const idBytes = 12;
/** What was shown where there was no live file: no file that holds anything has this hash. */
export const noFileSha256 = sha256Of(new Uint8Array());
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const parkedSchema = z.object({
  configId: z.string(),
  how: z.enum(["upload", "rollback"]),
  /** Only this person may go on with it. */
  userId: z.int(),
  reason: z.string().nullable(),
  /** The message that the upload came in; null for a rollback. */
  message: messageSchema.nullable(),
  /** The live version that was shown. */
  shownSha256: sha256Schema,
  /** The version that the edit was made from, where it is known. */
  baseSha256: sha256Schema.nullable(),
  /** Today's schema refuses it, and the admin was told. */
  unchecked: z.boolean(),
  bytes: z.base64(),
});

export interface ParkedChange extends Omit<z.infer<typeof parkedSchema>, "bytes"> {
  readonly bytes: Uint8Array;
}

export interface ParkedChanges {
  /** @returns an id that cannot be guessed: 16 letters, digits, `-` and `_` */
  park(change: ParkedChange): Promise<string>;
  read(id: string): Promise<ParkedChange | undefined>;
  remove(id: string): Promise<void>;
}

export function createParkedChanges(store: Records): ParkedChanges {
  return {
    async park({ bytes, ...change }) {
      const id = randomBytes(idBytes).toString("base64url");
      await store.write(id, { ...change, bytes: Buffer.from(bytes).toString("base64") });
      return id;
    },
    async read(id) {
      const parked = parkedSchema.safeParse(await store.read(id)).data;
      return parked === undefined
        ? undefined
        : { ...parked, bytes: Buffer.from(parked.bytes, "base64") };
    },
    remove: (id) => store.remove(id),
  };
}
