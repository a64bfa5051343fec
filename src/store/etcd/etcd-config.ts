// A config in etcd, as the store's port asks for it.
import type { Config } from "../../model/config.ts";
import type { Revision } from "../../model/revision.ts";
import { isStoreAway, Refusal, refusedBecause } from "../../model/trouble.ts";
import type { Version } from "../../model/version.ts";
import type { Candidate, CommitEnd, CommitOptions, ConfigStore, LiveVersion } from "../port.ts";
import { heldLock, holdingLock } from "../lock.ts";
import { commitToEtcd, type EtcdParts } from "./commit.ts";
import { decideInEtcd } from "./decide.ts";
import type { StoredHead } from "./stored-revision.ts";

/** Whoever looks is told sooner than whoever changes that etcd does not answer. */
const readWithinMs = 5000;

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
    // One machine takes it before the others: until that is settled, nobody else commits here.
    ...(config.rules.rollout !== null &&
      ({
        holding: (holder, waiting, act) =>
          holdingLock(lock, holder, waiting, () =>
            act(etcdConfig(config, { ...parts, lock: heldLock(holder) }, backupsMax)),
          ),
      } satisfies Pick<ConfigStore, "holding">)),
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

/** Reads what is live, and remembers it. @returns what is remembered, where etcd does not answer soon */
export async function readLive(parts: EtcdParts): Promise<LiveVersion | undefined> {
  try {
    return await readFromEtcd(parts);
  } catch (error) {
    const { history, remembered } = parts;
    const trouble = refusedBecause(error);
    const isAway = trouble !== undefined && isStoreAway(trouble);
    const head = history.head;
    if (!isAway || head === undefined || remembered.live?.sha256 !== head.entry.sha256) throw error;
    return {
      ...liveVersion(head, remembered.live),
      asOf: new Date(history.knownAtMs).toISOString(),
    };
  }
}

async function readFromEtcd({
  history,
  versions,
  remembered,
}: EtcdParts): Promise<LiveVersion | undefined> {
  for (let lookedFor: string | undefined; ;) {
    const head = await history.refresh({ withinMs: readWithinMs });
    if (head === undefined) return undefined;
    const { sha256 } = head.entry;
    const known = remembered.live;
    const version = known?.sha256 === sha256 ? known : await versions.read(sha256);
    if (version !== undefined) {
      remembered.live = version;
      return liveVersion(head, version);
    }
    // It was replaced and pruned between the two reads, or it is lost.
    if (lookedFor === head.modRevision) throw new Refusal({ code: "store_unreadable" });
    lookedFor = head.modRevision;
  }
}

function liveVersion({ entry }: StoredHead, version: Version): LiveVersion {
  return { ...version, modifiedAt: entry.at, revision: entry.revision };
}
