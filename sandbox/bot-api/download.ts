// Sends the bytes of a file, or what a fault makes of them.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { StruckBody } from "./faults.ts";

/** Answers a download with `bytes`; with a fault, the answer may stay open until the caller or the server ends it. */
export async function sendBytes(
  response: ServerResponse,
  bytes: Uint8Array,
  fault: StruckBody | undefined,
): Promise<void> {
  const head = { "content-type": "application/octet-stream", "content-length": bytes.length };
  switch (fault?.kind) {
    case undefined:
      response.writeHead(200, head).end(bytes);
      return;
    case "cut":
      await sendCut(response, bytes, fault);
      return;
    case "stall":
      response.writeHead(200, head);
      await written(response, bytes.subarray(0, fault.afterBytes));
      if (!response.closed) {
        await Promise.race([once(response, "close"), fault.opened]);
      }
      if (!response.closed) response.end(bytes.subarray(fault.afterBytes));
      return;
    default:
      return fault satisfies never;
  }
}

async function sendCut(
  response: ServerResponse,
  bytes: Uint8Array,
  fault: StruckBody & { kind: "cut" },
): Promise<void> {
  const sent = bytes.subarray(0, fault.afterBytes);
  const contentType = { "content-type": "application/octet-stream" };
  switch (fault.declared) {
    case "whole":
      response.writeHead(200, { ...contentType, "content-length": bytes.length });
      await written(response, sent);
      response.destroy();
      return;
    case "sent":
      response.writeHead(200, { ...contentType, "content-length": sent.length }).end(sent);
      return;
    case "nothing":
      response.writeHead(200, contentType);
      response.write(sent);
      response.end();
      return;
    default:
      return fault.declared satisfies never;
  }
}

/** Sends the head and these bytes. Resolves when they are handed to the socket, or when there is none any more. */
export async function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  response.flushHeaders();
  await new Promise<void>((resolve) => {
    if (bytes.length === 0) {
      resolve();
    } else {
      response.write(bytes, () => resolve());
    }
  });
}
