// The thread that reads documents: one task at a time, and nothing else. Ended from outside where one takes too long.
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { compareDocuments } from "./compare/compare-documents.ts";
import type { Comparison } from "../model/comparison.ts";
import { mergeDocuments } from "./compare/merge-documents.ts";
import type { Merge } from "../model/comparison.ts";
import { staleEdit } from "./compare/stale-edit.ts";
import type { Replacement, StaleEdit } from "../model/comparison.ts";
import { replacement } from "./compare/set-back.ts";
import { judgeLimits } from "./limits/judge-limits.ts";
import type { NumberAt, NumberList } from "../model/number-series.ts";
import { listNumbers, numberAt, numbersAt } from "./values/numbers.ts";
import type { ConfigSchema } from "../model/config-schema.ts";
import type { LimitedVersions, LimitsJudgement } from "../model/excess.ts";
import type { Limit } from "../model/rules.ts";
import { checkDocument } from "./validation/check-document.ts";
import type { DocumentSyntax } from "./validation/document-syntax.ts";
import type { PathFinding, ValueEdit } from "../model/one-value.ts";
import { findValue } from "./values/find-value.ts";
import type { Validation } from "../model/problem.ts";

export type InspectionTask =
  | {
      readonly kind: "check";
      readonly bytes: Uint8Array;
      readonly schema: ConfigSchema;
      readonly syntax: DocumentSyntax;
    }
  | { readonly kind: "compare"; readonly before: Uint8Array; readonly after: Uint8Array }
  | ({ readonly kind: "merge" } & ThreeVersions)
  | ({ readonly kind: "stale" } & ThreeVersions)
  | {
      readonly kind: "replacement";
      readonly base: Uint8Array;
      readonly replaced: Uint8Array;
      readonly made: Uint8Array;
    }
  | { readonly kind: "find_value"; readonly bytes: Uint8Array; readonly path: string }
  | {
      readonly kind: "set_value";
      readonly bytes: Uint8Array;
      readonly syntax: DocumentSyntax;
      readonly path: string;
      readonly value: string;
    }
  | {
      readonly kind: "patch";
      readonly fileName: string;
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    }
  | { readonly kind: "number_at"; readonly bytes: Uint8Array; readonly written: string }
  | {
      readonly kind: "numbers_at";
      readonly versions: readonly Uint8Array[];
      readonly written: string;
    }
  | { readonly kind: "list_numbers"; readonly versions: readonly Uint8Array[] }
  | {
      readonly kind: "limits";
      readonly versions: LimitedVersions;
      readonly limits: readonly Limit[];
    };

interface ThreeVersions {
  readonly base: Uint8Array;
  readonly live: Uint8Array;
  readonly candidate: Uint8Array;
}

/** What each kind of task results in. */
export interface InspectionResults {
  readonly check: Validation;
  readonly compare: Comparison;
  readonly merge: Merge;
  readonly stale: StaleEdit;
  readonly replacement: Replacement;
  readonly find_value: PathFinding;
  readonly set_value: ValueEdit;
  readonly patch: string | undefined;
  readonly limits: LimitsJudgement;
  readonly number_at: NumberAt;
  readonly numbers_at: readonly (string | null)[];
  readonly list_numbers: NumberList;
}

interface InspectionAnswer {
  readonly result: InspectionResults[keyof InspectionResults];
  /** The thread's heap afterwards. */
  readonly heapBytes: number;
}

/** What the thread says of each task: that it has begun, where it was asked to, and how it ended. */
export type InspectionMessage = "begun" | InspectionAnswer;

/** A task as it is posted. */
export type InspectionRequest<Task extends InspectionTask = InspectionTask> = Task & {
  /** Whether the thread says when it begins. */
  readonly saysBegun: boolean;
};

if (parentPort === null) throw new Error("this file runs as a worker thread");
const port = parentPort;
// What it throws ends the thread, and is reported where the thread was started.
port.on("message", (task: InspectionRequest) => void answer(task));

async function answer(task: InspectionRequest): Promise<void> {
  // It belongs to the thread's start: the limit on time is the document's.
  if (task.kind === "check" && typeof task.schema !== "string") await loadEvaluator();
  if (task.saysBegun) port.postMessage("begun" satisfies InspectionMessage);
  const result = await perform(task);
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

async function perform(task: InspectionTask): Promise<InspectionAnswer["result"]> {
  switch (task.kind) {
    case "check":
      return checkDocument(task.bytes, await compiled(task.schema), task.syntax);
    case "compare":
      return compareDocuments(task.before, task.after);
    case "merge":
      return mergeDocuments(task.base, task.live, task.candidate);
    case "stale":
      return staleEdit(task.base, task.live, task.candidate);
    case "replacement":
      return replacement(task.base, task.replaced, task.made);
    case "find_value":
      return findValue(task.bytes, task.path);
    case "set_value":
      return (await loadEditor()).setValue(task.bytes, task.path, task.value, task.syntax);
    case "patch":
      return (await loadPatcher()).unifiedPatch(task.fileName, task.before, task.after);
    case "limits":
      return judgeLimits(task.versions, task.limits);
    case "number_at":
      return numberAt(task.bytes, task.written);
    case "numbers_at":
      return numbersAt(task.versions, task.written);
    case "list_numbers":
      return listNumbers(task.versions);
    default:
      return task satisfies never;
  }
}

/** The evaluator of JSON Schema takes a tenth of a second to load: only who has schemas of their own waits for it, and once per thread. */
const loadEvaluator = async () => import("./json-schema/compile-schema.ts");

/** These come with libraries that few tasks need. */
const loadEditor = async () => import("./values/set-value.ts");
const loadPatcher = async () => import("./compare/unified-patch.ts");

async function compiled(schema: ConfigSchema): Promise<Parameters<typeof checkDocument>[1]> {
  return typeof schema === "string" ? schema : (await loadEvaluator()).compileSchema(schema);
}
