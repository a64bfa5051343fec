// The history of one config: a line of JSON for each version that was live. Only ever appended to. What was added is
// known at once, and pending until its line is synced; the next change waits for that.
import { type Kept, keptSchema, type Revision, revisionSchema } from "../../model/revision.ts";
import { type RecentRevisions, recentRevisions, recentRevisionsMax } from "../recent-revisions.ts";
import { openLineFile, readLastLines, readLinesFrom } from "./append-line.ts";
import { jsonOf } from "../../model/json.ts";
import { newRevision } from "../new-revision.ts";

/** One config's history, open for adding. Nothing in it is thread-safe: add only while holding the config's lock. */
export interface History extends Pick<RecentRevisions, "hasMessage" | "since" | "find" | "watch"> {
  /** The newest entry; undefined before the first. */
  readonly last: Revision | undefined;
  /** The newest line that says that a change stays. */
  readonly lastKept: Kept | undefined;
  /** Adds a line that says that a change stays; durable when it resolves. Where that fails it does not stay, and nothing is written later. */
  keep(kept: Kept): Promise<void>;
  /** Adds an entry after {@link last}; its number follows from that. On disk only after {@link settle}. */
  add(entry: Omit<Revision, "revision">): Revision;
  /** Resolves when every added entry is synced; rejects with the disk's error, and may then be called again. */
  settle(): Promise<void>;
  /** Whether one of the newest entries names this backup. */
  namesBackup(name: string): boolean;
  /** The entry with this number; undefined where there never was one. */
  get(revision: number): Promise<Revision | undefined>;
  /** Up to `count` entries, the newest first, from `newestRevision` down. */
  page(newestRevision: number, count: number): Promise<readonly Revision[]>;
}

export async function openHistory(path: string): Promise<History> {
  const lines = await readLastLines(path, recentRevisionsMax, parseLine);
  const recent = recentRevisions(lines.filter((line) => "revision" in line));
  let lastKept = lines.findLast((line) => "kept" in line);
  const pending: Revision[] = [];
  const file = openLineFile(path);
  let settling: Promise<void> = Promise.resolve();

  async function writePending(): Promise<void> {
    for (let entry = pending[0]; entry !== undefined; entry = pending[0]) {
      await file.append([JSON.stringify(entry)], { sync: true });
      pending.shift();
      recent.tell(entry);
    }
  }

  /** Up to `count` entries from this revision on, oldest first. Those that are not in memory are looked up in the file. */
  async function entriesFrom(revision: number, count: number): Promise<readonly Revision[]> {
    const oldest = recent.all[0]?.revision ?? 1;
    const end = revision + count;
    const isOld = recent.all.length > 0 && revision < oldest;
    const read = isOld
      ? await readLinesFrom(path, parseEntry, (entry) => entry.revision, revision, end)
      : [];
    // A line that was written twice after a failed sync is there once.
    const known = new Map([...read, ...recent.all].map((entry) => [entry.revision, entry]));
    return [...known.values()].filter(
      (entry) => entry.revision >= revision && entry.revision < end,
    );
  }

  return {
    get last() {
      return recent.last;
    },
    get lastKept() {
      return lastKept;
    },
    keep(kept) {
      const before = settling.then(writePending, writePending);
      const writing = (async () => {
        await before;
        await file.append([JSON.stringify(kept)], { sync: true });
        lastKept = kept;
      })();
      settling = writing;
      return writing;
    },
    add(fields) {
      const entry = { revision: (recent.last?.revision ?? 0) + 1, ...fields };
      recent.add(entry);
      pending.push(entry);
      return entry;
    },
    settle() {
      // One after another, also after a failure: two writers would tear each other's lines.
      settling = settling.then(writePending, writePending);
      return settling;
    },
    hasMessage: recent.hasMessage,
    namesBackup: (name) => recent.all.some(({ backup }) => backup === name),
    async get(revision) {
      return (await entriesFrom(revision, 1))[0];
    },
    async page(newestRevision, count) {
      return (await entriesFrom(newestRevision - count + 1, count)).toReversed();
    },
    watch: recent.watch,
    since: recent.since,
    find: recent.find,
  };
}

function parseEntry(line: string): Revision | undefined {
  return revisionSchema.safeParse(jsonOf(line)).data;
}

function parseLine(line: string): Revision | Kept | undefined {
  const value = jsonOf(line);
  return revisionSchema.safeParse(value).data ?? keptSchema.safeParse(value).data;
}

/** The line of a version that appeared on disk without the bot. */
export function unknownVersion(
  last: Revision | undefined,
  sha256: string,
  bytes: number,
  at: string,
  backup: string | null,
): Omit<Revision, "revision"> {
  const how = last === undefined ? "found" : "edited";
  return newRevision(
    { how, author: null, reason: null, message: null },
    { at, sha256, previous_sha256: last?.sha256 ?? null, bytes, backup },
  );
}
