// Several machines that follow, in one process: each with its own folders, lease and metrics, as `airlock follow` would run it. Only so do
// fifty of them fit on one host. MACHINE_NAME is the first part of their names.
import { setMaxListeners } from "node:events";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { readCatalog } from "../../src/catalog/read-catalog.ts";
import { runFollow } from "../../src/follow-app.ts";
import { readFollowSettings } from "../../src/settings/follow-settings.ts";

setMaxListeners(0, process);
const count = Number(process.argv[2]);
await Promise.all(
  Array.from({ length: count }, async (_, index) => {
    const folder = resolve(`machine-${index + 1}`);
    await mkdir(resolve(folder, "config"), { recursive: true });
    const env = {
      ...process.env,
      MACHINE_NAME: `${process.env["MACHINE_NAME"]}-${index + 1}`,
      CONFIG_DIR: resolve(folder, "config"),
      BACKUP_DIR: resolve(folder, "backups"),
      STATE_DIR: resolve(folder, "state"),
    };
    const read = await readFollowSettings(env, process.cwd(), readCatalog);
    if (!read.ok) throw new Error(read.problems.join("\n"));
    await runFollow({ settings: read.settings, version: "0.0.0", isOnce: false });
  }),
);
