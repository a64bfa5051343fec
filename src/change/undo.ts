// Taking back one change: exactly what it replaced is restored, only while its version is still live.
import type { Revision } from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { ConfigReader } from "../store/port.ts";
import { isLive } from "./versions.ts";

export type Undoable =
  | { readonly kind: "ready"; readonly entry: Revision; readonly before: Version }
  /** `by` is undefined where it was changed past Airlock. */
  | { readonly kind: "changed_since"; readonly by: Revision | undefined }
  /** What it replaced is no longer kept; `revision` is that one's number. */
  | { readonly kind: "pruned"; readonly revision: number }
  /** There is no such change, or it replaced nothing. */
  | { readonly kind: "unknown" };

export async function undoable(config: ConfigReader, revision: number): Promise<Undoable> {
  const entry = (await config.page(revision, 1))[0];
  if (entry?.revision !== revision || entry.backup === null) return { kind: "unknown" };
  const live = await config.readLive();
  if (!isLive(entry, live)) {
    const by = live?.revision === undefined ? undefined : config.newest;
    return { kind: "changed_since", by };
  }
  const before = await config.replacedBy(entry);
  return before === undefined
    ? { kind: "pruned", revision: revision - 1 }
    : { kind: "ready", entry, before };
}
