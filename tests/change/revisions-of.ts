// The lines of history of versions that were uploaded one after another.
import type { Revision } from "../../src/model/revision.ts";
import type { Version } from "../../src/model/version.ts";

export function revisionsOf(versions: readonly Version[]): readonly Revision[] {
  return versions.map(({ sha256, bytes }, index) => ({
    revision: index + 1,
    at: "2026-11-23T14:05:09.123Z",
    how: "upload",
    author: { id: 1, name: "Anna" },
    reason: null,
    sha256,
    previous_sha256: versions[index - 1]?.sha256 ?? null,
    bytes: bytes.length,
    backup: null,
    message: null,
  }));
}
