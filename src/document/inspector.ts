// Checks, compares and merges documents in worker threads, so that one bad file can neither stall nor kill the bot: a thread that takes too long
// or too much memory is ended and replaced. Threads are started ahead of need; as many check at once as there are cores.
import type { Inspector } from "../model/inspector.ts";
import type { NumberReader } from "../model/number-series.ts";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { createThreadTurns } from "./thread-turns.ts";
import { syntaxOf } from "./validation/document-syntax.ts";
import { type Fault, wholeDocument } from "../model/problem.ts";
import type {
  InspectionMessage,
  InspectionRequest,
  InspectionTask,
  TaskName,
  TaskParameters,
  TaskResult,
} from "./inspection-worker.ts";

const heapMegabytesMax = 512;
const smallBytesMax = 32 * 1024;
const threadStartMsMax = 10_000;
/** Not more: each takes some 35 MB. The second one is started with the first large document, so that a bot that only waits needs none of it. */
const threadsKeptWarm = 2;
/** A thread whose heap grew beyond this is replaced, so that its memory goes back to the system: once it has had no task for a while. */
const heapBytesKeptMax = 64 * 1024 * 1024;
/** Not at once: a new one takes twice the time for its first large file, and an upload's file is checked and then compared. */
const largeHeapMsMax = 2000;
/** Beyond this, at once. */
const largeHeapBytesMax = 128 * 1024 * 1024;

/** A thread without a task. */
interface IdleThread {
  readonly worker: Worker;
  /** Of what ends it; undefined where it may stay. */
  readonly timer: NodeJS.Timeout | undefined;
}

export interface InspectorOptions {
  readonly timeoutMs: number;
  readonly threadsMax?: number;
  readonly workerUrl?: URL;
}

/** Under vitest the sources run as they are, but a worker is always the built file. */
function builtWorkerUrl(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../dist/document/inspection-worker.js", import.meta.url)
    : new URL("./inspection-worker.js", import.meta.url);
}

export function createInspector({
  timeoutMs,
  threadsMax = availableParallelism(),
  workerUrl = builtWorkerUrl(),
}: InspectorOptions): Inspector & NumberReader {
  let isClosed = false;
  const busy = new Set<Worker>();
  const idle: IdleThread[] = [];
  /** These have answered before: their next task begins as soon as it is posted. */
  const warm = new WeakSet<Worker>();
  const turns = createThreadTurns(threadsMax);

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
    const index = idle.findIndex((thread) => thread.worker === worker);
    for (const { timer } of index === -1 ? [] : idle.splice(index, 1)) clearTimeout(timer);
  }

  function putBack(worker: Worker, heapBytes: number): void {
    if (isClosed || heapBytes > largeHeapBytesMax) {
      replace(worker);
      return;
    }
    worker.unref();
    const isLarge = heapBytes > heapBytesKeptMax;
    const timer = isLarge ? setTimeout(() => replace(worker), largeHeapMsMax).unref() : undefined;
    idle.push({ worker, timer });
  }

  function replace(worker: Worker): void {
    forget(worker);
    void worker.terminate();
    prepare();
  }

  /** Starting a thread takes longer than checking a small file: one is always ready. */
  function prepare(): void {
    if (idle.length === 0 && !isClosed) idle.push({ worker: start(), timer: undefined });
  }

  function takeIdle(): Worker | undefined {
    const thread = idle.pop();
    clearTimeout(thread?.timer);
    return thread?.worker;
  }

  async function perform<Name extends TaskName>(
    name: Name,
    parameters: TaskParameters<Name>,
    signal?: AbortSignal,
  ): Promise<TaskEnd<Name>> {
    // The types of both go together.
    const task = { name, parameters } as InspectionTask;
    const passOn = await turns.take(isSmall(task), signal);
    if (passOn === undefined) return { kind: "aborted" };
    try {
      if (isClosed) return { kind: "aborted" };
      return await performInTurn<Name>(task, signal);
    } finally {
      passOn();
    }
  }

  async function performInTurn<Name extends TaskName>(
    task: InspectionTask,
    signal: AbortSignal | undefined,
  ): Promise<TaskEnd<Name>> {
    const worker = takeIdle() ?? start();
    // Two large files at once should not wait for each other, and a thread takes a while to start: where one is in use, another is made ready.
    if (!isSmall(task) && turns.taken < Math.min(threadsMax, threadsKeptWarm)) prepare();
    worker.ref();
    const saysBegun = loadsEvaluator(task) || !warm.has(worker);
    busy.add(worker);
    const ended = await runTask<Name>(worker, { saysBegun, ...task }, signal, timeoutMs);
    busy.delete(worker);
    switch (ended.kind) {
      case "answer":
        warm.add(worker);
        putBack(worker, ended.heapBytes);
        return ended;
      case "aborted":
      case "too_complex":
        await worker.terminate();
        prepare();
        return ended;
      case "error":
        if (isClosed) return { kind: "aborted" };
        prepare();
        if (isOutOfMemory(ended.error)) {
          return {
            kind: "too_complex",
            fault: { code: "too_much_memory", params: { megabytesMax: heapMegabytesMax } },
          };
        }
        throw new Error("the inspection thread failed", { cause: ended.error });
      default:
        return ended satisfies never;
    }
  }

  /** @param otherwise - where it takes too long or too much, and where the inspector is closed */
  async function ask<Name extends TaskName, const Otherwise>(
    name: Name,
    parameters: TaskParameters<Name>,
    otherwise: Otherwise,
  ): Promise<TaskResult<Name> | Otherwise> {
    const ended = await perform(name, parameters);
    return ended.kind === "answer" ? ended.result : otherwise;
  }

  const unreadable = { kind: "unreadable" } as const;
  const impossible = { kind: "impossible" } as const;
  const asText = { kind: "text" } as const;

  prepare();
  return {
    async check(bytes, { schema, fileName }, signal) {
      const ended = await perform("check", [bytes, schema, syntaxOf(fileName)], signal);
      if (ended.kind === "answer") return ended.result;
      if (ended.kind === "aborted") return { kind: "aborted" };
      return { kind: "invalid", problems: [wholeDocument(ended.fault)], total: 1 };
    },
    compare: (...asked) => ask("compare", asked, asText),
    merge: (...asked) => ask("merge", asked, impossible),
    stale: (...asked) => ask("stale", asked, { undone: null, merge: impossible }),
    replacement: (...asked) => ask("replacement", asked, { changes: asText, setBack: null }),
    findValue: (...asked) => ask("findValue", asked, unreadable),
    setValue: (bytes, fileName, path, value) =>
      ask("setValue", [bytes, path, value, syntaxOf(fileName)], unreadable),
    patch: (...asked) => ask("patch", asked, undefined),
    numberAt: (...asked) => ask("numberAt", asked, unreadable),
    numbersAt: (...asked) => ask("numbersAt", asked, undefined),
    listNumbers: (...asked) => ask("listNumbers", asked, { paths: [], changed: 0, total: 0 }),
    async limits(versions, limits) {
      if (limits.length === 0) return { kind: "within" };
      return ask("limits", [versions, limits], { kind: "unknown", because: "too_complex" });
    },
    async close() {
      isClosed = true;
      turns.close();
      const unused = idle.splice(0).map(({ worker, timer }) => {
        clearTimeout(timer);
        return worker;
      });
      await Promise.all([...busy, ...unused].map((worker) => worker.terminate()));
    },
  };
}

/** Its documents are, taken together; lists of versions are not. */
function isSmall({ parameters }: InspectionTask): boolean {
  const documents = parameters.filter((value) => value instanceof Uint8Array);
  const bytes = documents.reduce((sum, { length }) => sum + length, 0);
  return documents.length > 0 && bytes <= documents.length * smallBytesMax;
}

/** The first such task of a thread takes a while to begin. */
function loadsEvaluator(task: InspectionTask): boolean {
  return task.name === "check" && typeof task.parameters[1] !== "string";
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

type TaskEnd<Name extends TaskName> =
  | { readonly kind: "answer"; readonly result: TaskResult<Name>; readonly heapBytes: number }
  | { readonly kind: "aborted" }
  | { readonly kind: "too_complex"; readonly fault: Fault };

function runTask<Name extends TaskName>(
  worker: Worker,
  task: InspectionRequest,
  signal: AbortSignal | undefined,
  timeoutMs: number,
): Promise<TaskEnd<Name> | { readonly kind: "error"; readonly error: unknown }> {
  return new Promise((resolve) => {
    const end = (how: Parameters<typeof resolve>[0]): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      resolve(how);
    };
    const giveUp = (): void =>
      end({
        kind: "too_complex",
        fault: { code: "too_slow_to_check", params: { limitMs: timeoutMs } },
      });
    // Where the thread says when it has begun, until then: on a busy machine, starting one may take longer than checking a file.
    let timer = setTimeout(
      giveUp,
      task.saysBegun ? Math.max(timeoutMs, threadStartMsMax) : timeoutMs,
    );
    const onAbort = (): void => end({ kind: "aborted" });
    // The thread answers each task with a result of its own.
    const onMessage = (message: InspectionMessage): void => {
      if (message === "begun") {
        clearTimeout(timer);
        timer = setTimeout(giveUp, timeoutMs);
        return;
      }
      const { result, heapBytes } = message;
      end({ kind: "answer", result: result as TaskResult<Name>, heapBytes });
    };
    const onError = (error: unknown): void => end({ kind: "error", error });
    const onExit = (code: number): void => {
      end({ kind: "error", error: new Error(`the thread ended with code ${code}`) });
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    if (signal?.aborted === true) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.postMessage(task);
    return undefined;
  });
}
