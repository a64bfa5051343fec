// Writes a new file beside the one it will replace, and puts it in place in one step. The caller decides when, and keeps
// the old version first. Why each sync is there: "Files are hard", https://danluu.com/file-consistency/, and renameio's
// tempfile.go; a rename is durable only once its folder is synced.
import { randomBytes } from "node:crypto";
import { type FileHandle, link, open, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { DiskRefusal, errnoOf } from "./disk-error.ts";
import { identify, sameContent, type FileIdentity, type FileOwnership } from "./read-file.ts";

const temporarySuffix = ".airlock-tmp";

/** What a new file gets; without an owner, the process's own. */
export type NewOwnership =
  FileOwnership | { readonly mode: number; readonly uid?: undefined; readonly gid?: undefined };

/** Eight hexadecimal digits, for names that must not collide. */
export function randomName(): string {
  return randomBytes(4).toString("hex");
}

/**
 * Writes a file that did not exist, and syncs its bytes, not its folder. Nothing is left behind where that fails.
 * @param ownership - what the file gets in the end; until it is complete, only the process itself may read it
 * @throws with code EEXIST where the name is taken
 */
export async function writeNewFile(
  path: string,
  bytes: Uint8Array,
  ownership?: NewOwnership,
): Promise<void> {
  await (await createNewFile(path, bytes, ownership)).close();
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

async function createNewFile(
  path: string,
  bytes: Uint8Array,
  ownership: NewOwnership | undefined,
): Promise<FileHandle> {
  const handle = await open(path, "wx", 0o600);
  try {
    // FileHandle.writeFile goes on after a short write; fs.write alone would install a truncated file.
    await handle.writeFile(bytes);
    if (ownership !== undefined) await give(handle, ownership);
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
}

/** Owner before mode: a change of owner clears bits of the mode. */
async function give(handle: FileHandle, { mode, uid, gid }: NewOwnership): Promise<void> {
  const own = await handle.stat();
  if (uid !== undefined && gid !== undefined && (own.uid !== uid || own.gid !== gid)) {
    try {
      await handle.chown(uid, gid);
    } catch (error) {
      if (errnoOf(error) !== "EPERM") throw error;
      if (!readableByEverybody(mode)) throw new DiskRefusal(ownerRefusal);
    }
  }
  await handle.chmod(mode);
}

const ownerRefusal =
  "the bot may not give the new file the owner of the old one, and its readers could not open it then";

function readableByEverybody(mode: number): boolean {
  return (mode & 0o004) !== 0;
}

/** Whether {@link stageFile} would be refused for this owner: told at start, before an admin meets it. */
export function ownerCannotBeKept({ mode, uid, gid }: FileOwnership): boolean {
  const self = process.getuid?.() ?? 0;
  if (self === 0 || readableByEverybody(mode)) return false;
  const groups = [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])];
  return uid !== self || !groups.includes(gid);
}

/** A complete, synced file that waits beside the live one. */
export interface StagedFile {
  /** Where it waits. */
  readonly path: string;
  /** Puts it in the live file's place: readers see the old or the new one, never a mix. Not durable before the folder's sync. */
  replace(livePath: string): Promise<void>;
  /** Puts it where no file is. @throws with code EEXIST where one appeared */
  create(livePath: string): Promise<void>;
  /** Gives it another mode and owner, synced. */
  own(ownership: FileOwnership): Promise<void>;
  /** Its identity, to know it again when it is live; undefined where somebody wrote into it since it was staged. */
  identityNow(): Promise<FileIdentity | undefined>;
  /** Removes it unless it was put in place. */
  close(): Promise<void>;
}

/**
 * Writes and syncs `bytes` under a temporary name in `folder`, with the mode and owner that the live file has.
 * @throws DiskRefusal where the process may not give that owner and not everybody may read the file
 */
export async function stageFile(
  folder: string,
  name: string,
  bytes: Uint8Array,
  ownership: NewOwnership,
): Promise<StagedFile> {
  const path = join(folder, `.${name}.${randomName()}${temporarySuffix}`);
  const handle = await createNewFile(path, bytes, ownership);
  const stats = await handle.stat({ bigint: true });
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
    async own(other) {
      await give(handle, other);
      await handle.sync();
    },
    async identityNow() {
      const now = await handle.stat({ bigint: true });
      return sameContent(stats, now) ? now : undefined;
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
 * Removes what a crash left of {@link stageFile} for this file.
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
