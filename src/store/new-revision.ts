// The line of history of a version that is about to be live.
import type { Author, MessageReference, Revision } from "../model/revision.ts";

/** How it came about, and who asked for it. */
interface Asked extends Pick<Revision, "how" | "author" | "reason"> {
  readonly approvedBy?: readonly Author[] | undefined;
  readonly reverts?: number | undefined;
  readonly message: MessageReference | null;
}

/** @param made - what was made live, when, and in place of what */
export function newRevision(
  { how, author, approvedBy, reverts, reason, message }: Asked,
  made: Pick<Revision, "at" | "sha256" | "bytes" | "backup" | "previous_sha256">,
): Omit<Revision, "revision"> {
  // In the order in which the keys have always been written.
  return {
    at: made.at,
    how,
    author,
    ...(approvedBy && { approved_by: [...approvedBy] }),
    ...(reverts !== undefined && { reverts }),
    reason,
    sha256: made.sha256,
    previous_sha256: made.previous_sha256,
    bytes: made.bytes,
    backup: made.backup,
    message,
  };
}
