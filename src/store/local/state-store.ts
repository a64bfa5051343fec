// Values that outlive a restart, one JSON file each: changes that wait for a button, with the files that they bring. And what is
// remembered of small ones that the disk refuses.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeFile } from "./back-up-file.ts";
import { errnoOf, refusing, troubleOf } from "../../file/disk-error.ts";
import { makeFolder, syncFolder } from "../../file/folder.ts";
import { type Records, refuseOddKey } from "../records.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";
import { jsonOf } from "../../model/json.ts";

const suffix = ".json";
/** So many values that the disk refused are kept in memory; the oldest is forgotten first. */
const keptInMemoryMax = 1000;

export interface StateStoreOptions {
  /** What every text passes on its way to the disk, so that no secret is kept. */
  readonly clean: (text: string) => string;
}

/**
 * Opens a store in `folder`, made if it is missing, for values too large to be held in memory.
 * A key is 1 to 80 letters, digits, `-` and `_`. Writes replace the whole value, atomically.
 */
export async function openStateStore(
  folder: string,
  { clean }: StateStoreOptions,
): Promise<Records> {
  await makeFolder(folder);
  await removeHalfWritten(folder);
  const pathOf = (key: string): string => {
    refuseOddKey(key);
    return join(folder, `${key}${suffix}`);
  };
  // Two at once could come to the disk in either order.
  const inTurn = oneAtATime();
  return {
    async keys() {
      const names = await refusing(readdir(folder));
      return names
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length));
    },
    async read(key) {
      return refusing(readValue(pathOf(key)));
    },
    async write(key, value) {
      const path = pathOf(key);
      const bytes = Buffer.from(clean(JSON.stringify(value)));
      await refusing(inTurn(key, () => writeValue(path, bytes)));
    },
    async remove(key) {
      const path = pathOf(key);
      await refusing(inTurn(key, () => removeFile(path)));
    },
  };
}

async function writeValue(path: string, bytes: Uint8Array): Promise<void> {
  await replaceOwnFile(path, bytes);
  await syncFolder(dirname(path));
}

/**
 * The store, for values that a command does not fail for: what the disk refuses to take is reported, and remembered until the
 * process ends.
 */
export function rememberingStore(store: Records, onRefused: (error: unknown) => void): Records {
  /** By key; undefined for a value that is removed. */
  const inMemory = new Map<string, string | undefined>();

  async function keep(key: string, text: string | undefined, onDisk: Promise<void>): Promise<void> {
    try {
      await onDisk;
      inMemory.delete(key);
    } catch (error) {
      if (troubleOf(error) === undefined) throw error;
      onRefused(error);
      inMemory.delete(key);
      inMemory.set(key, text);
      for (const oldest of inMemory.keys()) {
        if (inMemory.size <= keptInMemoryMax) break;
        inMemory.delete(oldest);
      }
    }
  }

  return {
    async keys() {
      const keys = new Set(await store.keys());
      for (const [key, text] of inMemory) {
        if (text === undefined) keys.delete(key);
        else keys.add(key);
      }
      return [...keys];
    },
    async read(key) {
      if (!inMemory.has(key)) return store.read(key);
      const text = inMemory.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: (key, value) => keep(key, JSON.stringify(value), store.write(key, value)),
    remove: (key) => keep(key, undefined, store.remove(key)),
  };
}

/** What a crash left. While the store is open, a file that is being written looks the same. */
async function removeHalfWritten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(suffix)) await removeFile(join(folder, name));
  }
}

async function readValue(path: string): Promise<unknown> {
  try {
    return jsonOf(await readFile(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
