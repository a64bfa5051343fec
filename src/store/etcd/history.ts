// The history of one config in etcd, and its head, as far as this process knows them. Only ever moves on; what others commit comes in
// by every answer that has the head.
import type { Revision } from "../../model/revision.ts";
import { type RecentRevisions, recentRevisions, recentRevisionsMax } from "../recent-revisions.ts";
import type { CallOptions } from "./gateway.ts";
import type { ConfigKeys } from "./keys.ts";
import { type Kv, type KeyValue, prefixEnd } from "./kv.ts";
import {
  type StoredHead,
  storedHead,
  storedRevision,
  type StoredRevision,
} from "./stored-revision.ts";

/** Of some kilobytes each. */
const revisionsPerPage = 500;

export interface EtcdHistory {
  readonly recent: RecentRevisions;
  /** The newest that this process knows of; undefined before the first. */
  readonly head: StoredHead | undefined;
  /** When a majority last said which one that is; in milliseconds since 1970. */
  readonly knownAtMs: number;
  /** Takes in what was read of the head, and whatever came before it. @returns whether that was new */
  noteHead(kvs: readonly KeyValue[]): Promise<boolean>;
  /** Takes in what this process committed. */
  committed(head: StoredHead): void;
  /** The head as a majority has it now. */
  refresh(options?: Pick<CallOptions, "withinMs">): Promise<StoredHead | undefined>;
  get(revision: number): Promise<Revision | undefined>;
  /** Up to `count` entries, the newest first, from `newest` down. */
  page(newest: number, count: number): Promise<readonly Revision[]>;
  /** The recent revision that this attempt made. */
  ofAttempt(key: string): Revision | undefined;
}

/** @throws Refusal */
export async function openEtcdHistory(kv: Kv, keys: ConfigKeys): Promise<EtcdHistory> {
  const newestHead = await kv.range(keys.head);
  const newestFirst = await kv.range(keys.revisions, {
    end: prefixEnd(keys.revisions),
    newestFirst: true,
    limit: recentRevisionsMax,
  });
  // Without a head they are what a copy left that did not come to its end.
  const isCopied = newestHead.kvs.length > 0;
  const stored = isCopied ? newestFirst.kvs.map(storedRevision).toReversed() : [];
  const recent = recentRevisions(stored.map(({ entry }) => entry));
  const attempts = new Map(stored.map(({ key, entry }) => [key, entry]));
  let head: StoredHead | undefined;
  let knownAtMs = Date.now();

  function take({ entry, key }: StoredRevision): void {
    // Two reads may bring the same.
    if (entry.revision !== (recent.last?.revision ?? 0) + 1) return;
    attempts.set(key, entry);
    for (const oldest of attempts.keys()) {
      if (attempts.size <= recentRevisionsMax) break;
      attempts.delete(oldest);
    }
    recent.add(entry);
    recent.tell(entry);
  }

  function isNews(modRevision: string): boolean {
    return head === undefined || BigInt(modRevision) > BigInt(head.modRevision);
  }

  async function rangeOf(revision: number, end: number): Promise<readonly StoredRevision[]> {
    const found: StoredRevision[] = [];
    for (let from = revision; from < end; from += revisionsPerPage) {
      const { kvs } = await kv.range(keys.revision(from), {
        end: keys.revision(Math.min(end, from + revisionsPerPage)),
      });
      found.push(...kvs.map(storedRevision));
    }
    return found;
  }

  async function noteHead(kvs: readonly KeyValue[]): Promise<boolean> {
    const [kv] = kvs;
    if (kv === undefined || !isNews(kv.modRevision)) {
      knownAtMs = Date.now();
      return false;
    }
    const next = storedHead(kv);
    const known = recent.last?.revision ?? 0;
    const missed = await rangeOf(known + 1, next.entry.revision);
    if (!isNews(kv.modRevision)) return false;
    for (const each of [...missed, next]) take(each);
    head = next;
    knownAtMs = Date.now();
    return true;
  }

  async function entriesFrom(revision: number, end: number): Promise<readonly Revision[]> {
    const oldest = recent.all[0]?.revision ?? 1;
    const older = await rangeOf(Math.max(1, revision), Math.min(end, oldest));
    return [
      ...older.map(({ entry }) => entry),
      ...recent.since(revision - 1).filter((entry) => entry.revision < end),
    ];
  }

  const history: EtcdHistory = {
    recent,
    get head() {
      return head;
    },
    get knownAtMs() {
      return knownAtMs;
    },
    noteHead,
    committed(next) {
      if (!isNews(next.modRevision)) return;
      take(next);
      head = next;
      knownAtMs = Date.now();
    },
    async refresh(options = {}) {
      await noteHead((await kv.range(keys.head, options)).kvs);
      return head;
    },
    async get(revision) {
      return (await entriesFrom(revision, revision + 1))[0];
    },
    async page(newest, count) {
      return (await entriesFrom(newest - count + 1, newest + 1)).toReversed();
    },
    ofAttempt: (key) => attempts.get(key),
  };
  await history.refresh();
  return history;
}
