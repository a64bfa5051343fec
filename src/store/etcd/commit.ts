// Commits one version to etcd: its bytes under their hash, then one transaction that compares the head. The lock of this process is for
// fairness alone: only the transaction makes sure that nobody else's change is lost.
import { randomBytes } from "node:crypto";
import type { ConfigId } from "../../model/config-id.ts";
import { type AppliedOutcome, cancelledBy } from "../../model/outcome.ts";
import { refusalOrThrow } from "../../model/trouble.ts";
import type { Version } from "../../model/version.ts";
import type { ConfigLock } from "../lock.ts";
import { newRevision } from "../new-revision.ts";
import type { Candidate, CommitEnd, CommitOptions } from "../port.ts";
import type { EtcdHistory } from "./history.ts";
import type { KeptVersions } from "./kept-versions.ts";
import type { ConfigKeys } from "./keys.ts";
import { isAbsent, isAt, isPresent, type Kv, put, read } from "./kv.ts";
import {
  headText,
  type StoredHead,
  storedRevision,
  type StoredRevision,
  randomId,
} from "./stored-revision.ts";

/** What a config in etcd is made of. */
export interface EtcdParts {
  readonly id: ConfigId;
  readonly kv: Kv;
  readonly keys: ConfigKeys;
  readonly lock: ConfigLock;
  readonly history: EtcdHistory;
  readonly versions: KeptVersions;
  /** The bytes that were live when they were last asked for or committed, for when etcd does not answer. */
  readonly remembered: { live: Version | undefined };
  /** Told of trouble that changes no outcome. */
  readonly report: (what: string, error: unknown) => void;
  /** Does this in the background, one after another; closing the store waits for it. */
  readonly later: (act: () => Promise<void>) => void;
}

/**
 * Makes the candidate the newest revision. `applied` is returned once a majority has it. Where etcd does not say what became of the
 * transaction, it is sent again until etcd does: nothing is said before.
 * @param backupsMax - versions kept beside the one that is live; 0 keeps all
 * @returns every case of {@link CommitEnd}; `failed` only where the transaction certainly was not and will not be carried out
 */
export async function commitToEtcd<Held>(
  parts: EtcdParts,
  candidate: Candidate,
  { signal, onProgress, admit }: CommitOptions<Held>,
  backupsMax: number,
): Promise<CommitEnd<Held>> {
  let letGo: (() => void) | undefined;
  try {
    letGo = await parts.versions.keep(candidate.version, signal);
    onProgress("lock_wait_began");
    const release = await parts.lock.acquire(candidate.author ?? undefined, signal);
    onProgress("lock_wait_ended");
    if (release === undefined) return cancelledBy(signal);
    onProgress("lock_acquired");
    let end: CommitEnd<Held>;
    try {
      end = await commitHoldingLock(parts, candidate, { onProgress, admit });
    } finally {
      release();
      onProgress("lock_released");
    }
    // Nobody waits for it: what was committed stands, and the next commit prunes again.
    if (end.kind === "applied") parts.later(() => parts.versions.prune(parts.history, backupsMax));
    return end;
  } catch (error) {
    const trouble = refusalOrThrow(error);
    // The bytes alone change nothing.
    return letGo === undefined && signal.aborted
      ? cancelledBy(signal)
      : { kind: "failed", live: "old", trouble };
  } finally {
    letGo?.();
  }
}

async function commitHoldingLock<Held>(
  parts: EtcdParts,
  candidate: Candidate,
  { onProgress, admit }: Pick<CommitOptions<Held>, "onProgress" | "admit">,
): Promise<CommitEnd<Held>> {
  const { history, versions } = parts;
  /** One for all of it: what was sent first may be carried out after what was sent in its place. */
  const attempt = randomId();
  let head = history.head;
  /** What this process knows may be old. The transaction finds that out; a refusal needs a look. */
  let isFresh = false;
  let told = false;
  for (;;) {
    const refused = await refusal(candidate, head, admit);
    if (refused !== undefined) {
      if (isFresh) return refused;
      const judged = head?.modRevision;
      head = await history.refresh();
      isFresh = true;
      if (head?.modRevision === judged) return refused;
      continue;
    }
    if (!told) onProgress("backup_ended");
    told = true;
    const end = await transact(parts, candidate, head, attempt);
    if (end.kind === "applied") {
      parts.remembered.live = candidate.version;
      onProgress("replace_ended");
      return end;
    }
    if (end.kind === "settled") return { kind: "cancelled", by: "stop" };
    if (end.kind === "pruned") await versions.putAgain(candidate.version);
    head = history.head;
    isFresh = true;
  }
}

async function refusal<Held>(
  { version }: Candidate,
  head: StoredHead | undefined,
  admit: CommitOptions<Held>["admit"],
): Promise<CommitEnd<Held> | undefined> {
  if (head?.entry.sha256 === version.sha256) return { kind: "unchanged" };
  const held = await admit(head && { sha256: head.entry.sha256, revision: head.entry.revision });
  return held === undefined ? undefined : { kind: "held", held };
}

type TransactEnd =
  | AppliedOutcome
  /** Another process committed first. */
  | { readonly kind: "moved" }
  /** Another process pruned the bytes, which no revision had yet. */
  | { readonly kind: "pruned" }
  /** Another process took over: this attempt changed nothing, and never will. */
  | { readonly kind: "settled" };

async function transact(
  { kv, keys, id, history, report }: EtcdParts,
  candidate: Candidate,
  head: StoredHead | undefined,
  attempt: string,
): Promise<TransactEnd> {
  const next = { ...revisionAfter(head, candidate, id), attempt };
  const replaced = head?.entry ?? null;
  const revision = keys.revision(next.entry.revision);
  const version = keys.version(next.entry.sha256);
  const settled = keys.settled(candidate.key);
  const kept = head?.kept;
  const {
    succeeded,
    revision: modRevision,
    ranges,
    mayWrite,
  } = await kv.transact(
    {
      compare: [
        isAt(keys.head, head?.modRevision ?? "0"),
        isAbsent(revision),
        isPresent(version),
        isAbsent(settled),
      ],
      success: [put(revision, JSON.stringify(next)), put(keys.head, headText({ ...next, kept }))],
      failure: [read(keys.head), read(revision), read(version, { keysOnly: true }), read(settled)],
    },
    { settles: true },
  );
  if (succeeded) {
    history.committed({ ...next, kept, modRevision });
    return { kind: "applied", entry: next.entry, replaced };
  }
  const [headNow = [], revisionNow = [], versionNow = [], settledNow = []] = ranges;
  // Sent before, and its answer was lost.
  const ours = revisionNow.map(storedRevision).find((each) => each.attempt === attempt);
  try {
    await history.noteHead(headNow);
  } catch (error) {
    if (ours === undefined) throw error;
    report("reading what followed a change", error);
  }
  if (ours !== undefined) return { kind: "applied", entry: ours.entry, replaced };
  if (settledNow.length > 0 || !mayWrite) return { kind: "settled" };
  return { kind: versionNow.length === 0 ? "pruned" : "moved" };
}

function revisionAfter(
  head: StoredHead | undefined,
  candidate: Candidate,
  id: ConfigId,
): Omit<StoredRevision, "attempt"> {
  const last = head?.entry;
  const timeMs = Math.max(Date.now(), last === undefined ? 0 : Date.parse(last.at) + 1);
  const at = new Date(timeMs).toISOString();
  return {
    key: candidate.key,
    entry: {
      revision: (last?.revision ?? 0) + 1,
      ...newRevision(candidate, {
        at,
        sha256: candidate.version.sha256,
        previous_sha256: last?.sha256 ?? null,
        bytes: candidate.version.bytes.length,
        backup: last === undefined ? null : backupName(id, at),
      }),
    },
  };
}

/** The name of the file that the version replaced becomes where the store is copied to a disk. */
function backupName(id: ConfigId, at: string): string {
  return `${id}.${at.replaceAll(/[-:.]/g, "")}.${randomBytes(4).toString("hex")}.yml`;
}
