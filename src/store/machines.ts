// The machines that keep the configs of this store, as the bot sees them.
import type { ConfigId } from "../model/config-id.ts";
import type { Machine, MachineEdit, Rollout } from "../model/machine.ts";

export interface Machines {
  /** As the last look found them, by name. */
  readonly all: readonly Machine[];
  rollout(id: ConfigId): Rollout | undefined;
  /** Calls `listener` after each look that found something else than the one before. @returns what ends that */
  watch(listener: () => void): () => void;
  /** Edits by hand that nobody has announced, by their keys. */
  readonly edits: ReadonlyMap<string, MachineEdit>;
  /** It is announced. @throws Refusal */
  forgetEdit(key: string): Promise<void>;
  close(): Promise<void>;
}
