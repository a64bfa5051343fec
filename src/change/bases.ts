// The version of each config that each admin was last given: by /get, or by their own last change. An upload is compared
// with it, so that nobody undoes what they have not seen.
import { z } from "zod";
import { sha256Schema } from "../model/revision.ts";
import type { Records } from "../store/records.ts";
import type { ConfigId } from "../model/config-id.ts";

const baseSchema = z.object({ sha256: sha256Schema });

export interface Bases {
  /** undefined for someone who was never given a version. */
  read(userId: number, configId: ConfigId): Promise<string | undefined>;
  write(userId: number, configId: ConfigId, sha256: string): Promise<void>;
}

export function createBases(store: Records): Bases {
  const keyOf = (userId: number, configId: ConfigId): string => `${userId}_${configId}`;
  return {
    async read(userId, configId) {
      return baseSchema.safeParse(await store.read(keyOf(userId, configId))).data?.sha256;
    },
    write: (userId, configId, sha256) => store.write(keyOf(userId, configId), { sha256 }),
  };
}
