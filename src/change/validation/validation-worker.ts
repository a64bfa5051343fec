// The thread that checks documents: one at a time, and nothing else. Ended from outside where one takes too long.
import { parentPort } from "node:worker_threads";
import type { BuiltInSchemaName } from "../schemas.ts";
import { checkDocument } from "./check-document.ts";
import type { Validation } from "./problem.ts";

export interface ValidationTask {
  readonly bytes: Uint8Array;
  readonly schema: BuiltInSchemaName;
}

export interface ValidationAnswer {
  readonly validation: Validation;
  /** The thread's heap afterwards. */
  readonly heapBytes: number;
}

if (parentPort === null) throw new Error("this file runs as a worker thread");
const port = parentPort;
port.on("message", ({ bytes, schema }: ValidationTask) => {
  const validation = checkDocument(bytes, schema);
  const answer: ValidationAnswer = { validation, heapBytes: process.memoryUsage().heapUsed };
  port.postMessage(answer);
});
