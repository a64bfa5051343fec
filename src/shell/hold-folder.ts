// Holds a folder for this process alone, until it ends, however it ends. The proof that the holder lives is that its unix socket
// answers; the kernel closes that with the process. Why no two can hold one folder: docs/decisions/0008-one-holder.md.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, link, lstat, mkdir, rename, unlink } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { errnoOf } from "../file/disk-error.ts";
import { namesIn, removeIfEmpty } from "../file/folder.ts";
import { heldByMany } from "../words/holder-words.ts";
import { openSocketFolder } from "./socket-path.ts";

/** Whoever may reach the folder's holder finds it here; a second name of the socket in the lock. */
const controlSocketName = "airlock.sock";
/** Holds one name while the folder is held: the socket of the holder. */
const lockName = ".airlock.lock";
const waitingPrefix = ".airlock.wait-";
const socketMode = 0o600;
const nameBytes = 8;
/** Each attempt that fails means that another process got further. */
const attemptsMax = 1000;

export interface HeldFolder {
  /** Takes the connections that come to `airlock.sock` in the folder. */
  readonly server: Server;
  /** Lets go of the folder. Connections that are open stay; new ones find nobody. */
  release(): Promise<void>;
}

export type Hold =
  | { readonly kind: "held"; readonly held: HeldFolder }
  /** Another process holds it, and this is a connection to it. */
  | { readonly kind: "taken"; readonly socket: Socket };

/**
 * Tries to hold `folder`.
 * @param onConnection - called for each connection, from the moment that the folder is held
 * @throws where the folder cannot be written, or allows no sockets
 */
export async function holdFolder(
  folder: string,
  onConnection: (socket: Socket) => void,
): Promise<Hold> {
  const short = await openSocketFolder(folder);
  try {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const taken = await clearDead(short.path);
      if (taken !== undefined) return { kind: "taken", socket: taken };
      const held = await enter(folder, short.path, onConnection);
      if (held !== undefined) return { kind: "held", held };
    }
  } finally {
    await short.close();
  }
  throw new Error(heldByMany);
}

/** Removes the sockets of the dead from the lock. @returns a connection to the one that lives, if one does */
async function clearDead(folder: string): Promise<Socket | undefined> {
  for (const name of await namesIn(join(folder, lockName))) {
    const path = join(folder, lockName, name);
    const socket = await connectTo(path);
    if (socket !== undefined) return socket;
    // The name is random, so it cannot mean another socket by now; and a socket that was closed never answers again.
    await unlink(path).catch(ignoreMissing);
  }
  return undefined;
}

/** @returns undefined where another process was faster */
async function enter(
  folder: string,
  short: string,
  onConnection: (socket: Socket) => void,
): Promise<HeldFolder | undefined> {
  const name = `${randomBytes(nameBytes).toString("hex")}.sock`;
  const waiting = join(short, `${waitingPrefix}${name}`);
  await mkdir(waiting, { mode: 0o700 });
  const server = createServer(onConnection);
  try {
    server.listen(join(waiting, name));
    await once(server, "listening");
    await chmod(join(waiting, name), socketMode);
    // The one step that decides: a folder takes the place of another only while that one is empty (rename(2)).
    await rename(waiting, join(short, lockName));
    // Another holder may have cleared it away before it listened.
    await lstat(join(short, lockName, name));
  } catch (error) {
    server.close();
    // What libuv makes of ENOENT at a bind is EACCES (uv_pipe_bind in src/unix/pipe.c): the folder was cleared away.
    const isGone = !(await isThere(waiting));
    await unlink(join(waiting, name)).catch(ignoreMissing);
    await removeIfEmpty(waiting);
    const code = errnoOf(error) ?? "";
    if (["ENOTEMPTY", "EEXIST", "ENOENT"].includes(code) || (code === "EACCES" && isGone)) {
      return undefined;
    }
    throw error;
  }
  await publish(short, name);
  await removeWaiting(short);
  return { server, release: () => release(folder, name, server) };
}

/** Only the holder does this. */
async function publish(folder: string, name: string): Promise<void> {
  const path = join(folder, controlSocketName);
  await unlink(path).catch(ignoreMissing);
  await link(join(folder, lockName, name), path);
}

/** What processes left that ended on their way in. One that is on its way still is seen by its socket, or notices. */
async function removeWaiting(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(waitingPrefix)) continue;
    const path = join(folder, name);
    for (const socketName of await namesIn(path)) {
      const socket = await connectTo(join(path, socketName));
      if (socket === undefined) await unlink(join(path, socketName)).catch(ignoreMissing);
      else socket.destroy();
    }
    await removeIfEmpty(path);
  }
}

async function release(folder: string, name: string, server: Server): Promise<void> {
  const short = await openSocketFolder(folder);
  try {
    // While it is held still: a moment later this name may be another holder's.
    await unlink(join(short.path, controlSocketName)).catch(ignoreMissing);
    server.close();
    await unlink(join(short.path, lockName, name)).catch(ignoreMissing);
    await removeIfEmpty(join(short.path, lockName));
  } finally {
    await short.close();
  }
}

/** @returns undefined where nobody listens any more, or there is nothing */
async function connectTo(path: string): Promise<Socket | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      // Whoever goes on with it listens for its end; an error that comes before that must not be a bug.
      socket.on("error", () => {});
      return socket;
    } catch (error) {
      const code = errnoOf(error) ?? "";
      if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
      // Cut on its way in: the other side has just ended, or has too many connections. Only asking again tells.
      if (code !== "ECONNRESET" || attempt === attemptsMax) throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== "ENOENT") throw error;
}
