// Whether the service that reads a config runs with the file: what it is proven with, and what came out. Plain JSON.
import { z } from "zod";
import type { ConfigId } from "./config-id.ts";
import { machineProblems } from "./machine.ts";

/** The version that the service is to run with. */
export interface ServedVersion {
  readonly configId: ConfigId;
  /** The live file's absolute path. */
  readonly filePath: string;
  readonly revision: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Why the service did not take a version, or did not prove it in time. */
export const serviceFaultSchema = z.object({
  /** Telling the service, or asking it for the proof. */
  step: z.enum(["run", "verify"]),
  why: z.discriminatedUnion("code", [
    /** The program could not be started: the operating system's code, such as `ENOENT`. */
    z.object({ code: z.literal("not_started"), errno: z.string() }),
    z.object({ code: z.literal("exited"), exitCode: z.int() }),
    z.object({ code: z.literal("killed"), signal: z.string() }),
    z.object({ code: z.literal("too_slow"), limitMs: z.number() }),
    z.object({ code: z.literal("unreachable") }),
    /** It answered, and not with 2xx. */
    z.object({ code: z.literal("status"), status: z.int() }),
    /** It sent the request to another host. */
    z.object({ code: z.literal("sent_away") }),
    /** It answered, with neither the version's hash nor its revision. */
    z.object({ code: z.literal("other_version") }),
    /** The first of several machines could not go on with it. */
    z.object({
      code: z.literal("on_machine"),
      machine: z.string(),
      problem: z.enum(machineProblems),
    }),
    /** It wrote the file, and has not been heard of since. */
    z.object({ code: z.literal("machine_silent"), machine: z.string() }),
    /** None came in time. */
    z.object({ code: z.literal("no_machine") }),
  ]),
  /** The end of what the program printed: lines of printable characters; empty for nothing. */
  output: z.string(),
});

export type ServiceFault = Readonly<z.infer<typeof serviceFaultSchema>>;

/** `proven`: it runs with this version; `told`: no proof is asked for. */
const takenSchema = z.enum(["proven", "told"]);
export type Taken = z.infer<typeof takenSchema>;

export type ServiceProof =
  { readonly kind: Taken } | { readonly kind: "refused"; readonly fault: ServiceFault };

/** How it ended that the service was to take a change. */
export const serviceEndSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("taken"), as: takenSchema }),
  /** It did not take it, and the version before is live again. */
  z.object({
    kind: z.literal("put_back"),
    fault: serviceFaultSchema,
    /** The revision whose bytes are live again. */
    backTo: z.int().positive(),
    /** The new revision that has them. */
    revision: z.int().positive(),
    /** Why the service did not take that one either; null where it did. */
    again: serviceFaultSchema.nullable(),
  }),
  /** It did not take it, and it stays live. */
  z.object({
    kind: z.literal("stays"),
    fault: serviceFaultSchema,
    because: z.enum([
      /** There was no version before. */
      "first",
      /** It was itself the going back to an older version. */
      "going_back",
      /** Somebody changed the file past Airlock meanwhile. */
      "moved",
      /** The version before is not kept any more. */
      "not_kept",
      /** It could not be put back; the log has why. */
      "failed",
    ]),
  }),
]);

export type ServiceEnd = Readonly<z.infer<typeof serviceEndSchema>>;
export type PutBack = Extract<ServiceEnd, { readonly kind: "put_back" }>;
export type Stays = Extract<ServiceEnd, { readonly kind: "stays" }>;

/** What is known of the service of a config. */
export type ServiceState =
  /** The change that made this revision waits for the service. */
  | { readonly kind: "asking"; readonly revision: number }
  | { readonly kind: "ended"; readonly revision: number; readonly end: ServiceEnd };

/** Whether the service runs with what was live when that ended. */
export function isServed(end: ServiceEnd): boolean {
  return end.kind === "taken" || (end.kind === "put_back" && end.again === null);
}

/** What happens between a change and its service, told to whoever listens: the log, the metrics. */
export type ServiceEvent = {
  readonly configId: ConfigId;
  readonly revision: number;
} & (
  | { readonly kind: "asked" }
  | { readonly kind: "refused"; readonly fault: ServiceFault }
  | { readonly kind: "ended"; readonly end: ServiceEnd }
);
