// Whether the service that reads a config runs with the file: what it is proven with, and what came out. Plain JSON.
import type { ConfigId } from "./config-id.ts";

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
export interface ServiceFault {
  /** Telling the service, or asking it for the proof. */
  readonly step: "run" | "verify";
  readonly why:
    /** The program could not be started: the operating system's code, such as `ENOENT`. */
    | { readonly code: "not_started"; readonly errno: string }
    | { readonly code: "exited"; readonly exitCode: number }
    | { readonly code: "killed"; readonly signal: string }
    | { readonly code: "too_slow"; readonly limitMs: number }
    | { readonly code: "unreachable" }
    /** It answered, and not with 2xx. */
    | { readonly code: "status"; readonly status: number }
    /** It sent the request to another host. */
    | { readonly code: "sent_away" }
    /** It answered, with neither the version's hash nor its revision. */
    | { readonly code: "other_version" };
  /** The end of what the program printed: lines of printable characters; empty for nothing. */
  readonly output: string;
}

export type ServiceProof =
  /** It has proven that it runs with this version. */
  | { readonly kind: "proven" }
  /** It was told, and no proof is asked for. */
  | { readonly kind: "told" }
  | { readonly kind: "refused"; readonly fault: ServiceFault };
