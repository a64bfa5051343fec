// What is live, or an older revision, for whoever asks: no lock, and nothing is changed.
import type { Revision } from "../model/revision.ts";
import type { ConfigReader, FoundVersion, LiveVersion } from "../store/port.ts";

/** Why there is no such version. */
export type NoVersion =
  | Extract<FoundVersion, { readonly kind: "pruned" }>
  /** No revision has this number; `newest` is the last there is. */
  | { readonly kind: "unknown"; readonly asked: number; readonly newest: Revision | undefined };

export type FoundRevision = Extract<FoundVersion, { readonly kind: "found" }>;

/** An older revision, or the newest one, by its number. */
export async function readRevision(
  config: ConfigReader,
  asked: number,
): Promise<FoundRevision | NoVersion> {
  const found = await config.find(asked);
  return found.kind === "unknown" ? { kind: "unknown", asked, newest: config.newest } : found;
}

/** Nothing is live; `newest` was live once. */
export interface NoFile {
  readonly kind: "missing";
  readonly newest: Revision | undefined;
}

export interface ReadLive {
  readonly kind: "live";
  readonly version: LiveVersion;
  /** The line of this version; the newest one, where it was changed past Airlock. */
  readonly entry: Revision | undefined;
}

export async function readCurrent(config: ConfigReader): Promise<ReadLive | NoFile> {
  const version = await config.readLive();
  if (version === undefined) return { kind: "missing", newest: config.newest };
  const entry = config.recent(version.sha256, version.revision ?? 0) ?? config.newest;
  return { kind: "live", version, entry };
}

/** The number of the revision before what is live: the newest one, where what is live is in no history. */
export async function previousRevision(config: ConfigReader): Promise<number> {
  const newest = config.newest?.revision ?? 0;
  const live = await config.readLive();
  return live?.revision === undefined ? newest : newest - 1;
}

/** When the live file was changed past Airlock, ISO 8601; undefined where history knows it, or nothing is live. */
export function changedOnDiskAt(live: LiveVersion | undefined): string | undefined {
  return live?.revision === undefined ? live?.modifiedAt : undefined;
}
