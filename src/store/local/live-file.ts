// The one door to a config's live file. Its path was resolved when the bot started, and lock, history and backups belong to that file:
// where a link on the way to it (the file itself, a folder, CONFIG_DIR) points elsewhere since, nothing is read and nothing replaced.
import { constants } from "node:fs";
import { errnoOf, troubleIn } from "../../file/disk-error.ts";
import { type FileLook, lookAtFile, resolveLinks } from "../../file/read-file.ts";
import type { Config } from "../../model/config.ts";
import type { LiveVersion } from "../port.ts";
import { Refusal, type Trouble } from "../../model/trouble.ts";

interface LivePath {
  readonly config: Config;
  /** The real path, links resolved once, at start. */
  readonly path: string;
}

/**
 * Opens the live file to look at it; the caller closes it.
 * @returns undefined where there is nothing
 * @throws Refusal where its path leads elsewhere than when the bot started, and for anything but an ordinary file
 */
export async function openLiveFile(live: LivePath): Promise<FileLook | undefined> {
  const look = await holdLiveFile(live);
  try {
    // Only now that the file is held: a link that is turned before would be followed else.
    await refuseMovedPath(live);
    return look;
  } catch (error) {
    await look?.close();
    throw error;
  }
}

/** As {@link openLiveFile}, for who calls {@link refuseMovedPath} later, before anything comes of it. */
export async function holdLiveFile(live: LivePath): Promise<FileLook | undefined> {
  try {
    return await openAtRealPath(live);
  } catch (error) {
    // What stands there in its place is not what is to be told of.
    await refuseMovedPath(live);
    throw error;
  }
}

/**
 * The whole of the live file, one version of it.
 * @returns undefined where there is nothing
 * @throws as {@link openLiveFile}
 */
export async function readLiveFile(
  live: LivePath,
): Promise<Pick<LiveVersion, "bytes" | "modifiedAt"> | undefined> {
  const look = await openLiveFile(live);
  if (look === undefined) return undefined;
  try {
    return { bytes: await look.readBytes(), modifiedAt: look.modifiedAt };
  } finally {
    await look.close();
  }
}

async function openAtRealPath(live: LivePath): Promise<FileLook | undefined> {
  try {
    return await lookAtFile(live.path, constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === "ELOOP") throw movedPath(live);
    throw error;
  }
}

/** @throws Refusal where the config's path leads elsewhere than when the bot started */
export async function refuseMovedPath(live: LivePath): Promise<void> {
  if ((await resolveLinks(live.config.path)) !== live.path) throw movedPath(live);
}

/** Why the live file cannot be reached as it was when the bot started; undefined where it can. */
export async function livePathTrouble(live: LivePath): Promise<Trouble | undefined> {
  return troubleIn(refuseMovedPath(live));
}

function movedPath({ config }: LivePath): Refusal {
  return new Refusal({ code: "link_moved", params: { fileName: config.fileName } });
}
