// A folder that is held, and whoever wants to reach its holder.
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type HeldFolder, type Hold, holdFolder } from "../../src/shell/hold-folder.ts";

export async function hold(folder: string): Promise<Hold> {
  const got = await holdFolder(folder, (socket) => socket.destroy());
  if (got.kind === "taken") got.socket.destroy();
  return got;
}

/** @throws where somebody else holds it */
export function heldOf(got: Hold): HeldFolder {
  if (got.kind !== "held") throw new Error("somebody else holds it");
  onTestFinished(() => got.held.release());
  return got.held;
}

/** @throws unless somebody answers */
export async function reach(folder: string): Promise<void> {
  const socket = connect(join(folder, "airlock.sock"));
  await once(socket, "connect");
  socket.destroy();
}
