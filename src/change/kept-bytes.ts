// The bytes of changes that wait, in the small records: each beside its note, under a key of their own, since a note is written again.
import { z } from "zod";
import type { Records } from "../store/records.ts";

const suffix = "_bytes";

export interface KeptBytes {
  /** The key in the records under which they are. */
  keyOf(id: string): string;
  /** @throws what the store refuses, as all of these do */
  write(id: string, bytes: Uint8Array): Promise<void>;
  /** undefined where they are gone. */
  read(id: string): Promise<Uint8Array | undefined>;
  remove(id: string): Promise<void>;
  /** What a crash left of those that nobody wants. */
  removeBut(isWanted: (id: string) => boolean): Promise<void>;
}

export function keptBytes(store: Records): KeptBytes {
  const keyOf = (id: string): string => `${id}${suffix}`;
  return {
    keyOf,
    write: (id, bytes) => store.write(keyOf(id), Buffer.from(bytes).toString("base64")),
    async read(id) {
      const text = z.base64().safeParse(await store.read(keyOf(id))).data;
      return text === undefined ? undefined : Buffer.from(text, "base64");
    },
    remove: (id) => store.remove(keyOf(id)),
    async removeBut(isWanted) {
      for (const key of await store.keys()) {
        if (key.endsWith(suffix) && !isWanted(key.slice(0, -suffix.length)))
          await store.remove(key);
      }
    },
  };
}
