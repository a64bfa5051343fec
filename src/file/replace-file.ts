// Writes a new file beside the one it will replace, and puts it in place in one step. The caller decides when, and keeps
// the old version first. Why each sync is there: "Files are hard", https://danluu.com/file-consistency/, and renameio's
// tempfile.go; a rename is durable only once its folder is synced.
import { randomUUID } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { type FileHandle, link, open, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../model/trouble.ts";
import { errnoOf } from "./disk-error.ts";
import { type FileAttributes, giveAttributes, sameAttributes } from "./file-attributes.ts";
import { identify, sameContent, type FileIdentity, type FileOwnership } from "./read-file.ts";

const temporarySuffix = ".airlock-tmp";

/** What the file that it replaces has. */
export interface FileTraits {
  readonly ownership: FileOwnership;
  readonly attributes: FileAttributes;
}

/** What a new file gets; with a mode alone, what the process and the folder give it by themselves. */
export type NewTraits = FileTraits | { readonly mode: number };

export function sameTraits(one: FileTraits, other: FileTraits): boolean {
  const [{ mode, uid, gid }, own] = [one.ownership, other.ownership];
  return (
    mode === own.mode &&
    uid === own.uid &&
    gid === own.gid &&
    sameAttributes(one.attributes, other.attributes)
  );
}

/** Eight hexadecimal digits, for names that must not collide. */
export function randomName(): string {
  // Node has these ready; bytes of its own would be a call of the system each.
  return randomUUID().slice(0, 8);
}

/**
 * Writes a file that did not exist, and syncs its bytes, not its folder. Nothing is left behind where that fails.
 * @throws with code EEXIST where the name is taken
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  await (await createNewFile(path, bytes, () => Promise.resolve())).close();
}

/**
 * Puts a whole new file in the place of Airlock's own one, in one step. Its bytes are synced, its name is not.
 * Nothing but the old file is left where that fails.
 */
export async function replaceOwnFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporaryPath = `${path}.${randomName()}`;
  await writeNewFile(temporaryPath, bytes);
  try {
    await rename(temporaryPath, path);
  } catch (error) {
    await unlink(temporaryPath);
    throw error;
  }
}

/** @param finish - gives the file what it gets in the end; until it is complete, only the process itself may read it */
async function createNewFile(
  path: string,
  bytes: Uint8Array,
  finish: (handle: FileHandle) => Promise<void>,
): Promise<FileHandle> {
  const handle = await open(path, "wx", 0o600);
  try {
    // FileHandle.writeFile goes on after a short write; fs.write alone would install a truncated file.
    await handle.writeFile(bytes);
    await finish(handle);
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
}

/** The owner first: a change of owner clears bits of the mode, and the attribute that holds capabilities. */
async function give(
  handle: FileHandle,
  path: string,
  traits: NewTraits,
  has: BigIntStats,
): Promise<void> {
  if ("mode" in traits) return handle.chmod(traits.mode);
  const { ownership, attributes } = traits;
  await giveOwner(handle, ownership, has);
  await giveAttributes(path, attributes, () => handle.chmod(ownership.mode));
}

async function giveOwner(
  handle: FileHandle,
  { mode, uid, gid }: FileOwnership,
  has: BigIntStats,
): Promise<void> {
  if (Number(has.uid) === uid && Number(has.gid) === gid) return;
  try {
    await handle.chown(uid, gid);
  } catch (error) {
    // EINVAL: an owner that a container's own users do not reach to.
    if (!["EPERM", "EINVAL"].includes(errnoOf(error) ?? "")) throw error;
    if (!readableByEverybody(mode))
      throw new Refusal({ code: "owner_not_given" }, { cause: error });
  }
}

function readableByEverybody(mode: number): boolean {
  return (mode & 0o004) !== 0;
}

/** Another one each time; {@link removeStrayFiles} knows it again. */
export function temporaryName(name: string): string {
  return `.${name}.${randomName()}${temporarySuffix}`;
}

/** A complete, synced file that waits beside the live one. */
export interface StagedFile {
  /** Where it waits. */
  readonly path: string;
  /** Puts it in the live file's place: readers see the old or the new one, never a mix. Not durable before the folder's sync. */
  replace(livePath: string): Promise<void>;
  /** Puts it where no file is. @throws with code EEXIST where one appeared */
  create(livePath: string): Promise<void>;
  /** Gives it the traits that the live file has by now, synced. */
  give(traits: FileTraits): Promise<void>;
  /** Its identity, to know it again when it is live; undefined where somebody wrote into it since it was staged. */
  identityNow(): Promise<FileIdentity | undefined>;
  /** Removes it unless it was put in place. */
  close(): Promise<void>;
}

/**
 * Writes and syncs `bytes` under a temporary name in `folder`, with the traits that the live file has.
 * @throws Refusal where the process may not give that owner and not everybody may read the file, or not the attributes
 */
export async function stageFile(
  folder: string,
  name: string,
  bytes: Uint8Array,
  traits: NewTraits,
): Promise<StagedFile> {
  const path = join(folder, temporaryName(name));
  const look = (file: FileHandle): Promise<BigIntStats> => file.stat({ bigint: true });
  let stats: BigIntStats | undefined;
  const handle = await createNewFile(path, bytes, async (file) => {
    stats = await look(file);
    await give(file, path, traits, stats);
  });
  let temporary = true;
  return {
    path,
    async replace(livePath) {
      await rename(path, livePath);
      temporary = false;
    },
    async create(livePath) {
      try {
        await link(path, livePath);
      } catch (error) {
        if (!linksAreRefused(error)) throw error;
        // Without links there is no exclusive rename: the look just before it is the best there is.
        if ((await identify(livePath)) !== undefined) throw fileAppeared(livePath);
        await rename(path, livePath);
        temporary = false;
      }
    },
    async give(other) {
      await give(handle, path, other, await look(handle));
      await handle.sync();
    },
    async identityNow() {
      const now = await look(handle);
      return stats !== undefined && sameContent(stats, now) ? now : undefined;
    },
    async close() {
      await handle.close();
      if (temporary) await unlink(path);
    },
  };
}

function fileAppeared(path: string): Error {
  return Object.assign(new Error("EEXIST: file already exists"), {
    code: "EEXIST",
    syscall: "link",
    path,
  });
}

/** Some file systems have no hard links, and some containers forbid them. */
export function linksAreRefused(error: unknown): boolean {
  const code = errnoOf(error);
  return (
    code === "EPERM" ||
    code === "ENOTSUP" ||
    code === "EOPNOTSUPP" ||
    code === "EMLINK" ||
    code === "EXDEV" ||
    code === "ENOSYS"
  );
}

/**
 * Removes what a crash left under the temporary names of this file.
 * @returns how many there were
 */
export async function removeStrayFiles(folder: string, name: string): Promise<number> {
  const strays = (await readdir(folder)).filter(
    (entry) =>
      entry.startsWith(`.${name}.`) &&
      entry.endsWith(temporarySuffix) &&
      /^[0-9a-f]{8}$/.test(entry.slice(name.length + 2, -temporarySuffix.length)),
  );
  for (const stray of strays) await unlink(join(folder, stray));
  return strays.length;
}
