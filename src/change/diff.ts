// Two versions side by side: an older revision and what is live, or a change and what it replaced.
import type { Revision } from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import {
  changedOnDiskAt,
  type NoFile,
  type NoVersion,
  previousRevision,
  readRevision,
} from "./read.ts";

export interface TwoVersions {
  readonly kind: "two";
  /** The older revision, or the change. */
  readonly entry: Revision;
  readonly before: Version;
  readonly after: Version;
  /** When what is live was changed past Airlock, ISO 8601. */
  readonly changedOnDiskAt: string | undefined;
}

/** @param asked - a revision; by default the one before what is live */
export async function sinceRevision(
  config: ConfigReader,
  asked: number | undefined,
): Promise<TwoVersions | NoVersion | NoFile> {
  const found = await readRevision(config, asked ?? (await previousRevision(config)));
  if (found.kind !== "found") return found;
  const live = await config.readLive();
  if (live === undefined) return { kind: "missing", newest: config.newest };
  const { entry, version: before } = found;
  return { kind: "two", entry, before, after: live, changedOnDiskAt: changedOnDiskAt(live) };
}

/** What this revision changed. A first version is no change, and of one whose bytes are gone nothing can be shown. */
export async function changeOf(
  config: ConfigReader,
  revision: number,
): Promise<TwoVersions | NoVersion> {
  const found = await readRevision(config, revision);
  if (found.kind !== "found") return found;
  const { entry, version: after } = found;
  const before = await config.replacedBy(entry);
  if (before !== undefined) {
    return { kind: "two", entry, before, after, changedOnDiskAt: undefined };
  }
  const replaced = (await config.page(revision - 1, 1))[0];
  return replaced === undefined
    ? { kind: "unknown", asked: revision - 1, newest: config.newest }
    : { kind: "pruned", entry: replaced };
}
