// The bytes of one config's versions in etcd, each under its hash: so they never change, and equal ones are there once.
import { type Version, versionOf } from "../../model/version.ts";
import { Refusal } from "../../model/trouble.ts";
import type { EtcdHistory } from "./history.ts";
import type { ConfigKeys } from "./keys.ts";
import { everything, isAbsent, isAt, type Kv, put, remove } from "./kv.ts";

/** Keys without values, of a hundred bytes each. */
const keysPerPage = 1000;
/** In one transaction etcd takes 128 at the most. */
const removedAtOnceMax = 64;

export interface KeptVersions {
  /** Puts these bytes there, unless they are, and holds them against pruning by this process. @returns what lets go of them */
  keep(version: Version, signal: AbortSignal): Promise<() => void>;
  putAgain(version: Version): Promise<void>;
  /** undefined where they are not kept any more. */
  read(sha256: string): Promise<Version | undefined>;
  has(sha256: string): Promise<boolean>;
  /** Removes what none of the newest revisions has: the one that is live, and `backupsMax` before it; 0 keeps all. */
  prune(history: EtcdHistory, backupsMax: number): Promise<void>;
}

export function keptVersions(kv: Kv, keys: ConfigKeys): KeptVersions {
  const held = new Map<string, number>();

  async function putThere(version: Version, signal?: AbortSignal): Promise<void> {
    const key = keys.version(version.sha256);
    await kv.transact({ compare: [isAbsent(key)], success: [put(key, version.bytes)] }, { signal });
  }

  return {
    async keep(version, signal) {
      const { sha256 } = version;
      held.set(sha256, (held.get(sha256) ?? 0) + 1);
      const letGo = (): void => {
        const others = (held.get(sha256) ?? 0) - 1;
        if (others > 0) held.set(sha256, others);
        else held.delete(sha256);
      };
      try {
        await putThere(version, signal);
        return letGo;
      } catch (error) {
        letGo();
        throw error;
      }
    },
    putAgain: (version) => putThere(version),
    async read(sha256) {
      const [found] = (await kv.range(keys.version(sha256))).kvs;
      if (found === undefined) return undefined;
      const version = versionOf(found.value);
      if (version.sha256 !== sha256) throw new Refusal({ code: "store_unreadable" });
      return version;
    },
    async has(sha256) {
      return (await kv.range(keys.version(sha256), { keysOnly: true })).kvs.length > 0;
    },
    async prune(history, backupsMax) {
      const { head } = history;
      if (head === undefined || backupsMax === 0) return;
      const newest = await history.page(head.entry.revision, backupsMax + 1);
      const kept = new Set(newest.map(({ sha256 }) => keys.version(sha256)));
      const needless: string[] = [];
      for await (const { key } of everything(kv, keys.versions, {
        keysOnly: true,
        limit: keysPerPage,
      })) {
        if (!kept.has(key) && !held.has(key.slice(keys.versions.length))) needless.push(key);
      }
      while (needless.length > 0) {
        // What another process commits meanwhile may need one of them: it is compared with the head that was looked at.
        const { succeeded } = await kv.transact({
          compare: [isAt(keys.head, head.modRevision)],
          success: needless.splice(0, removedAtOnceMax).map(remove),
        });
        if (!succeeded) return;
      }
    },
  };
}
