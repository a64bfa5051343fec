// What checks, compares and merges documents, as its callers see it.
import type { Comparison, Merge, Replacement, StaleEdit } from "./comparison.ts";
import type { Config } from "./config.ts";
import type { LimitedVersions, LimitsJudgement } from "./excess.ts";
import type { PathFinding, ValueEdit } from "./one-value.ts";
import type { Validation } from "./problem.ts";
import type { Limit } from "./rules.ts";

/** What a document is checked as. */
type CheckedConfig = Pick<Config, "schema" | "fileName">;

export interface Inspector {
  /** The clock starts when a thread begins. A document that is too much for one is invalid, with one problem. */
  check(bytes: Uint8Array, config: CheckedConfig, signal: AbortSignal): Promise<Validation>;
  /** What is too much for a thread is compared as text. */
  compare(before: Uint8Array, after: Uint8Array): Promise<Comparison>;
  /** What is too much for a thread is impossible to merge. */
  merge(base: Uint8Array, live: Uint8Array, candidate: Uint8Array): Promise<Merge>;
  /** Of what is too much for a thread nothing is known to be undone, and nothing can be merged. */
  stale(base: Uint8Array, live: Uint8Array, candidate: Uint8Array): Promise<StaleEdit>;
  /** What `made` changed in `replaced`, and what it took back of what that had changed in `base`. What is too much for a thread is compared as text. */
  replacement(base: Uint8Array, replaced: Uint8Array, made: Uint8Array): Promise<Replacement>;
  /** The unified diff. @returns undefined for what is too much for a thread, or differs in too much */
  patch(fileName: string, before: Uint8Array, after: Uint8Array): Promise<string | undefined>;
  /** The value that a path leads to. What is too much for a thread is unreadable. */
  findValue(bytes: Uint8Array, path: string): Promise<PathFinding>;
  /** The text with another value in that place, every other byte as it was. @param value - as it was typed */
  setValue(bytes: Uint8Array, fileName: string, path: string, value: string): Promise<ValueEdit>;
  /** How far a change moves the values that limits watch. Without limits nothing is read. */
  limits(versions: LimitedVersions, limits: readonly Limit[]): Promise<LimitsJudgement>;
  /** Ends the threads; what is still being checked is aborted. */
  close(): Promise<void>;
}
