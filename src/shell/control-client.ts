// The side of whoever finds STATE_DIR held: hears who holds it, waits for one that will soon be done, asks a bot.
import type { Socket } from "node:net";
import { heldByOther } from "../words/holder-words.ts";
import { holdFolder, type HeldFolder } from "./hold-folder.ts";
import {
  answerSchema,
  type ControlAnswer,
  type ControlRequest,
  type Greeting,
  greetingSchema,
  protocolVersion,
  readLine,
  shortLineBytesMax,
  writeLine,
} from "./protocol.ts";
import { jsonOf } from "../model/json.ts";

const greetingTimeoutMs = 5_000;
/** Longer than any download, check and wait for a lock takes. */
const answerTimeoutMs = 10 * 60_000;
/** A command line, or a bot that stops, is waited for this long. */
const waitMs = 30_000;

export type Turn =
  | { readonly kind: "held"; readonly held: HeldFolder }
  /** A bot holds it, and takes a request by this. */
  | { readonly kind: "bot"; readonly socket: Socket; readonly pid: number }
  /** For the operator: what is in the way. */
  | { readonly kind: "trouble"; readonly message: string };

/** Holds `folder`, or finds the bot that does. Waits for a holder that will soon be done. */
export async function takeTurn(
  folder: string,
  onConnection: (socket: Socket) => void,
): Promise<Turn> {
  const lastMs = Date.now() + waitMs;
  for (;;) {
    const hold = await holdFolder(folder, onConnection);
    if (hold.kind === "held") return hold;
    const { socket } = hold;
    const greeting = await greetingOf(socket);
    if (greeting === "silent") {
      socket.destroy();
      return { kind: "trouble", message: heldByOther(folder, "silent", undefined) };
    }
    if (greeting !== undefined && greeting.airlock !== protocolVersion) {
      socket.destroy();
      return { kind: "trouble", message: heldByOther(folder, "other_version", greeting.pid) };
    }
    if (greeting?.holder === "bot") return { kind: "bot", socket, pid: greeting.pid };
    const leftMs = lastMs - Date.now();
    if (leftMs <= 0) {
      socket.destroy();
      return { kind: "trouble", message: heldByOther(folder, "somebody", greeting?.pid) };
    }
    // Its end is the end of the connection.
    if (greeting !== undefined) {
      await readLine(socket, { bytesMax: shortLineBytesMax, timeoutMs: leftMs });
    }
    socket.destroy();
  }
}

/** @returns undefined where the holder ended before it greeted */
async function greetingOf(socket: Socket): Promise<Greeting | "silent" | undefined> {
  const read = await readLine(socket, {
    bytesMax: shortLineBytesMax,
    timeoutMs: greetingTimeoutMs,
  });
  if (read.kind === "ended") return undefined;
  if (read.kind !== "line") return "silent";
  return greetingSchema.safeParse(jsonOf(read.text)).data ?? "silent";
}

/** Asks the bot. @returns undefined where the bot ended before it answered */
export async function askBot(
  socket: Socket,
  request: ControlRequest,
): Promise<ControlAnswer | undefined> {
  writeLine(socket, request);
  const read = await readLine(socket, {
    bytesMax: shortLineBytesMax,
    timeoutMs: answerTimeoutMs,
  });
  socket.destroy();
  if (read.kind !== "line") return undefined;
  return answerSchema.safeParse(jsonOf(read.text)).data;
}
