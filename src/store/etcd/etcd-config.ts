// A config in etcd, as the store's port asks for it.
import type { Config } from "../../model/config.ts";
import type { Revision } from "../../model/revision.ts";
import { Refusal } from "../../model/trouble.ts";
import type { Candidate, CommitEnd, CommitOptions, ConfigStore, LiveVersion } from "../port.ts";
import { commitToEtcd, type EtcdParts } from "./commit.ts";
import { decideInEtcd } from "./decide.ts";

/** Puts the port before these parts. */
export function etcdConfig(config: Config, parts: EtcdParts, backupsMax: number): ConfigStore {
  const { history, versions, lock } = parts;

  /** Undefined where there is no such revision, as far as anybody knows. */
  async function entryOf(revision: number): Promise<Revision | undefined> {
    if (revision > (history.recent.last?.revision ?? 0)) await history.refresh();
    return history.get(revision);
  }

  return {
    config,
    get newest() {
      return history.recent.last;
    },
    get lastKept() {
      return history.head?.kept;
    },
    get holder() {
      return lock.holder;
    },
    readLive: () => readLive(parts),
    async find(revision) {
      const entry = await entryOf(revision);
      if (entry === undefined) return { kind: "unknown" };
      const version = await versions.read(entry.sha256);
      return version === undefined ? { kind: "pruned", entry } : { kind: "found", entry, version };
    },
    async replacedBy({ previous_sha256: sha256 }) {
      return sha256 === null ? undefined : versions.read(sha256);
    },
    page: (newest, count) => history.page(newest, count),
    keeps: ({ sha256 }) => versions.has(sha256),
    recent: history.recent.find,
    since: history.recent.since,
    hasMessage: history.recent.hasMessage,
    commit: <Held>(candidate: Candidate, options: CommitOptions<Held>): Promise<CommitEnd<Held>> =>
      commitToEtcd(parts, candidate, options, backupsMax),
    decide: (decision) => decideInEtcd(parts, decision),
    // Nobody changes etcd past Airlock.
    async adopt(sha256) {
      const entry = (await history.refresh())?.entry;
      return entry?.sha256 === sha256 ? { kind: "adopted", entry } : { kind: "moved" };
    },
    watch: history.recent.watch,
    watchLive: () => () => {},
  };
}

async function readLive({ history, versions }: EtcdParts): Promise<LiveVersion | undefined> {
  for (let lookedFor: string | undefined; ;) {
    const head = await history.refresh();
    if (head === undefined) return undefined;
    const { entry, modRevision } = head;
    const version = await versions.read(entry.sha256);
    if (version !== undefined) {
      return { ...version, modifiedAt: entry.at, revision: entry.revision };
    }
    // It was replaced and pruned between the two reads, or it is lost.
    if (lookedFor === modRevision) throw new Refusal({ code: "store_unreadable" });
    lookedFor = modRevision;
  }
}
