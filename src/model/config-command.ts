// The commands that name a config, such as `/set_fees`, and the role that each needs.
import type { Role } from "./people.ts";

/** In this order they are listed. */
export const neededForCommand = {
  set: "write",
  get: "read",
  check: "write",
  diff: "read",
  history: "read",
  chart: "read",
  rollback: "write",
  schedule: "write",
  freeze: "write",
  unfreeze: "write",
  schema: "read",
} as const satisfies Readonly<Record<string, Role>>;

export type ConfigCommand = keyof typeof neededForCommand;

export const configCommands = Object.keys(neededForCommand) as readonly ConfigCommand[];
