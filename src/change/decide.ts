// What becomes of a change that waits when its admin decides: it goes on, or the merge of both edits is shown and waits in its place.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { ConfigStore } from "../store/port.ts";
import type { ParkedChange } from "./parked-changes.ts";
import { describeStale, type StaleDescription } from "./stale.ts";
import type { UploadRequest } from "./upload-request.ts";
import { versionByHash } from "./versions.ts";

/** The change as it was shown, to be made now. Where another version is live by then, it is stale again. */
export function goOnWith(
  live: ConfigStore,
  id: string,
  change: ParkedChange,
): Pick<
  UploadRequest,
  | "live"
  | "how"
  | "purpose"
  | "reason"
  | "message"
  | "key"
  | "base"
  | "baseless"
  | "unchecked"
  | "guardIsKnown"
  | "agreed"
  | "dueAt"
  | "receive"
> {
  const agreed = change.guarded?.agreed ?? null;
  return {
    live,
    how: change.how,
    purpose: "apply",
    reason: change.reason,
    message: change.message,
    key: `parked:${id}`,
    base: { sha256: change.shownSha256, madeFromSha256: change.baseSha256 },
    baseless: change.baseless,
    unchecked: change.unchecked,
    guardIsKnown: change.guarded !== undefined,
    ...(agreed !== null && { agreed }),
    dueAt: change.dueAt,
    receive: () => Promise.resolve({ kind: "received", bytes: change.bytes }),
  };
}

export type MergeOffer =
  /** Both edits fit together: `change` is what waits now, `changes` what it does to the live file. */
  | { readonly kind: "merge"; readonly change: ParkedChange; readonly changes: Comparison }
  /** They do not, or no longer: another change has landed since. The admin decides anew. */
  | {
      readonly kind: "stale";
      readonly change: ParkedChange;
      readonly stale: StaleDescription;
    };

export async function mergeWithLive(
  config: ConfigStore,
  change: ParkedChange,
  inspector: Inspector,
): Promise<MergeOffer> {
  const { baseSha256, shownSha256 } = change;
  const live = await config.readLive();
  const base = baseSha256 === null ? undefined : await versionByHash(config, baseSha256);
  const merge =
    live === undefined || base === undefined
      ? undefined
      : await inspector.merge(base.bytes, live.bytes, change.bytes);
  if (live === undefined || merge?.kind !== "merged") {
    const stale = await describeStale(config, change.bytes, baseSha256 ?? shownSha256, inspector);
    return { kind: "stale", change: { ...change, shownSha256: stale.liveSha256 }, stale };
  }
  const bytes = Buffer.from(merge.text);
  const changes = await inspector.compare(live.bytes, bytes);
  // What is live now is in the merge: it is what this edit was made from.
  const merged = { ...change, shownSha256: live.sha256, baseSha256: live.sha256, bytes };
  return { kind: "merge", change: merged, changes };
}
