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

/** Stands for what is live where nothing is: no file that holds anything has this hash. */
const noFileSha256 = versionOf(new Uint8Array()).sha256;

/** By what a change is bound to the version that is live now. */
export function liveSha256Of(live: Pick<Version, "sha256"> | undefined): string {
  return live?.sha256 ?? noFileSha256;
}
