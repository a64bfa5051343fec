// What Airlock knows of one config while it runs: its history, its backups, its lock, and what is live.
import type { FileAttributes } from "../../file/file-attributes.ts";
import { type FileIdentity, type FileLook, sameIdentity } from "../../file/read-file.ts";
import type { OpenFolder } from "../../file/folder.ts";
import { type Version, versionOf } from "../../model/version.ts";
import type { Backups, OwnCopy } from "./backups.ts";
import type { Config } from "../../model/config.ts";
import type { History } from "./history.ts";
import type { ReportTrouble } from "../backing.ts";
import type { ConfigStore, LiveVersion } from "../port.ts";
import { openLiveFile } from "./live-file.ts";
import type { ConfigLock } from "../lock.ts";

/** What a config on this disk is made of. */
export interface LiveParts {
  readonly config: Config;
  /** The real path, links resolved once, at start. */
  readonly path: string;
  readonly lock: ConfigLock;
  readonly history: History;
  readonly backups: Backups;
  readonly state: LiveState;
  /** Opens a folder that others may have open too. */
  readonly openFolder: (path: string) => Promise<OpenFolder>;
  /** Told of trouble that changes no outcome, such as a file that could not be cleaned away. It names the live file. */
  readonly report: ReportTrouble;
}

/** A config on this disk: what the port promises, and the parts that keep it. */
export interface LiveConfig extends LiveParts, ConfigStore {}

/** What changes while the bot runs; shared by every {@link LiveConfig} of one file, also after the catalog was read again. */
interface LiveState {
  /** The copy of the last version that Airlock knows of; undefined where it could not be written. */
  ownCopy: OwnCopy | undefined;
  /** The version that was live at the last look, to know it again without reading it. */
  known: KnownVersion | undefined;
  /** The last three that this process made live, as far as they are small. */
  remembered: readonly Version[];
  /** The version that is being put in place at this moment: readers may already see it, history does not know it yet. */
  upcoming: { readonly sha256: string; readonly revision: number } | undefined;
  /** The time of the last change, in milliseconds: the next one is later, whatever the clock does. */
  lastTimeMs: number;
}

export function newLiveState(ownCopy: OwnCopy | undefined): LiveState {
  return { ownCopy, known: undefined, remembered: [], upcoming: undefined, lastTimeMs: 0 };
}

interface KnownVersion {
  readonly identity: FileIdentity;
  readonly sha256: string;
  /** Undefined where they were not looked at. A change of them changes the identity, too. */
  readonly attributes: FileAttributes | undefined;
  /** From then on it is read once more before it is known by its numbers again. In milliseconds since 1970. */
  readonly doubtedFromMs: number;
}

/**
 * Before Linux 6.13 a file that is written twice within one tick of the kernel's clock, or twice between two looks, can have the same five numbers.
 * So what was just put in place is read once more when this has passed: not by those who save one version after another, but by the next
 * look for edits.
 */
const trustedMs = 900;
/** The longest such tick is 10 ms. */
const tickMsMax = 50;

/** The version with this identity was put in place, or read. */
export function know(
  { state }: LiveParts,
  version: Omit<KnownVersion, "doubtedFromMs"> | undefined,
): void {
  state.known = version && { ...version, doubtedFromMs: Date.now() + trustedMs };
}

/** The version that was live at the last look, where this is surely still the same file. */
export function stillKnown({ state }: LiveParts, identity: FileIdentity): KnownVersion | undefined {
  const { known } = state;
  if (known === undefined || !sameIdentity(known.identity, identity)) return undefined;
  return Date.now() < known.doubtedFromMs ? known : undefined;
}

/** @param readFromMs - when reading the file with this identity began, after it was looked at; milliseconds since 1970 */
export function confirmKnown(
  { state }: LiveParts,
  { identity, sha256 }: { readonly identity: FileIdentity; readonly sha256: string },
  readFromMs: number,
): void {
  const { known } = state;
  if (known === undefined || !sameIdentity(known.identity, identity)) return;
  const { mtimeNs, ctimeNs } = identity;
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  const isSure = readFromMs - changedMs > tickMsMax;
  const doubtedFromMs = isSure ? Infinity : Date.now() + trustedMs;
  state.known = { ...known, sha256, doubtedFromMs };
}

/** Larger versions are read from the disk again, so that many configs take little memory. */
const rememberedBytesMax = 16 * 1024;

/** What became live, what it replaced, and what that one had replaced: so many are compared after a change. */
const rememberedMax = 3;

/** Keeps the bytes of what became live, to compare them without reading them back. */
export function rememberBytes({ state }: LiveParts, version: Version): void {
  const isSmall = version.bytes.length <= rememberedBytesMax;
  state.remembered = [...state.remembered, ...(isSmall ? [version] : [])].slice(-rememberedMax);
}

/** The bytes of a version, where they are remembered. */
export function rememberedBytes({ state }: LiveParts, sha256: string): Uint8Array | undefined {
  return state.remembered.find((version) => version.sha256 === sha256)?.bytes;
}

/** A time for the next change, later than every one before it. */
export function nextTimeMs(live: LiveParts): number {
  live.state.lastTimeMs = Math.max(Date.now(), live.state.lastTimeMs + 1);
  return live.state.lastTimeMs;
}

/**
 * Reads the live file, with no lock.
 * @returns undefined where there is none
 * @throws Refusal as {@link openLiveFile} does
 */
export async function readLive(live: LiveParts): Promise<LiveVersion | undefined> {
  // A change may land while the file is read: what was read is then the last version, the upcoming one, or the new last.
  const sinceRevision = live.history.last?.revision ?? 0;
  const look = await openLiveFile(live);
  if (look === undefined) return undefined;
  try {
    const { bytes, sha256 } = knownVersion(live, look.identity) ?? (await read(live, look));
    const { upcoming } = live.state;
    const revision =
      live.history.find(sha256, sinceRevision)?.revision ??
      (upcoming?.sha256 === sha256 ? upcoming.revision : undefined);
    return { bytes, sha256, modifiedAt: look.modifiedAt, revision };
  } finally {
    await look.close();
  }
}

/** The version that was live at the last look, where this is still the same file and its bytes are remembered. */
function knownVersion(live: LiveParts, identity: FileIdentity): Version | undefined {
  const known = stillKnown(live, identity);
  const bytes = known && rememberedBytes(live, known.sha256);
  return known && bytes && { bytes, sha256: known.sha256 };
}

async function read(live: LiveParts, look: FileLook): Promise<Version> {
  const readFromMs = Date.now();
  const version = versionOf(await look.readBytes());
  confirmKnown(live, { identity: look.identity, sha256: version.sha256 }, readFromMs);
  return version;
}
