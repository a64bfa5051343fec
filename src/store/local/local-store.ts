// The store on this machine's disk: opens configs, each with its own lock, history and backups.
import { troubleOf } from "../../file/disk-error.ts";
import { createFolders } from "../../file/shared-folder.ts";
import type { Config } from "../../model/config.ts";
import type { Trouble } from "../../model/trouble.ts";
import { listBackups } from "./backups.ts";
import type { LiveConfig } from "./live-config.ts";
import { localConfig } from "./local-config.ts";
import { createLocks } from "../lock.ts";
import { type LiveConfigPlaces, openLiveConfig } from "./open-config.ts";

export type LocalStoreOptions = Omit<LiveConfigPlaces, "backupNames" | "lockOf" | "openFolder">;

type OpenedConfig =
  | { readonly kind: "opened"; readonly config: LiveConfig }
  | { readonly kind: "refused"; readonly id: Config["id"]; readonly trouble: Trouble };

export interface LocalStore {
  /**
   * Opens these configs, all at once. One that was open before keeps its lock and history, under what is said of it now; its path
   * must be the same.
   */
  open(configs: readonly Config[]): Promise<readonly OpenedConfig[]>;
}

export function createLocalStore(options: LocalStoreOptions): LocalStore {
  const opened = new Map<string, LiveConfig>();
  const lockOf = createLocks();
  const openFolder = createFolders();

  async function openOne(config: Config, places: LiveConfigPlaces): Promise<OpenedConfig> {
    const before = opened.get(config.id);
    try {
      const live =
        before === undefined
          ? await openLiveConfig(config, places)
          : localConfig({ ...before, config }, options);
      opened.set(config.id, live);
      return { kind: "opened", config: live };
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === undefined) throw error;
      return { kind: "refused", id: config.id, trouble };
    }
  }

  return {
    async open(configs) {
      const backupNames = await listBackups(options.backupDir);
      const places = { ...options, lockOf, openFolder, backupNames };
      return Promise.all(configs.map((config) => openOne(config, places)));
    },
  };
}
