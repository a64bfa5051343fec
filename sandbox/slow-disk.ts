// Preloaded into the bot's process with `node --import`, so that the product itself knows nothing of it: the sync of a folder takes
// longer while the file that SLOW_DISK_FILE names is there. A save syncs its folders while it holds the lock, and on a fast disk
// that takes milliseconds: nobody would ever be seen to wait. Syncs of files stay as they are, so that the rest stays brisk.
import { type FileHandle, open, readFile } from "node:fs/promises";
import { setTimeout as passed } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const switchFile = process.env["SLOW_DISK_FILE"] ?? "";
/** The class of file handles is not exported: any handle shows it. */
const anyHandle = await open(fileURLToPath(import.meta.url));
const handles: unknown = Object.getPrototypeOf(anyHandle);
await anyHandle.close();
if (!hasSync(handles)) throw new Error("this Node's file handles have no sync to slow down");
const { sync } = handles;
handles.sync = async function slowSync(this: FileHandle): Promise<void> {
  if ((await this.stat()).isDirectory()) await passed(await delayMs());
  await sync.call(this);
};

function hasSync(value: unknown): value is { sync: (this: FileHandle) => Promise<void> } {
  return typeof value === "object" && value !== null && "sync" in value;
}

/** Asked anew at each sync: the switch works at once, and a bot that is started again finds it as it was. */
async function delayMs(): Promise<number> {
  return Number(await readFile(switchFile, "utf8").catch(() => "0"));
}
