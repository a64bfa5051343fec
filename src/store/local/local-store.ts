// The store on this machine's disk: opens configs, each with its own lock, history and backups.
import { diskReason } from "../../file/disk-error.ts";
import type { Config } from "../../model/config.ts";
import { listBackups } from "./backups.ts";
import type { LiveConfig } from "./live-config.ts";
import { localConfig } from "./local-config.ts";
import { createLocks } from "./lock.ts";
import { type LiveConfigPlaces, openLiveConfig } from "./open-config.ts";

export type LocalStoreOptions = Omit<LiveConfigPlaces, "backupNames" | "lockOf">;

type OpenedConfig =
  | { readonly kind: "opened"; readonly config: LiveConfig }
  /** `reason` in plain words. */
  | { readonly kind: "refused"; readonly id: Config["id"]; readonly reason: string };

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
      const reason = diskReason(error);
      if (reason === undefined) throw error;
      return { kind: "refused", id: config.id, reason };
    }
  }

  return {
    async open(configs) {
      const backupNames = await listBackups(options.backupDir);
      const places = { ...options, lockOf, backupNames };
      return Promise.all(configs.map((config) => openOne(config, places)));
    },
  };
}
