// The machines that keep the configs of a store in their folders: what each reports, and how far a revision has come over them.
import { z } from "zod";
import type { ConfigId } from "./config-id.ts";
import { sha256Schema } from "./revision.ts";

/** Names go into keys, texts and commands. */
export const machineNamePattern = /^[A-Za-z0-9][-A-Za-z0-9._]{0,62}$/;
export const machineNameSchema = z.string().regex(machineNamePattern);

/** Silent for so long, it does not count among the machines any more. */
const forgottenAfterMs = 7 * 24 * 60 * 60 * 1000;

/** How far a machine has come with a revision. `live`: its service has proven it, or it is written and no proof is asked for. */
const machineStages = ["fetched", "written", "live"] as const;

/** Why it comes no further. */
export const machineProblems = ["not_taken", "not_valid", "not_written", "store_behind"] as const;
export type MachineProblem = (typeof machineProblems)[number];
/** `name_shared`: two machines report under one name, and what one of them says is not so on the other. */
export type StandingProblem = MachineProblem | "name_shared";

const machineConfigSchema = z.object({
  /** The newest that it works on. */
  revision: z.int().positive(),
  sha256: sha256Schema,
  /** null before the first of them. */
  stage: z.enum(machineStages).nullable(),
  problem: z.enum(machineProblems).nullable(),
});

export const machineReportSchema = z.object({
  name: machineNameSchema,
  configs: z.record(z.string(), machineConfigSchema),
  /** Random, another one for each process: by it one knows that somebody else reports under the same name. */
  process: z.string().max(64).optional(),
  /** Somebody else does. */
  name_shared: z.boolean().default(false),
});

export type MachineReport = Readonly<z.infer<typeof machineReportSchema>>;
export type MachineConfig = Readonly<z.infer<typeof machineConfigSchema>>;

/** A machine, as far as the store knows it. */
export interface Machine {
  readonly name: string;
  /** It reports at this moment. */
  readonly isSeen: boolean;
  /** Of one that is silent: since when, about; milliseconds since 1970. */
  readonly lastSeenMs: number;
  /** Another machine reports under the same name. */
  readonly isNameShared?: boolean;
  /** What it reported last; none where that is not known. */
  readonly configs: Readonly<Record<string, MachineConfig>>;
}

/** How far a revision has come that goes to one machine first. */
export const rolloutSchema = z.object({
  revision: z.int().positive(),
  /** Which machine. */
  first: machineNameSchema,
  /** `claimed` ends with its machine; the others stay. The other machines wait for `live`. */
  state: z.enum(["claimed", "written", "live", "failed"]),
});
export type Rollout = Readonly<z.infer<typeof rolloutSchema>>;

/** An edit by hand that a machine found and replaced. */
export const machineEditSchema = z.object({
  machine: machineNameSchema,
  config: z.string(),
  /** The file in its BACKUP_DIR that holds the edit. */
  backup: z.string().nullable(),
});
export type MachineEdit = Readonly<z.infer<typeof machineEditSchema>>;

/** What one machine has of a revision. `behind`: it has not reported anything of it. */
type MachineState = (typeof machineStages)[number] | "behind" | "failed" | "unseen";

interface MachineStanding {
  readonly name: string;
  readonly state: MachineState;
  /** For `failed`, and why two machines with one name count as `behind`. */
  readonly problem: StandingProblem | null;
  /** For `unseen`. */
  readonly silentMs: number;
}

/** How far one revision has come. */
export interface Spread {
  readonly live: number;
  readonly all: number;
  /** Those where it is not live, by name. */
  readonly others: readonly MachineStanding[];
}

/** @returns whether it is one of those that count */
export function isCounted(
  { isSeen, lastSeenMs }: Pick<Machine, "isSeen" | "lastSeenMs">,
  nowMs: number,
): boolean {
  return isSeen || nowMs - lastSeenMs < forgottenAfterMs;
}

/** How far this revision has come over the machines that count. A silent one never counts as live. */
export function spreadOf(
  machines: readonly Machine[],
  id: ConfigId,
  revision: number,
  nowMs: number,
): Spread {
  const standings = machines
    .filter((machine) => isCounted(machine, nowMs))
    .map((machine) => standingOf(machine, id, revision, nowMs));
  const others = standings.filter(({ state }) => state !== "live");
  return {
    live: standings.length - others.length,
    all: standings.length,
    others: others.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function standingOf(
  { name, isSeen, isNameShared, lastSeenMs, configs }: Machine,
  id: ConfigId,
  revision: number,
  nowMs: number,
): MachineStanding {
  const silentMs = isSeen ? 0 : Math.max(0, nowMs - lastSeenMs);
  const standing = (state: MachineState, problem: StandingProblem | null = null) =>
    ({ name, state, problem, silentMs }) satisfies MachineStanding;
  if (!isSeen) return standing("unseen");
  if (isNameShared === true) return standing("behind", "name_shared");
  const reported = configs[id];
  if (reported?.problem === "store_behind") return standing("failed", reported.problem);
  if (reported === undefined || reported.revision < revision) return standing("behind");
  // A later one has taken its place there: this one is over for it, and the later one has its own words.
  if (reported.revision > revision) return standing("behind");
  if (reported.problem !== null) return standing("failed", reported.problem);
  return standing(reported.stage ?? "behind");
}
