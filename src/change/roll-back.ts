// Going back to an older revision: what that would change is shown first, and waits for a word.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Problem } from "../model/problem.ts";
import type { Revision } from "../model/revision.ts";
import { liveSha256Of } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import { type NoVersion, previousRevision, readRevision } from "./read.ts";
import { never } from "../model/never.ts";

export type RollbackPreview =
  | NoVersion
  /** Nothing to go back to: these bytes are live. */
  | { readonly kind: "already_live"; readonly entry: Revision }
  | {
      readonly kind: "preview";
      readonly entry: Revision;
      /** Against what is live; undefined where nothing is. */
      readonly changes: Comparison | undefined;
      /** What today's schema says against that version. */
      readonly problems: readonly Problem[];
      readonly parkedId: string;
    };

/** @param asked - a revision; by default the one before what is live */
export async function previewRollback(
  config: ConfigReader,
  asked: number | undefined,
  userId: number,
  { inspector, parked }: { readonly inspector: Inspector; readonly parked: ParkedChanges },
): Promise<RollbackPreview> {
  const found = await readRevision(config, asked ?? (await previousRevision(config)));
  if (found.kind !== "found") return found;
  const { entry, version } = found;
  const live = await config.readLive();
  if (live?.sha256 === entry.sha256) return { kind: "already_live", entry };
  const [changes, validation] = await Promise.all([
    live === undefined ? undefined : inspector.compare(live.bytes, version.bytes),
    inspector.check(version.bytes, config.config, never),
  ]);
  const problems = validation.kind === "invalid" ? validation.problems : [];
  const parkedId = await parked.park({
    configId: config.config.id,
    how: "rollback",
    userId,
    reason: null,
    message: null,
    shownSha256: liveSha256Of(live),
    baseSha256: null,
    unchecked: problems.length > 0,
    isPreview: true,
    bytes: version.bytes,
  });
  return { kind: "preview", entry, changes, problems, parkedId };
}
