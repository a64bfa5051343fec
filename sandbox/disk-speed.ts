// The switch of the bot's slow disk: a file that the preload of its process looks at.
import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AirlockProcessOptions } from "./airlock-process.ts";

/** What the sync of a folder takes longer on the slow disk. A save syncs two under its lock: long enough to see somebody wait. */
const slowSyncMs = 900;

export const diskSpeeds = ["fast", "slow"] as const;
export type DiskSpeed = (typeof diskSpeeds)[number];

export interface Disk {
  readonly speed: DiskSpeed;
  /** What a bot that is to feel it is started with. */
  readonly preload: AirlockProcessOptions["preload"];
  /** From the next sync on. */
  set(speed: DiskSpeed): Promise<void>;
}

/** @param switchFile - absolute; need not be there */
export function createDisk(switchFile: string, onChange: () => void): Disk {
  let current: DiskSpeed = "fast";
  return {
    get speed() {
      return current;
    },
    preload: {
      module: fileURLToPath(new URL("./slow-disk.js", import.meta.url)),
      env: { SLOW_DISK_FILE: switchFile },
    },
    async set(speed) {
      if (speed === "slow") await writeFile(switchFile, String(slowSyncMs));
      else await rm(switchFile, { force: true });
      current = speed;
      onChange();
    },
  };
}
