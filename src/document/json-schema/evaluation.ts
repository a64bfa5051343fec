// One run of a schema over a value: what was found wrong, where it is, and which keys and items were looked at.
import type { PathStep } from "../validation/problem-path.ts";
import type { Resource } from "./schema-registry.ts";

/** Schemas within schemas; a document is at most a hundred levels deep, so more is a schema that goes around in circles. */
const nestedMax = 1500;

/** One thing that the schema refuses. */
export interface Issue {
  readonly path: readonly PathStep[];
  /** Whether it is about the key at `path`, or about its value. */
  readonly about: "key" | "value";
  /** In plain words: "must be at most 100, got 150". */
  readonly message: string;
}

export interface Run {
  /** undefined where only the answer counts. */
  issues: Issue[] | undefined;
  readonly path: PathStep[];
  /** The resources entered on the way here, outermost first: where `$dynamicRef` looks. */
  readonly scope: Resource[];
  nested: number;
}

/** What in one value was looked at, for `unevaluatedProperties` and `unevaluatedItems`. */
export interface Seen {
  readonly keys: Set<string>;
  readonly items: Set<number>;
}

/** @param seen - given where somebody wants to know what was looked at */
export type Check = (value: unknown, run: Run, seen: Seen | undefined) => boolean;

export interface SchemaNode {
  readonly resource: Resource;
  readonly checks: readonly Check[];
  /** Of values that may fit at all, as far as the schema itself says; undefined where it does not. */
  readonly types: readonly string[] | undefined;
  /** Whether one of the checks asks what the others have looked at. */
  readonly asksSeen: boolean;
}

export function newRun(issues: Issue[] | undefined): Run {
  return { issues, path: [], scope: [], nested: 0 };
}

function newSeen(): Seen {
  return { keys: new Set(), items: new Set() };
}

/** Notes what is wrong with the value, or what is below it at `steps`. @returns false, for the check to return */
export function refuse(run: Run, message: string, ...steps: readonly PathStep[]): false {
  run.issues?.push({ path: [...run.path, ...steps], about: "value", message });
  return false;
}

/** As {@link refuse}, for a key that should not be there or not be called so. */
export function refuseKey(run: Run, key: string, message: string): false {
  run.issues?.push({ path: [...run.path, key], about: "key", message });
  return false;
}

/** Applies the schema to the value at the run's path. Without `run.issues` it ends at the first thing that is wrong. */
export function apply(node: SchemaNode, value: unknown, run: Run, seen?: Seen): boolean {
  if (run.nested >= nestedMax) {
    return refuse(run, "cannot be checked, because the schema refers to itself without an end");
  }
  const own = seen ?? (node.asksSeen ? newSeen() : undefined);
  const enters = run.scope.at(-1) !== node.resource;
  if (enters) run.scope.push(node.resource);
  run.nested += 1;
  let valid = true;
  for (const check of node.checks) {
    if (check(value, run, own)) continue;
    valid = false;
    if (run.issues === undefined) break;
  }
  run.nested -= 1;
  if (enters) run.scope.pop();
  return valid;
}

/** Applies the schema to what is below the value at `step`. */
export function applyInside(node: SchemaNode, step: PathStep, value: unknown, run: Run): boolean {
  run.path.push(step);
  const valid = apply(node, value, run);
  run.path.pop();
  return valid;
}

/** Applies another schema to the same value; what it looked at counts as looked at here. */
export function applyBeside(
  node: SchemaNode,
  value: unknown,
  run: Run,
  seen: Seen | undefined,
): boolean {
  if (seen === undefined) return apply(node, value, run);
  const inner = newSeen();
  const valid = apply(node, value, run, inner);
  // Where it failed, the whole does anyway; told of each key that nobody knows, and not of those that only have a wrong value.
  if (valid || run.issues !== undefined) addSeen(seen, inner);
  return valid;
}

/** Whether the schema accepts the value, with nothing told. What it looked at counts where it does. */
export function accepts(node: SchemaNode, value: unknown, run: Run, seen?: Seen): boolean {
  const { issues } = run;
  run.issues = undefined;
  const valid = applyBeside(node, value, run, seen);
  run.issues = issues;
  return valid;
}

/** The first thing that the schema refuses in the value. */
export function firstIssue(node: SchemaNode, value: unknown, run: Run): Issue | undefined {
  const issues: Issue[] = [];
  apply(node, value, { ...run, issues });
  return issues[0];
}

function addSeen(seen: Seen, inner: Seen): void {
  for (const key of inner.keys) seen.keys.add(key);
  for (const index of inner.items) seen.items.add(index);
}
