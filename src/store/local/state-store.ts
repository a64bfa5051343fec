// Small values that outlive a restart, one JSON file each: conversations, choices that wait for a button, what an admin has seen.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeFile } from "./back-up-file.ts";
import { errnoOf, refusing, troubleOf } from "../../file/disk-error.ts";
import { makeFolder } from "../../file/folder.ts";
import type { Records } from "../records.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";

const keyPattern = /^[-0-9A-Za-z_]{1,80}$/;
const suffix = ".json";
/** So many values that the disk refused are kept in memory; the oldest is forgotten first. */
const keptInMemoryMax = 1000;

export interface StateStore extends Records {
  /** Forgets what was not written for as long as was said when it was opened. */
  removeOld(): Promise<void>;
}

export interface StateStoreOptions {
  readonly ageMaxMs: number;
  /** What every text passes on its way to the disk, so that no secret is kept. */
  readonly clean: (text: string) => string;
}

/**
 * Opens a store in `folder`, made if it is missing, and forgets what was not written for `ageMaxMs`.
 * A key is 1 to 80 letters, digits, `-` and `_`. Writes replace the whole value, atomically.
 */
export async function openStateStore(
  folder: string,
  { ageMaxMs, clean }: StateStoreOptions,
): Promise<StateStore> {
  await makeFolder(folder);
  await removeHalfWritten(folder);
  const removeOld = (): Promise<void> => removeOlder(folder, Date.now() - ageMaxMs);
  await removeOld();
  const pathOf = (key: string): string => {
    if (!keyPattern.test(key))
      throw new Error(`not a key of the state store: ${JSON.stringify(key)}`);
    return join(folder, `${key}${suffix}`);
  };
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
      const text = clean(JSON.stringify(value));
      await refusing(replaceOwnFile(pathOf(key), Buffer.from(text)));
    },
    async remove(key) {
      await refusing(removeFile(pathOf(key)));
    },
    removeOld: () => refusing(removeOld()),
  };
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

async function removeOlder(folder: string, timeMs: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.endsWith(suffix))) {
    const path = join(folder, name);
    if (((await lastWritten(path)) ?? timeMs) < timeMs) await removeFile(path);
  }
}

/** undefined where it was removed meanwhile. */
async function lastWritten(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function readValue(path: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A value that cannot be read is as good as none: the person is asked again.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
