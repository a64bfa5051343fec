// What Airlock knows of one config while it runs: its history, its backups, its lock, and what is live. Opening it cleans
// up after a crash and notices what was changed on disk meanwhile.
import { basename, dirname, join } from "node:path";
import { diskReason } from "../disk/disk-error.ts";
import {
  type FileIdentity,
  lookAtFile,
  readWhole,
  resolveLinks,
  sha256Of,
} from "../disk/read-file.ts";
import { makeFolder, syncFolder } from "../disk/folder.ts";
import { ownerCannotBeKept, removeStrayFiles } from "../disk/replace-file.ts";
import { type Backups, openBackups, type OwnCopy } from "./backups.ts";
import type { Config } from "./catalog.ts";
import { type History, openHistory, unknownVersion } from "./history.ts";
import type { ConfigLock } from "./lock.ts";

export interface LiveConfig {
  readonly config: Config;
  /** The real path, links resolved once, at start. */
  readonly path: string;
  readonly lock: ConfigLock;
  readonly history: History;
  readonly backups: Backups;
  readonly state: LiveState;
  /** Told of trouble that changes no outcome, such as a file that could not be cleaned away. */
  readonly report: ReportTrouble;
}

/** What changes while the bot runs; shared by every {@link LiveConfig} of one file, also after the catalog was read again. */
interface LiveState {
  /** The copy of the last version that Airlock knows of; undefined where it could not be written. */
  ownCopy: OwnCopy | undefined;
  /** The version that was live at the last look, to know it again without reading it. */
  known: KnownVersion | undefined;
  /** The version that is being put in place at this moment: readers may already see it, history does not know it yet. */
  upcoming: { readonly sha256: string; readonly revision: number } | undefined;
  /** The time of the last change, in milliseconds: the next one is later, whatever the clock does. */
  lastTimeMs: number;
}

interface KnownVersion {
  readonly identity: FileIdentity;
  readonly sha256: string;
}

/** @param what - what was tried, for the log */
type ReportTrouble = (what: string, error: unknown) => void;

export interface LiveConfigPlaces {
  readonly backupDir: string;
  readonly stateDir: string;
  readonly lockOf: (livePath: string) => ConfigLock;
  readonly report: ReportTrouble;
}

/**
 * Opens one config: removes stray temporary files, and takes a version that it does not know into history.
 * A disk that refuses parts of this is reported; changes are refused later, while it lasts.
 * @throws where the folders cannot be read at all
 */
export async function openLiveConfig(
  config: Config,
  { backupDir, stateDir, lockOf, report }: LiveConfigPlaces,
): Promise<LiveConfig> {
  const path = await resolveLinks(config.path);
  const historyFolder = join(stateDir, "history");
  await makeFolder(historyFolder);
  const live: LiveConfig = {
    config,
    path,
    lock: lockOf(path),
    history: await openHistory(join(historyFolder, `${config.id}.jsonl`)),
    backups: await openBackups(backupDir, config.id),
    state: { ownCopy: undefined, known: undefined, upcoming: undefined, lastTimeMs: 0 },
    report,
  };
  const lastAt = live.history.last?.at;
  live.state.lastTimeMs = Math.max(
    live.backups.newestTimeMs,
    lastAt === undefined ? 0 : Date.parse(lastAt),
  );
  await reporting(live, "removing stray temporary files", async () => {
    await removeStrayFiles(dirname(path), basename(path));
  });
  await reporting(live, "noticing what is live", () => noticeLiveVersion(live));
  return live;
}

async function noticeLiveVersion(live: LiveConfig): Promise<void> {
  const { history, backups, path } = live;
  const last = history.last;
  const lastCopy = last === undefined ? undefined : await backups.findOwn(last.sha256);
  live.state.ownCopy = lastCopy;
  const look = await lookAtFile(path);
  if (look === undefined) return;
  try {
    if (ownerCannotBeKept(look.ownership)) {
      live.report("keeping the live file's owner: changes will be refused", undefined);
    }
    const bytes = await look.readBytes();
    const sha256 = sha256Of(bytes);
    if (last?.sha256 !== sha256) {
      const backup =
        lastCopy === undefined ? undefined : await backups.link(lastCopy, nextTimeMs(live));
      await syncFolder(backups.folder);
      history.add(unknownVersion(last, sha256, bytes.length, look.modifiedAt, backup ?? null));
      await history.settle();
    }
    live.state.known = { identity: look.identity, sha256 };
    live.state.ownCopy = (await backups.findOwn(sha256)) ?? (await backups.keepOwn(bytes, sha256));
    await backups.keepOnlyOwn(live.state.ownCopy);
  } finally {
    await look.close();
  }
}

async function reporting(live: LiveConfig, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (diskReason(error) === undefined) throw error;
    live.report(what, error);
  }
}

/** A time for the next change, later than every one before it. */
export function nextTimeMs(live: LiveConfig): number {
  live.state.lastTimeMs = Math.max(Date.now(), live.state.lastTimeMs + 1);
  return live.state.lastTimeMs;
}

/** One complete version of the live file, and what is known of it. */
export interface LiveVersion {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** When the file was last written, ISO 8601. */
  readonly modifiedAt: string;
  /** Undefined where the file was changed on disk and is not in history yet. */
  readonly revision: number | undefined;
}

/** Reads the live file, with no lock. @returns undefined where there is none */
export async function readLive(live: LiveConfig): Promise<LiveVersion | undefined> {
  // A change may land while the file is read: what was read is then the last version, the upcoming one, or the new last.
  const sinceRevision = live.history.last?.revision ?? 0;
  const upcoming = live.state.upcoming;
  const read = await readWhole(live.config.path);
  if (read === undefined) return undefined;
  const sha256 = sha256Of(read.bytes);
  const revision =
    live.history.find(sha256, sinceRevision)?.revision ??
    [upcoming, live.state.upcoming].find((version) => version?.sha256 === sha256)?.revision;
  return { ...read, sha256, revision };
}
