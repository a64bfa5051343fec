// What one store takes in of another, of one config. What is there already stays, and must be the beginning of what the other has.
import type { Revision } from "../model/revision.ts";
import { versionOf } from "../model/version.ts";
import type { ConfigReader } from "./port.ts";

export type CopyEnd =
  /** `versions` are those whose bytes were taken in, each checked against its hash; the source has no others that are kept here. */
  | { readonly kind: "copied"; readonly revisions: number; readonly versions: number }
  /** Both have the same history. */
  | { readonly kind: "same" }
  /** What is here is not the beginning of what is there. `newest` are the numbers of the newest revisions. */
  | { readonly kind: "different"; readonly newestHere: number; readonly newestThere: number }
  /** On a disk: its live file is not the newest revision there, and what it is would be taken for an edit. */
  | { readonly kind: "not_live"; readonly newest: number };

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

/** Reads both anew, and compares each line of history and the bytes of each version that is to be kept. @returns whether all is the same */
export async function isWholeCopy(
  source: ConfigReader,
  copy: ConfigReader,
  backupsMax: number,
): Promise<boolean> {
  const newest = source.newest?.revision ?? 0;
  if (source.newest?.revision !== copy.newest?.revision) return false;
  for await (const entries of missingRevisions(source, 0)) {
    const last = entries.at(-1)?.revision ?? 0;
    const here = (await copy.page(last, entries.length)).toReversed();
    if (JSON.stringify(here) !== JSON.stringify(entries)) return false;
    for (const entry of here) {
      if (!isKeptAt(entry.revision, newest, backupsMax)) continue;
      if (!(await isFound(source, entry))) continue;
      if (!(await isFound(copy, entry))) return false;
    }
  }
  return true;
}

async function isFound(reader: ConfigReader, { revision, sha256 }: Revision): Promise<boolean> {
  const found = await reader.find(revision);
  return found.kind === "found" && versionOf(found.version.bytes).sha256 === sha256;
}
