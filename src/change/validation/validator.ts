// Checks documents in worker threads, so that one bad file can neither stall nor kill the bot: a thread that takes too long
// or too much memory is ended and replaced. Threads are started ahead of need; as many check at once as there are cores.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { BuiltInSchemaName } from "../schemas.ts";
import type { Validation } from "./problem.ts";
import type { ValidationAnswer, ValidationTask } from "./validation-worker.ts";

const heapMegabytesMax = 512;
/** A thread whose heap grew beyond this is replaced after its task, so that its memory goes back to the system. */
const heapBytesKeptMax = 64 * 1024 * 1024;

export interface Validator {
  /** The clock starts when a thread begins. A document that is too much for one is invalid, with one problem. */
  validate(bytes: Uint8Array, schema: BuiltInSchemaName, signal: AbortSignal): Promise<Validation>;
  /** Ends the threads; what is still being checked is aborted. */
  close(): Promise<void>;
}

export interface ValidatorOptions {
  readonly timeoutMs: number;
  readonly threadsMax?: number;
  readonly workerUrl?: URL;
}

/** Under vitest the sources run as they are, but a worker is always the built file. */
function builtWorkerUrl(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../../dist/change/validation/validation-worker.js", import.meta.url)
    : new URL("./validation-worker.js", import.meta.url);
}

export function createValidator({
  timeoutMs,
  threadsMax = availableParallelism(),
  workerUrl = builtWorkerUrl(),
}: ValidatorOptions): Validator {
  const closing = new AbortController();
  const idle: Worker[] = [];
  /** Those who wait for a thread, first come, first served. */
  const waiting: (() => void)[] = [];
  let busy = 0;

  function start(): Worker {
    const worker = new Worker(workerUrl, {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
    // An idle thread does not keep the process alive; one that ends by itself while idle is forgotten.
    worker.unref();
    worker.on("error", () => forget(worker));
    worker.on("exit", () => forget(worker));
    return worker;
  }

  function forget(worker: Worker): void {
    const index = idle.indexOf(worker);
    if (index !== -1) idle.splice(index, 1);
  }

  async function takeTurn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (busy < threadsMax) {
      busy += 1;
      return true;
    }
    return new Promise((resolve) => {
      const go = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        resolve(false);
      };
      waiting.push(go);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  function passTurn(): void {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }

  function putBack(worker: Worker, heapBytes: number): void {
    if (closing.signal.aborted || heapBytes > heapBytesKeptMax) {
      void worker.terminate();
      prepare();
      return;
    }
    worker.unref();
    idle.push(worker);
  }

  /** Starting a thread takes longer than checking a small file: one is always ready. */
  function prepare(): void {
    if (idle.length === 0 && !closing.signal.aborted) idle.push(start());
  }

  async function check(task: ValidationTask, signal: AbortSignal): Promise<Validation> {
    const worker = idle.pop() ?? start();
    worker.ref();
    const ended = await runTask(worker, task, signal, timeoutMs);
    switch (ended.kind) {
      case "answer":
        putBack(worker, ended.answer.heapBytes);
        return ended.answer.validation;
      case "aborted":
        await worker.terminate();
        prepare();
        return { kind: "aborted" };
      case "timeout":
        await worker.terminate();
        prepare();
        return tooComplex(`checking it takes longer than ${timeoutMs / 1000} seconds`);
      case "error":
        prepare();
        if (isOutOfMemory(ended.error)) {
          return tooComplex(`checking it needs more than ${heapMegabytesMax} MB of memory`);
        }
        throw new Error("the validation thread failed", { cause: ended.error });
      default:
        return ended satisfies never;
    }
  }

  prepare();
  return {
    async validate(bytes, schema, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      if (!(await takeTurn(either))) return { kind: "aborted" };
      try {
        return await check({ bytes, schema }, either);
      } finally {
        passTurn();
      }
    },
    async close() {
      closing.abort();
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}

function tooComplex(why: string): Validation {
  const message = `the file is too complex: ${why}`;
  return { kind: "invalid", problems: [{ line: null, column: null, path: "", message }], total: 1 };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

type TaskEnd =
  | { readonly kind: "answer"; readonly answer: ValidationAnswer }
  | { readonly kind: "aborted" }
  | { readonly kind: "timeout" }
  | { readonly kind: "error"; readonly error: unknown };

function runTask(
  worker: Worker,
  task: ValidationTask,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<TaskEnd> {
  return new Promise((resolve) => {
    const end = (how: TaskEnd): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      resolve(how);
    };
    const timer = setTimeout(() => end({ kind: "timeout" }), timeoutMs);
    const onAbort = (): void => end({ kind: "aborted" });
    const onMessage = (answer: ValidationAnswer): void => end({ kind: "answer", answer });
    const onError = (error: unknown): void => end({ kind: "error", error });
    const onExit = (code: number): void => {
      end({ kind: "error", error: new Error(`the thread ended with code ${code}`) });
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    worker.postMessage(task);
    return undefined;
  });
}
