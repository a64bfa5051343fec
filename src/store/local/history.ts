// The history of one config: a line of JSON for each version that was live. Only ever appended to. What was added is
// known at once, and pending until its line is synced; the next change waits for that.
import {
  type Kept,
  keptSchema,
  type MessageReference,
  type Revision,
  revisionSchema,
} from "../../model/revision.ts";
import { openLineFile, readLastLines, readLinesFrom } from "./append-line.ts";

/** This many of the newest lines are kept in memory: to know a version again, and a message that was applied. */
const recentEntriesMax = 1000;
/** Telegram delivers a message again for a day at the most; twice that, for clocks that differ. */
const redeliveredForMs = 2 * 24 * 60 * 60 * 1000;

/** One config's history, open for adding. Nothing in it is thread-safe: add only while holding the config's lock. */
export interface History {
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
  /**
   * Whether one of the newest entries came in this message. A line that names no bot is taken for this bot's while Telegram could
   * still deliver its message again: rather ask for a file once more than apply one twice.
   */
  readonly hasMessage: (message: MessageReference) => boolean;
  /** Whether one of the newest entries names this backup. */
  namesBackup(name: string): boolean;
  /** The entry with this number; undefined where there never was one. */
  get(revision: number): Promise<Revision | undefined>;
  /** Up to `count` entries, the newest first, from `newestRevision` down. */
  page(newestRevision: number, count: number): Promise<readonly Revision[]>;
  /** The entries after this revision, as far as they are in memory. */
  readonly since: (revision: number) => readonly Revision[];
  /** Calls `listener` with each entry when its line is synced. @returns what ends that */
  readonly watch: (listener: (entry: Revision) => void) => () => void;
  /** The newest entry with these bytes that is `sinceRevision` or later. */
  readonly find: (sha256: string, sinceRevision: number) => Revision | undefined;
}

export async function openHistory(path: string): Promise<History> {
  const lines = await readLastLines(path, recentEntriesMax, parseLine);
  const recent = lines.filter((line) => "revision" in line).slice(-recentEntriesMax);
  let lastKept = lines.findLast((line) => "kept" in line);
  /** The recent ones by their message: each document that arrives is looked for in every config. */
  const byMessage = new Map<string, Revision[]>();
  for (const entry of recent) noteMessage(entry);
  const pending: Revision[] = [];
  const file = openLineFile(path);
  const listeners = new Set<(entry: Revision) => void>();
  let settling: Promise<void> = Promise.resolve();

  function noteMessage(entry: Revision): void {
    if (entry.message === null) return;
    const place = placeOf(entry.message);
    byMessage.set(place, [...(byMessage.get(place) ?? []), entry]);
  }

  function forgetMessage(forgotten: Revision | undefined): void {
    if (forgotten === undefined || forgotten.message === null) return;
    const place = placeOf(forgotten.message);
    const left = (byMessage.get(place) ?? []).filter((entry) => entry !== forgotten);
    if (left.length === 0) byMessage.delete(place);
    else byMessage.set(place, left);
  }

  async function writePending(): Promise<void> {
    for (let entry = pending[0]; entry !== undefined; entry = pending[0]) {
      await file.append([JSON.stringify(entry)], { sync: true });
      pending.shift();
      for (const listener of listeners) listener(entry);
    }
  }

  /** Up to `count` entries from this revision on, oldest first. Those that are not in memory are looked up in the file. */
  async function entriesFrom(revision: number, count: number): Promise<readonly Revision[]> {
    const oldest = recent[0]?.revision ?? 1;
    const end = revision + count;
    const isOld = recent.length > 0 && revision < oldest;
    const read = isOld
      ? await readLinesFrom(path, parseEntry, (entry) => entry.revision, revision, end)
      : [];
    // A line that was written twice after a failed sync is there once.
    const known = new Map([...read, ...recent].map((entry) => [entry.revision, entry]));
    return [...known.values()].filter(
      (entry) => entry.revision >= revision && entry.revision < end,
    );
  }

  return {
    get last() {
      return recent.at(-1);
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
      const entry = { revision: (recent.at(-1)?.revision ?? 0) + 1, ...fields };
      recent.push(entry);
      noteMessage(entry);
      if (recent.length > recentEntriesMax) forgetMessage(recent.shift());
      pending.push(entry);
      return entry;
    },
    settle() {
      // One after another, also after a failure: two writers would tear each other's lines.
      settling = settling.then(writePending, writePending);
      return settling;
    },
    hasMessage(message) {
      const entries = byMessage.get(placeOf(message)) ?? [];
      return entries.some(({ at, message: known }) =>
        known?.bot_id === undefined
          ? Date.parse(at) > Date.now() - redeliveredForMs
          : known.bot_id === message.bot_id,
      );
    },
    namesBackup: (name) => recent.some(({ backup }) => backup === name),
    async get(revision) {
      return (await entriesFrom(revision, 1))[0];
    },
    async page(newestRevision, count) {
      return (await entriesFrom(newestRevision - count + 1, count)).toReversed();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since: (revision) => recent.filter((entry) => entry.revision > revision),
    find: (sha256, sinceRevision) =>
      recent.findLast((entry) => entry.sha256 === sha256 && entry.revision >= sinceRevision),
  };
}

/** Each bot counts the messages of a chat itself: two of them may have the same place. */
function placeOf({ chat_id: chatId, message_id: messageId }: MessageReference): string {
  return `${chatId}:${messageId}`;
}

function parseEntry(line: string): Revision | undefined {
  return revisionSchema.safeParse(parseJson(line)).data;
}

function parseLine(line: string): Revision | Kept | undefined {
  const value = parseJson(line);
  return revisionSchema.safeParse(value).data ?? keptSchema.safeParse(value).data;
}

function parseJson(line: string): unknown {
  if (line === "") return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // A line that a crash cut short: the promise is to skip it.
    return undefined;
  }
}

/** The line of a version that appeared on disk without the bot. */
export function unknownVersion(
  last: Revision | undefined,
  sha256: string,
  bytes: number,
  at: string,
  backup: string | null,
): Omit<Revision, "revision"> {
  return {
    at,
    how: last === undefined ? "found" : "edited",
    author: null,
    reason: null,
    sha256,
    previous_sha256: last?.sha256 ?? null,
    bytes,
    backup,
    message: null,
  };
}
