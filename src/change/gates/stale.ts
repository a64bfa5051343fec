// The first gate: an edit that was made from an older version than the live one would undo what its author has not seen.
import type { StaleChange } from "../../model/outcome.ts";
import type { Author } from "../../model/revision.ts";
import type { ConfigReader, Head } from "../../store/port.ts";

export interface EditOrigin {
  readonly author: Author;
  /** The version that the edit was made from; null compares nothing. */
  readonly baseSha256: string | null;
  /** What its author changed meanwhile does not make it stale, as where two files were sent one right after the other. */
  readonly ownChangesAreKnown: boolean;
}

/** @returns why the edit must wait: somebody else's version is live; undefined lets it pass */
export function staleGate(
  { newest, recent, since }: Pick<ConfigReader, "newest" | "recent" | "since">,
  { author, baseSha256, ownChangesAreKnown }: EditOrigin,
  head: Head | undefined,
): StaleChange | undefined {
  if (head === undefined || baseSha256 === null || head.sha256 === baseSha256) return undefined;
  const base = ownChangesAreKnown ? recent(baseSha256, 1) : undefined;
  const liveRevision = head.revision;
  if (base !== undefined && liveRevision !== undefined && liveRevision <= (newest?.revision ?? 0)) {
    const between = since(base.revision).filter(({ revision }) => revision <= liveRevision);
    if (between.every((entry) => entry.author?.id === author.id)) return undefined;
  }
  return { kind: "stale", liveSha256: head.sha256 };
}
