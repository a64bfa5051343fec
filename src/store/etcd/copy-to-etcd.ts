// Takes in what another store has of one config: at the first start, and where somebody moves to etcd. The head is written last, so that
// nobody sees half of it; each transaction compares it, so that of two that do this at once one wins.
import type { Revision } from "../../model/revision.ts";
import { Refusal } from "../../model/trouble.ts";
import { versionOf } from "../../model/version.ts";
import { type CopyEnd, isKeptAt, missingRevisions, nothingToCopy } from "../copy.ts";
import type { ConfigReader } from "../port.ts";
import type { EtcdParts } from "./commit.ts";
import { isAbsent, isAt, isPresent, type Operation, put, removeAll } from "./kv.ts";
import { headText, type StoredHead, type StoredRevision, randomId } from "./stored-revision.ts";
import { never } from "../../model/never.ts";

/**
 * @param backupsMax - versions kept beside the one that is live; 0 keeps all
 * @throws Refusal where etcd refuses, or another process was faster
 */
export async function copyToEtcd(
  parts: EtcdParts,
  source: ConfigReader,
  backupsMax: number,
): Promise<CopyEnd> {
  const { keys, history, versions } = parts;
  const head = await history.refresh();
  const ended = await nothingToCopy(source, head?.entry);
  const newest = source.newest;
  if (ended !== undefined || newest === undefined) return ended ?? { kind: "same" };
  if (head === undefined) {
    // What a copy left that did not come to its end.
    await write(parts, head, [removeAll(keys.revisions), removeAll(keys.versions)]);
  }
  const letGo: (() => void)[] = [];
  const taken = new Set<string>();
  let revisions = 0;
  let last: StoredRevision | undefined;
  try {
    for await (const entries of missingRevisions(source, head?.entry.revision ?? 0)) {
      for (const { revision, sha256 } of entries) {
        if (!isKeptAt(revision, newest.revision, backupsMax) || taken.has(sha256)) continue;
        const found = await source.find(revision);
        const version = found.kind === "found" ? versionOf(found.version.bytes) : undefined;
        if (version?.sha256 !== sha256) continue;
        letGo.push(await versions.keep(version, never));
        taken.add(sha256);
      }
      const stored = entries.map(copied);
      await write(
        parts,
        head,
        stored.map((each) => put(keys.revision(each.entry.revision), JSON.stringify(each))),
      );
      revisions += entries.length;
      last = stored.at(-1);
    }
    if (last === undefined) throw new Refusal({ code: "store_unreadable" });
    await writeHead(parts, head, last, source);
  } finally {
    for (const each of letGo) each();
  }
  await history.refresh();
  return { kind: "copied", revisions, versions: taken.size };
}

function copied(entry: Revision): StoredRevision {
  return { entry, attempt: randomId(), key: `copied:${entry.revision}` };
}

async function writeHead(
  parts: EtcdParts,
  head: StoredHead | undefined,
  last: StoredRevision,
  source: ConfigReader,
): Promise<void> {
  const { keys } = parts;
  const kept = source.lastKept ?? head?.kept;
  const keeping =
    kept === undefined
      ? []
      : [put(keys.kept(kept.kept), JSON.stringify({ kept, attempt: last.attempt }))];
  const operations = [put(keys.head, headText({ ...last, kept })), ...keeping];
  await write(parts, head, operations, [keys.version(last.entry.sha256)]);
}

/** @param needed - keys that must be there */
async function write(
  { kv, keys }: EtcdParts,
  head: StoredHead | undefined,
  success: readonly Operation[],
  needed: readonly string[] = [],
): Promise<void> {
  const unchanged = head === undefined ? isAbsent(keys.head) : isAt(keys.head, head.modRevision);
  const { succeeded, mayWrite } = await kv.transact(
    { compare: [unchanged, ...needed.map(isPresent)], success },
    { settles: true },
  );
  if (succeeded) return;
  throw new Refusal({ code: mayWrite ? "store_changed_meanwhile" : "store_other_leads" });
}
