// What becomes of a change that waits when its admin decides: it goes on, or the merge of both edits is shown and waits in its place.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { ConfigStore } from "../store/port.ts";
import type { ParkedChange } from "./parked-changes.ts";
import { describeStale, type StaleDescription } from "./stale.ts";
import { versionByHash } from "./versions.ts";
import { type ContinuedRequest, goOn } from "./waiting-change.ts";

/** With what its author has decided on. */
export function goOnWith(live: ConfigStore, id: string, change: ParkedChange): ContinuedRequest {
  const { guarded } = change;
  return {
    ...goOn(live, `parked:${id}`, change, change.shownSha256),
    guardIsKnown: guarded !== undefined,
    ...(guarded?.agreed && { agreed: guarded.agreed }),
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
