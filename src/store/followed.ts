// The store as a machine sees that keeps its configs in a folder: what is newest, and where it tells how far it has come.
import type { ConfigId } from "../model/config-id.ts";
import type { MachineConfig, MachineEdit, Rollout } from "../model/machine.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import type { Version } from "../model/version.ts";

/** What the store does not do for now is thrown as a Refusal. */
export interface FollowedStore {
  /** The newest revision, as the last look found it; undefined before the first. */
  newest(id: ConfigId): Revision | undefined;
  /** How far the newest revisions with `rollout` have come, as the last look found it. */
  rollout(id: ConfigId): Rollout | undefined;
  /** When the store last answered a look, by `performance.now()`; undefined where it never did. */
  readonly answeredMs: number | undefined;
  /** Why the store lets this machine do nothing with these settings; undefined where it did the last time. */
  readonly keptOut: Trouble | undefined;
  /** Calls `listener` after each look that found news, and after the first one. @returns what ends that */
  watch(listener: () => void): () => void;
  /** These bytes, their hash checked; undefined where they are not kept any more. */
  readonly version: (id: ConfigId, sha256: string) => Promise<Version | undefined>;
  /** Takes the first place for this revision, unless another machine has it. Ends with this machine, until it is advanced. */
  claim(id: ConfigId, revision: number): Promise<void>;
  /** Says how far the revision has come on this machine, which is the first. */
  advance(id: ConfigId, revision: number, state: "written" | "live" | "failed"): Promise<void>;
  /** What this machine reports from now on; sent soon, and kept up while it lives. */
  report(configs: Readonly<Record<string, MachineConfig>>): void;
  /** Resolves when the store has the last report. */
  reported(): Promise<void>;
  /** Durable when it resolves; `key` tells one edit from others of this machine. */
  edited(key: string, edit: MachineEdit): Promise<void>;
  close(): Promise<void>;
}
