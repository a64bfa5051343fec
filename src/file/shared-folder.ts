// Folders that many have open at once, with one handle and as few syncs as do for all of them.
import { type FileHandle, open, stat } from "node:fs/promises";
import { Refusal } from "../model/trouble.ts";
import type { OpenFolder } from "./folder.ts";

/** A folder that was in nobody's hands for this long is closed. */
const heldIdleMs = 1000;

/** One folder in the hands of all who have it open. */
interface SharedFolder {
  readonly handle: FileHandle;
  readonly dev: number;
  readonly ino: number;
  users: number;
  closing: NodeJS.Timeout | undefined;
  /** The last sync that was asked for. */
  last: Promise<void>;
  /** The one that has not begun yet. */
  next: Promise<void> | undefined;
  /** What one was refused with is told to one alone by the kernel: nobody who has it open may take a later one for theirs. */
  isBroken: boolean;
}

/**
 * Opens folders for many at once. Whoever asks for a sync while one is under way gets the next one, together with all others who ask
 * meanwhile. A folder that stands in another's place by now is opened anew.
 */
export function createFolders(): (path: string) => Promise<OpenFolder> {
  const folders = new Map<string, SharedFolder>();

  async function held(path: string): Promise<SharedFolder | undefined> {
    const shared = folders.get(path);
    if (shared === undefined || shared.isBroken) return undefined;
    // In hands before it is looked at, so that it is not closed meanwhile.
    take(shared);
    const now = await stat(path).catch((error: unknown) => {
      giveBack(path, shared);
      throw error;
    });
    if (now.dev === shared.dev && now.ino === shared.ino) return shared;
    giveBack(path, shared);
    return undefined;
  }

  async function opened(path: string): Promise<SharedFolder> {
    const handle = await open(path, "r");
    const { dev, ino } = await handle.stat().catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    const shared: SharedFolder = {
      handle,
      dev,
      ino,
      users: 1,
      closing: undefined,
      last: Promise.resolve(),
      next: undefined,
      isBroken: false,
    };
    const before = folders.get(path);
    folders.set(path, shared);
    if (before?.users === 0) closeSoon(path, before);
    return shared;
  }

  function take(shared: SharedFolder): void {
    shared.users += 1;
    clearTimeout(shared.closing);
  }

  function giveBack(path: string, shared: SharedFolder): void {
    shared.users -= 1;
    if (shared.users === 0) closeSoon(path, shared);
  }

  function closeSoon(path: string, shared: SharedFolder): void {
    clearTimeout(shared.closing);
    shared.closing = setTimeout(() => {
      if (folders.get(path) === shared) folders.delete(path);
      // Nothing was written by this handle that closing it could lose.
      shared.handle.close().catch(() => undefined);
    }, heldIdleMs).unref();
  }

  return async (path) => {
    const shared = (await held(path)) ?? (await opened(path));
    let isOpen = true;
    return {
      sync: () => syncShared(shared),
      async close() {
        if (isOpen) giveBack(path, shared);
        isOpen = false;
      },
    };
  };
}

function syncShared(shared: SharedFolder): Promise<void> {
  shared.next ??= shared.last.then(async () => {
    shared.next = undefined;
    const syncing = syncOnce(shared);
    shared.last = syncing.catch(() => undefined);
    return syncing;
  });
  return shared.next;
}

async function syncOnce(shared: SharedFolder): Promise<void> {
  if (shared.isBroken) throw new Refusal({ code: "disk_error" });
  try {
    await shared.handle.sync();
  } catch (error) {
    shared.isBroken = true;
    throw error;
  }
}
