// The side of whoever holds STATE_DIR: greets each connection, takes one request from it, answers. Whatever comes in, it never
// throws: only the owner of the socket and root can send anything, but a mistake of theirs must not end the bot.
import type { Socket } from "node:net";
import {
  noRequestsAnyMore,
  requestTooLate,
  requestTooLong,
  unknownRequest,
} from "../words/holder-words.ts";
import {
  type ControlAnswer,
  type ControlRequest,
  type HolderKind,
  protocolVersion,
  readLine,
  requestBytesMax,
  requestSchema,
  writeLine,
} from "./protocol.ts";
import { jsonOf } from "../model/json.ts";

/** Also how long a connection may be silent. */
const requestTimeoutMs = 10_000;
/** After the answer; then the connection is cut. */
const farewellTimeoutMs = 5_000;
const connectionsMax = 64;
const shownCharsMax = 200;

export interface ControlServerOptions {
  readonly holder: () => HolderKind;
  readonly uploadBytesMax: number;
  /** Carries out a request; undefined where no request is taken. */
  readonly perform: ((request: ControlRequest) => Promise<ControlAnswer>) | undefined;
  readonly onRefused: (why: string) => void;
  readonly onBug: (error: unknown) => void;
}

export interface ControlServer {
  take(socket: Socket): void;
  /** Cuts every connection. */
  close(): void;
}

export function createControlServer(options: ControlServerOptions): ControlServer {
  const { holder, uploadBytesMax, perform, onRefused, onBug } = options;
  const sockets = new Set<Socket>();

  async function answerTo(socket: Socket): Promise<ControlAnswer | undefined> {
    const bytesMax = requestBytesMax(uploadBytesMax);
    const read = await readLine(socket, { bytesMax, timeoutMs: requestTimeoutMs });
    switch (read.kind) {
      case "ended":
        return undefined;
      case "too_late":
        return refused(requestTooLate(requestTimeoutMs));
      case "too_long":
        return refused(requestTooLong(bytesMax));
      case "line":
        break;
      default:
        return read satisfies never;
    }
    const request = requestSchema.safeParse(jsonOf(read.text));
    if (!request.success) {
      const issue = request.error.issues[0];
      const why = issue && `${issue.path.join(".")} ${issue.message}`;
      return refused(unknownRequest(protocolVersion, why).slice(0, shownCharsMax));
    }
    if (perform === undefined || holder() !== "bot") {
      return refused(noRequestsAnyMore);
    }
    return perform(request.data);
  }

  function refused(text: string): ControlAnswer {
    onRefused(text);
    return { answer: "refused", text };
  }

  async function converse(socket: Socket): Promise<void> {
    writeLine(socket, { airlock: protocolVersion, holder: holder(), pid: process.pid });
    const answer = await answerTo(socket);
    if (answer !== undefined) writeLine(socket, answer);
    socket.end();
    // What is still coming is of no use, and unread it would keep the connection.
    socket.resume();
    socket.setTimeout(farewellTimeoutMs, () => socket.destroy());
  }

  return {
    take(socket) {
      if (sockets.size >= connectionsMax) {
        socket.destroy();
        return;
      }
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      converse(socket).catch((error: unknown) => {
        socket.destroy();
        onBug(error);
      });
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
