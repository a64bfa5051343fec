// A config as its files tell it, for looking only: nothing is made, finished, noticed or cleaned away.
import { join } from "node:path";
import { openFolder } from "../../file/folder.ts";
import { resolveLinks } from "../../file/read-file.ts";
import { listBackups, readBackups } from "./backups.ts";
import type { Config } from "../../model/config.ts";
import { openHistory } from "./history.ts";
import { type LiveConfig, type LiveParts, newLiveState } from "./live-config.ts";
import { localConfig } from "./local-config.ts";
import { createLocks } from "../lock.ts";

/** For whatever looks, and changes nothing; a bot may go on changing the config meanwhile. */
export async function openReadOnly(
  config: Config,
  { backupDir, stateDir }: { readonly backupDir: string; readonly stateDir: string },
): Promise<LiveConfig> {
  const path = await resolveLinks(config.path);
  const history = await openHistory(join(stateDir, "history", `${config.id}.jsonl`));
  const backups = readBackups(backupDir, config.id, await listBackups(backupDir));
  const last = history.last;
  // Only for a live file that is gone; without it the rest can be looked at all the same.
  const ownCopy =
    last === undefined ? undefined : await backups.findOwn(last.sha256).catch(() => undefined);
  const parts: LiveParts = {
    config,
    path,
    lock: createLocks()(path),
    history,
    backups,
    state: newLiveState(ownCopy),
    openFolder,
    report: () => {},
  };
  return localConfig(parts, { journal: { prepared: neverChanges }, backupsMax: 0 });
}

function neverChanges(): never {
  throw new Error("a config that was opened to look at it was to be changed");
}
