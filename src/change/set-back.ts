// An upload that was made without a look at what is live, and took back what somebody else had just changed: what that was, and the merge
// of both, for whoever wants it, until somebody changes the file again.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { SetBack } from "../model/outcome.ts";
import type { Revision } from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import type { ParkedAnew } from "./parked-changes.ts";
import { isLive } from "./versions.ts";

export interface Replaced {
  /** null where nothing was there, or it is no longer kept. */
  readonly changes: Comparison | null;
  /** null where it took back nothing of somebody else's, and where the version before that one is no longer kept. */
  readonly setBack: SetBack | null;
}

/**
 * What became of a version by the one that replaced it.
 * @param entry - the line of the one that replaced it
 * @param unseen - the line of the replaced one, where the author of the other had not seen it
 */
export async function replacedBy(
  config: ConfigReader,
  entry: Revision,
  made: Version,
  unseen: Revision | null,
  inspector: Pick<Inspector, "compare" | "replacement">,
): Promise<Replaced> {
  const before = await config.replacedBy(entry);
  if (before === undefined) return { changes: null, setBack: null };
  const of = unseen?.author ?? null;
  const isOthers = unseen !== null && of !== null && of.id !== entry.author?.id;
  const base = isOthers ? await config.replacedBy(unseen) : undefined;
  if (of === null || base === undefined) {
    return { changes: await inspector.compare(before.bytes, made.bytes), setBack: null };
  }
  const { changes, setBack } = await inspector.replacement(base.bytes, before.bytes, made.bytes);
  return { changes, setBack: setBack && { ...setBack, of } };
}

export interface SetBackMerge {
  /** What waits for whoever asked for it. */
  readonly change: ParkedAnew;
  /** What it does to the live file. */
  readonly changes: Comparison;
}

/**
 * What this revision took back, laid over what is live.
 * @param revision - the one that took it back
 * @param userId - who asks for it, and may apply it
 * @returns undefined where that revision is live no more, or the two cannot be joined
 */
export async function mergeSetBack(
  config: ConfigReader,
  revision: number,
  userId: number,
  inspector: Inspector,
): Promise<SetBackMerge | undefined> {
  const live = await config.readLive();
  const [entry, replaced] = await config.page(revision, 2);
  if (entry?.revision !== revision || replaced === undefined) return undefined;
  if (live === undefined || !isLive(entry, live)) return undefined;
  const theirs = await config.replacedBy(entry);
  const base = await config.replacedBy(replaced);
  if (theirs === undefined || base === undefined) return undefined;
  const merge = await inspector.merge(base.bytes, live.bytes, theirs.bytes);
  if (merge.kind !== "merged") return undefined;
  const bytes = Buffer.from(merge.text);
  const changes = await inspector.compare(live.bytes, bytes);
  const change: ParkedAnew = {
    configId: config.config.id,
    how: "upload",
    userId,
    reason: null,
    message: null,
    shownSha256: live.sha256,
    // What is live is in the merge: it is what this edit was made from.
    baseSha256: live.sha256,
    unchecked: false,
    bytes,
  };
  return { change, changes };
}
