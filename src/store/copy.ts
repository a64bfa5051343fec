// What one store takes in of another, of one config. What is there already stays, and must be the beginning of what the other has.
import type { Revision } from "../model/revision.ts";
import type { ConfigReader } from "./port.ts";

export type CopyEnd =
  /** `versions` are those whose bytes were taken in, each checked against its hash; the source has no others that are kept here. */
  | { readonly kind: "copied"; readonly revisions: number; readonly versions: number }
  /** Both have the same history. */
  | { readonly kind: "same" }
  /** What is here is not the beginning of what is there. `newest` are the numbers of the newest revisions. */
  | { readonly kind: "different"; readonly newestHere: number; readonly newestThere: number };

/** So many lines of history are looked at at once. */
const revisionsAtOnce = 100;

/** What is missing here, oldest first, some at a time. */
export async function* missingRevisions(
  source: ConfigReader,
  newestHere: number,
): AsyncGenerator<readonly Revision[]> {
  const last = source.newest?.revision ?? 0;
  for (let from = newestHere + 1; from <= last; from += revisionsAtOnce) {
    const count = Math.min(revisionsAtOnce, last - from + 1);
    yield (await source.page(from + count - 1, count)).toReversed();
  }
}

/** @returns undefined where something is to be copied */
export async function nothingToCopy(
  source: ConfigReader,
  newest: Revision | undefined,
): Promise<CopyEnd | undefined> {
  if (newest === undefined) return source.newest === undefined ? { kind: "same" } : undefined;
  const { revision } = newest;
  const newestThere = source.newest?.revision ?? 0;
  const [there] = revision > newestThere ? [] : await source.page(revision, 1);
  const isSame = there?.sha256 === newest.sha256 && there.at === newest.at;
  if (!isSame) return { kind: "different", newestHere: revision, newestThere };
  return revision === newestThere ? { kind: "same" } : undefined;
}

/** Whether a store that keeps so many versions beside the live one keeps this one; 0 keeps all. */
export function isKeptAt(revision: number, newest: number, backupsMax: number): boolean {
  return backupsMax === 0 || revision >= newest - backupsMax;
}
