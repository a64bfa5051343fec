// The store on this machine's disk: opens configs, each with its own lock, history and backups.
import { troubleOrThrow } from "../../file/disk-error.ts";
import { createFolders } from "../../file/shared-folder.ts";
import type { Config } from "../../model/config.ts";
import { listBackups } from "./backups.ts";
import type { LiveConfig } from "./live-config.ts";
import { localConfig } from "./local-config.ts";
import { createLocks } from "../lock.ts";
import type { OpenedConfig, Store } from "../backing.ts";
import { findInterrupted } from "./recover.ts";
import { type LiveConfigPlaces, openLiveConfig } from "./open-config.ts";

export type LocalStoreOptions = Omit<LiveConfigPlaces, "backupNames" | "lockOf" | "openFolder">;

export interface LocalStore extends Store {
  open(configs: readonly Config[]): Promise<readonly OpenedConfig<LiveConfig>[]>;
  /** Those that are open, by their ids. */
  readonly opened: ReadonlyMap<string, LiveConfig>;
}

export function createLocalStore(options: LocalStoreOptions): LocalStore {
  const opened = new Map<string, LiveConfig>();
  const lockOf = createLocks();
  const openFolder = createFolders();

  async function openOne(
    config: Config,
    places: LiveConfigPlaces,
  ): Promise<OpenedConfig<LiveConfig>> {
    const before = opened.get(config.id);
    try {
      const live =
        before === undefined
          ? await openLiveConfig(config, places)
          : localConfig({ ...before, config }, options);
      opened.set(config.id, live);
      return { kind: "opened", config: live };
    } catch (error) {
      return { kind: "refused", id: config.id, trouble: troubleOrThrow(error) };
    }
  }

  return {
    async open(configs) {
      const backupNames = await listBackups(options.backupDir);
      const places = { ...options, lockOf, openFolder, backupNames };
      return Promise.all(configs.map((config) => openOne(config, places)));
    },
    // What a change prepared on this disk is known to this journal alone.
    findInterrupted: (unfinished) => {
      const keys = new Set(unfinished.map(({ upload }) => upload.key));
      const prepared = options.journal.unfinished.filter(({ upload }) => keys.has(upload.key));
      return findInterrupted([...opened.values()], prepared);
    },
    opened,
  };
}
