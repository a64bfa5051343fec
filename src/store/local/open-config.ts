// Opens a config when the bot starts: cleans up after a crash, and notices what was changed on disk meanwhile.
import { basename, dirname, join } from "node:path";
import { troubleOf } from "../../file/disk-error.ts";
import { readAttributes } from "../../file/file-attributes.ts";
import { isMountedAlone } from "../../file/mounted-alone.ts";
import { type FileLook, resolveLinks, sha256Of } from "../../file/read-file.ts";
import { makeFolder } from "../../file/folder.ts";
import { removeStrayFiles, stageFile } from "../../file/replace-file.ts";
import { type BackupNames, openBackups } from "./backups.ts";
import type { Config } from "../../model/config.ts";
import { Refusal } from "../../model/trouble.ts";
import { openHistory } from "./history.ts";
import type { LocalJournal } from "./journal.ts";
import { type LiveConfig, type LiveParts, newLiveState } from "./live-config.ts";
import { localConfig } from "./local-config.ts";
import { openLiveFile } from "./live-file.ts";
import type { ReportTrouble } from "../backing.ts";
import type { ConfigLock } from "../lock.ts";
import { finishInterrupted } from "./recover.ts";
import { takeInHoldingLock } from "./take-in-edit.ts";

export interface LiveConfigPlaces {
  readonly backupDir: string;
  readonly backupNames: BackupNames;
  readonly stateDir: string;
  readonly lockOf: (livePath: string) => ConfigLock;
  /** Opens a folder that many configs have in common. */
  readonly openFolder: LiveParts["openFolder"];
  readonly report: ReportTrouble;
  /** What the process before this one left unfinished, of all configs, and where this one writes down what it begins. */
  readonly journal: Pick<LocalJournal, "unfinished" | "prepared">;
  /** Newest backups kept per config; 0 keeps all. */
  readonly backupsMax: number;
}

/**
 * Opens one config: finishes what was interrupted, removes stray temporary files, and takes a version that it does not know
 * into history.
 * A disk that refuses parts of this is reported; changes are refused later, while it lasts.
 * @throws where the folders cannot be read at all, or the file is mounted by itself
 */
export async function openLiveConfig(
  config: Config,
  places: LiveConfigPlaces,
): Promise<LiveConfig> {
  const { backupDir, backupNames, stateDir, lockOf, report, journal } = places;
  const path = await resolveLinks(config.path);
  if (await isMountedAlone(path)) {
    throw new Refusal({ code: "mounted_alone", params: { fileName: config.fileName } });
  }
  const historyFolder = join(stateDir, "history");
  await makeFolder(historyFolder);
  const parts: LiveParts = {
    config,
    path,
    lock: lockOf(path),
    history: await openHistory(join(historyFolder, `${config.id}.jsonl`)),
    backups: await openBackups(backupDir, config.id, backupNames, places.openFolder),
    state: newLiveState(undefined),
    openFolder: places.openFolder,
    report: (what, error) => report(`${config.path}: ${what}`, error),
  };
  const live = localConfig(parts, places);
  const lastAt = live.history.last?.at;
  live.state.lastTimeMs = Math.max(
    live.backups.newestTimeMs,
    lastAt === undefined ? 0 : Date.parse(lastAt),
  );
  // Before anything is cleared away: what is there tells how far an interrupted change came.
  await reporting(live, "finishing what was interrupted", () =>
    finishInterrupted(
      live,
      journal.unfinished.filter(({ upload }) => upload.config === config.id),
    ),
  );
  await reporting(live, "removing stray temporary files", async () => {
    await removeStrayFiles(dirname(path), basename(path));
  });
  await reporting(live, "noticing what is live", () => noticeLiveVersion(live));
  return live;
}

async function noticeLiveVersion(live: LiveParts): Promise<void> {
  const { last } = live.history;
  live.state.ownCopy = last === undefined ? undefined : await live.backups.findOwn(last.sha256);
  const look = await openLiveFile(live);
  if (look === undefined) return;
  try {
    await reporting(
      live,
      "giving a new file what this one has: changes of it will be refused",
      () => tryTraits(live, look),
    );
    const bytes = await look.readBytes();
    await takeInHoldingLock(live, look, bytes, sha256Of(bytes));
  } finally {
    await look.close();
  }
}

/** Who one is tells little of what one may do (capabilities, containers, network disks): it is tried, as a change does it. */
async function tryTraits({ path }: LiveParts, { ownership }: FileLook): Promise<void> {
  const traits = { ownership, attributes: await readAttributes(path) };
  const staged = await stageFile(dirname(path), basename(path), Buffer.of(), traits);
  await staged.close();
}

async function reporting(live: LiveParts, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (troubleOf(error) === undefined) throw error;
    live.report(what, error);
  }
}
