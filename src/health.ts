// What must be well for the bot to do its work, and how each thing is looked at. May import every room that knows of one.
import { dirname } from "node:path";
import type { LiveConfig } from "./store/local/live-config.ts";
import { createFolderProbe } from "./file/folder-probe.ts";
import type { Check } from "./metrics/readiness.ts";
import type { Settings } from "./settings/settings.ts";
import { livePathTrouble } from "./store/local/live-file.ts";
import type { PollingTrouble } from "./model/polling-trouble.ts";
import {
  canBeWritten,
  cannotBeWritten,
  folderOf,
  isWhereItWas,
  pollingTexts,
  updatesArrive,
} from "./words/readiness-words.ts";
import { troubleText } from "./words/trouble-words.ts";

/** @param pollingTrouble - why no updates arrive at the moment */
export function createChecks(
  { backupDir, stateDir }: Pick<Settings, "backupDir" | "stateDir">,
  pollingTrouble: () => PollingTrouble | undefined,
): (lives: readonly LiveConfig[]) => readonly Check[] {
  const probeFolder = createFolderProbe();

  function writable(reason: Check["reason"], name: string, folder: string): Check {
    return {
      reason,
      key: `${reason}: ${folder}`,
      what: canBeWritten(name),
      async look() {
        const trouble = await probeFolder(folder);
        return trouble === undefined ? undefined : cannotBeWritten(name, trouble);
      },
    };
  }

  const always: readonly Check[] = [
    pollingCheck(pollingTrouble),
    writable("backup_dir", "BACKUP_DIR", backupDir),
    writable("state_dir", "STATE_DIR", stateDir),
  ];

  return (lives) => {
    // Told by the first of the files in each.
    const folders = new Map(
      lives.toReversed().map(({ config, path }) => [dirname(path), config.fileName] as const),
    );
    return [
      ...always,
      ...[...folders].map(([folder, fileName]) =>
        writable("config_dir", folderOf(fileName), folder),
      ),
      ...lives.map((live) => ({
        reason: "config_dir" as const,
        key: `path: ${live.config.id}`,
        what: isWhereItWas(live.config.fileName),
        async look() {
          const trouble = await livePathTrouble(live);
          return trouble && troubleText(trouble);
        },
      })),
    ];
  };
}

/** Whether updates arrive, which every bot needs wherever it keeps things. */
export function pollingCheck(pollingTrouble: () => PollingTrouble | undefined): Check {
  return {
    reason: "polling",
    key: "polling",
    what: updatesArrive,
    async look() {
      const trouble = pollingTrouble();
      return trouble && pollingTexts[trouble];
    },
  };
}
