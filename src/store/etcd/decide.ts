// Decides something about the live version of a config in etcd: that it stays, or gets more time.
import { Refusal, refusalOrThrow } from "../../model/trouble.ts";
import type { Decision, DecisionEnd } from "../port.ts";
import type { EtcdParts } from "./commit.ts";
import { isAt, put, read } from "./kv.ts";
import {
  headText,
  storedKept,
  type StoredHead,
  type StoredKept,
  randomId,
} from "./stored-revision.ts";
import { never } from "../../model/never.ts";

/**
 * That a revision stays is written with the head, so that a commit of another process, which was admitted before, looks again.
 * @returns every case of {@link DecisionEnd}
 */
export async function decideInEtcd<Held>(
  parts: EtcdParts,
  { by, keeps, admit }: Decision<Held>,
): Promise<DecisionEnd<Held>> {
  const release = await parts.lock.acquire(by, never);
  try {
    for (;;) {
      const head = await parts.history.refresh();
      const held = await admit(
        head && { sha256: head.entry.sha256, revision: head.entry.revision },
      );
      if (held !== undefined) return { kind: "held", held };
      if (keeps === null || head === undefined) return { kind: "decided" };
      const timeMs = Math.max(Date.now(), Date.parse(head.entry.at) + 1);
      const kept = { kept: keeps, at: new Date(timeMs).toISOString(), kept_by: by };
      const isDone = await keep(parts, head, { kept, attempt: randomId() });
      if (isDone) return { kind: "decided" };
    }
  } catch (error) {
    return { kind: "failed", trouble: refusalOrThrow(error) };
  } finally {
    release?.();
  }
}

/** @returns false where another process changed the head first */
async function keep(
  { kv, keys, history }: EtcdParts,
  head: StoredHead,
  stored: StoredKept,
): Promise<boolean> {
  const next = { ...head, kept: stored.kept };
  const key = keys.kept(stored.kept.kept);
  const { succeeded, revision, ranges, mayWrite } = await kv.transact(
    {
      compare: [isAt(keys.head, head.modRevision)],
      success: [put(key, JSON.stringify(stored)), put(keys.head, headText(next))],
      failure: [read(key)],
    },
    { settles: true },
  );
  if (succeeded) {
    history.committed({ ...next, modRevision: revision });
    return true;
  }
  // Sent before, and its answer was lost.
  const [found = []] = ranges;
  if (found.some((each) => storedKept(each).attempt === stored.attempt)) return true;
  if (!mayWrite) throw new Refusal({ code: "store_other_leads" });
  return false;
}
