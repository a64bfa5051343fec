// What is said over the control socket: lines of JSON. Whoever holds STATE_DIR greets; then comes one request, and one answer.
import type { Socket } from "node:net";
import { z } from "zod";

/** Raised when one side can no longer understand the other. */
export const protocolVersion = 1;
/** Of a line, beyond the file in it. */
const lineBytesMax = 64 * 1024;
const base64Factor = 4 / 3;
const reasonCharsMax = 200;
/** Of a list in an answer: it has two at the most, and fits into its line however many bytes a character takes. */
export const answerListCharsMax = 8000;
const nameCharsMax = 64;

/** `bot`: takes requests. `stopping`: a bot that will not any more. `command`: a command line, soon done. */
export type HolderKind = "bot" | "stopping" | "command";

export const greetingSchema = z.object({
  airlock: z.int(),
  holder: z.enum(["bot", "stopping", "command"]),
  pid: z.int().positive(),
});
export type Greeting = z.infer<typeof greetingSchema>;

const changeFields = {
  airlock: z.literal(protocolVersion),
  config: z.string().max(nameCharsMax),
  /** The user of the system that asks. */
  user: z.strictObject({
    uid: z.int().min(0).max(0xffff_ffff),
    name: z.string().min(1).max(nameCharsMax),
  }),
  reason: z.string().max(reasonCharsMax).nullable(),
  /** Also where somebody else changed the config since, or today's rules refuse the old version. */
  anyway: z.boolean(),
};

export const requestSchema = z.discriminatedUnion("request", [
  z.strictObject({ request: z.literal("apply"), ...changeFields, bytes: z.base64() }),
  z.strictObject({
    request: z.literal("rollback"),
    ...changeFields,
    revision: z.int().positive(),
  }),
]);
export type ControlRequest = z.infer<typeof requestSchema>;

export const answerSchema = z.discriminatedUnion("answer", [
  /** How the change ended, in words; `done` where the file is now as it was asked for. */
  z.object({ answer: z.literal("outcome"), done: z.boolean(), text: z.string() }),
  /** Nothing was tried. */
  z.object({ answer: z.literal("refused"), text: z.string() }),
]);
export type ControlAnswer = z.infer<typeof answerSchema>;

/** How long a request with a file of this size may be. */
export function requestBytesMax(uploadBytesMax: number): number {
  return Math.ceil(uploadBytesMax * base64Factor) + lineBytesMax;
}

/** How long any other line may be. */
export const shortLineBytesMax = lineBytesMax;

export type ReadLine =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "too_long" }
  | { readonly kind: "too_late" }
  /** The other side ended before the line did. */
  | { readonly kind: "ended" };

/** Reads the next line; what follows it stays for the next call. Does not reject. */
export function readLine(
  socket: Socket,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<ReadLine> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const end = (read: ReadLine): void => {
      clearTimeout(timer);
      socket.off("data", onData);
      socket.off("close", onEnd);
      socket.off("end", onEnd);
      socket.pause();
      resolve(read);
    };
    const onEnd = (): void => end({ kind: "ended" });
    const onData = (part: Buffer): void => {
      const newline = part.indexOf("\n");
      length += newline === -1 ? part.length : newline;
      if (length > bytesMax) {
        end({ kind: "too_long" });
        return;
      }
      parts.push(newline === -1 ? part : part.subarray(0, newline));
      if (newline === -1) return;
      end({ kind: "line", text: Buffer.concat(parts).toString("utf8") });
      if (newline + 1 < part.length) socket.unshift(part.subarray(newline + 1));
    };
    const timer = setTimeout(() => end({ kind: "too_late" }), timeoutMs);
    if (socket.destroyed || socket.readableEnded) return onEnd();
    socket.on("data", onData);
    socket.on("close", onEnd);
    socket.on("end", onEnd);
    socket.resume();
    return undefined;
  });
}

export function writeLine(socket: Socket, value: Greeting | ControlRequest | ControlAnswer): void {
  // A side that has gone misses nothing: it is told by the end of the connection.
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}
