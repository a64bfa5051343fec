// An upload that was made without a look at what is live, and took back what somebody else had just changed: what that was, and the merge
// of both, for whoever wants it, until somebody changes the file again.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { SetBack } from "../model/outcome.ts";
import type { Revision } from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { ConfigReader, LiveVersion } from "../store/port.ts";
import type { EditOrigin } from "./gates/stale.ts";
import type { ParkedChange } from "./parked-changes.ts";
import type { UploadRequest } from "./upload-request.ts";

/** @param edit - what it was compared with */
export function isBaseless(
  { how, base, baseless = false }: Pick<UploadRequest, "how" | "base" | "baseless">,
  { baseSha256 }: EditOrigin,
): boolean {
  return how === "upload" && (base === "given" ? baseSha256 === null : baseless);
}

/** What an upload replaced, and what it made. */
interface ReplacedAndMade {
  readonly before: Version;
  readonly made: Version;
}

/**
 * @param replaced - the line of the version that it replaced
 * @returns null where it took back nothing of somebody else's, and where the version before that one is no longer kept
 */
export async function setBackBy(
  config: ConfigReader,
  entry: Revision,
  { before: theirs, made }: ReplacedAndMade,
  replaced: Revision | null,
  inspector: Inspector,
): Promise<SetBack | null> {
  const of = replaced?.author ?? null;
  if (replaced === null || of === null || of.id === entry.author?.id) return null;
  const base = await config.replacedBy(replaced);
  if (base === undefined) return null;
  const edit = await inspector.setBack(base.bytes, theirs.bytes, made.bytes);
  return edit === null ? null : { ...edit, of };
}

export interface SetBackMerge {
  /** What waits for whoever asked for it. */
  readonly change: ParkedChange;
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
  if (live === undefined || entry === undefined || replaced === undefined) return undefined;
  if (!isLive(entry, revision, live)) return undefined;
  const theirs = await config.replacedBy(entry);
  const base = await config.replacedBy(replaced);
  if (theirs === undefined || base === undefined) return undefined;
  const merge = await inspector.merge(base.bytes, live.bytes, theirs.bytes);
  if (merge.kind !== "merged") return undefined;
  const bytes = Buffer.from(merge.text);
  const changes = await inspector.compare(live.bytes, bytes);
  const change: ParkedChange = {
    configId: config.config.id,
    how: "upload",
    userId,
    reason: null,
    message: null,
    shownSha256: live.sha256,
    // What is live is in the merge: it is what this edit was made from.
    baseSha256: live.sha256,
    baseless: false,
    unchecked: false,
    confirmation: null,
    dueAt: null,
    bytes,
  };
  return { change, changes };
}

/** The same bytes are not enough: somebody may have changed the file and put them back since. */
function isLive(entry: Revision, revision: number, live: LiveVersion): boolean {
  return (
    entry.revision === revision && live.revision === entry.revision && live.sha256 === entry.sha256
  );
}
