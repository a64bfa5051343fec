// The bytes of a config, and the hash by which they are known. Made where bytes come in, so that nobody hashes them twice.
import { createHash } from "node:crypto";

export interface Version {
  readonly bytes: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** @returns these bytes with their hash */
export function versionOf(bytes: Uint8Array): Version {
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
