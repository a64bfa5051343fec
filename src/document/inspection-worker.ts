// The thread that reads documents: one task at a time, and nothing else. Ended from outside where one takes too long.
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import type { ConfigSchema } from "../model/config-schema.ts";
import { compareDocuments } from "./compare/compare-documents.ts";
import { mergeDocuments } from "./compare/merge-documents.ts";
import { replacement } from "./compare/set-back.ts";
import { staleEdit } from "./compare/stale-edit.ts";
import type { unifiedPatch } from "./compare/unified-patch.ts";
import { judgeLimits } from "./limits/judge-limits.ts";
import { checkDocument } from "./validation/check-document.ts";
import type { DocumentSyntax } from "./validation/document-syntax.ts";
import { findValue } from "./values/find-value.ts";
import { listNumbers, numberAt, numbersAt } from "./values/numbers.ts";
import type { setValue } from "./values/set-value.ts";

/** What the thread can be asked for, by name. */
const tasks = {
  check: async (bytes: Uint8Array, schema: ConfigSchema, syntax: DocumentSyntax) =>
    checkDocument(bytes, await compiled(schema), syntax),
  compare: compareDocuments,
  merge: mergeDocuments,
  stale: staleEdit,
  replacement,
  findValue,
  // These come with libraries that few tasks need.
  setValue: async (...asked: Parameters<typeof setValue>) =>
    (await import("./values/set-value.ts")).setValue(...asked),
  patch: async (...asked: Parameters<typeof unifiedPatch>) =>
    (await import("./compare/unified-patch.ts")).unifiedPatch(...asked),
  limits: judgeLimits,
  numberAt,
  numbersAt,
  listNumbers,
};

type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskResult<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;

export type TaskParameters<Name extends TaskName> = Parameters<Tasks[Name]>;

export type InspectionTask = {
  readonly [Name in TaskName]: { readonly name: Name; readonly parameters: TaskParameters<Name> };
}[TaskName];

/** A task as it is posted. */
export type InspectionRequest = InspectionTask & {
  /** Whether the thread says when it begins. */
  readonly saysBegun: boolean;
};

interface InspectionAnswer {
  readonly result: TaskResult<TaskName>;
  /** The thread's heap afterwards. */
  readonly heapBytes: number;
}

/** What the thread says of each task: that it has begun, where it was asked to, and how it ended. */
export type InspectionMessage = "begun" | InspectionAnswer;

if (parentPort === null) throw new Error("this file runs as a worker thread");
const port = parentPort;
// What it throws ends the thread, and is reported where the thread was started.
port.on("message", (request: InspectionRequest) => void answer(request));

async function answer({ saysBegun, ...task }: InspectionRequest): Promise<void> {
  // It belongs to the thread's start: the limit on time is the document's.
  if (task.name === "check" && typeof task.parameters[1] !== "string") await loadEvaluator();
  if (saysBegun) port.postMessage("begun" satisfies InspectionMessage);
  // Each task comes with its own parameters.
  const perform = tasks[task.name] as (
    ...given: InspectionTask["parameters"]
  ) => TaskResult<TaskName> | Promise<TaskResult<TaskName>>;
  const result = await perform(...task.parameters);
  // process.memoryUsage() would read a file of /proc as well.
  const heapBytes = getHeapStatistics().used_heap_size;
  port.postMessage({ result, heapBytes } satisfies InspectionAnswer);
}

/**
 * A fresh thread runs its code slowly until the engine has seen what is hot in it. So it reads small files until then, in slices, so that tasks run
 * in between. Four make a first small file take 3 ms instead of 9; sixteen cost each start 45 ms of processor more, and made nothing faster.
 */
const warmUpSlices = 4;
const warmUpKeys = 400;

async function warmUp(slicesLeft: number): Promise<void> {
  if (slicesLeft === 0) return;
  const lines = Array.from({ length: warmUpKeys }, (_, index) => `  A${index}: 1.${index}`);
  await checkDocument(
    Buffer.from(`base: USD\nrates:\n${lines.join("\n")}\n`),
    "builtin:rates",
    "yaml",
  );
  setImmediate(() => void warmUp(slicesLeft - 1));
}

void warmUp(warmUpSlices);

/** The evaluator of JSON Schema takes a tenth of a second to load: only who has schemas of their own waits for it, and once per thread. */
const loadEvaluator = async () => import("./json-schema/compile-schema.ts");

async function compiled(schema: ConfigSchema): Promise<Parameters<typeof checkDocument>[1]> {
  return typeof schema === "string" ? schema : (await loadEvaluator()).compileSchema(schema);
}
