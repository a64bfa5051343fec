// Tells a service of a version, and asks it once whether it runs with it, with limits. What comes out is a value.
import type { Apply } from "../model/rules.ts";
import type { ServedVersion, ServiceFault } from "../model/service-proof.ts";
import { askAddress } from "./ask-address.ts";
import { type ProgramEnd, type ProgramLimits, runProgram } from "./run-program.ts";

/** Of one answer: a service that is starting may take the connection and not answer. */
const answerMsMax = 5000;

/** `stopped`: it was not wanted any more. */
type Asked = "done" | "stopped" | ServiceFault;

/** Runs the command that makes the service take the version; `done` where it ended well, which proves nothing. */
export async function tellService(
  argv: Apply["run"],
  version: ServedVersion,
  limits: ProgramLimits,
): Promise<Asked> {
  return askedOf("run", await runProgram(argv, factsOf(version), limits), limits);
}

/** @returns `done` where the service proved that it runs with the version */
export async function askForProof(
  verify: NonNullable<Apply["verify"]>,
  version: ServedVersion,
  limits: ProgramLimits,
): Promise<Asked> {
  return verify.kind === "url"
    ? askByAddress(verify.url, version, limits)
    : askedOf("verify", await runProgram(verify.argv, factsOf(version), limits), limits);
}

function factsOf({ configId, filePath, revision, sha256 }: ServedVersion): Record<string, string> {
  return {
    AIRLOCK_CONFIG: configId,
    AIRLOCK_CONFIG_FILE: filePath,
    AIRLOCK_REVISION: String(revision),
    AIRLOCK_SHA256: sha256,
  };
}

async function askByAddress(
  url: string,
  { revision, sha256 }: ServedVersion,
  { timeoutMs, signal }: ProgramLimits,
): Promise<Asked> {
  const answerMs = Math.min(timeoutMs, answerMsMax);
  const answer = await askAddress(url, { timeoutMs: answerMs, signal });
  const unproven = (why: ServiceFault["why"]): Asked => ({ step: "verify", why, output: "" });
  switch (answer.kind) {
    case "stopped":
      return "stopped";
    case "too_slow":
      return unproven({ code: "too_slow", limitMs: answerMs });
    case "unreachable":
    case "sent_away":
      return unproven({ code: answer.kind });
    case "answered": {
      const { status, headers, text } = answer;
      if (status < 200 || status > 299) return unproven({ code: "status", status });
      const isProof =
        headers.get("x-config-revision")?.trim() === String(revision) ||
        text.toLowerCase().includes(sha256);
      return isProof ? "done" : unproven({ code: "other_version" });
    }
    default:
      return answer satisfies never;
  }
}

function askedOf(step: ServiceFault["step"], end: ProgramEnd, { timeoutMs }: ProgramLimits): Asked {
  const { output } = end;
  switch (end.kind) {
    case "stopped":
      return "stopped";
    case "exited":
      return end.exitCode === 0
        ? "done"
        : { step, why: { code: "exited", exitCode: end.exitCode }, output };
    case "killed":
      return { step, why: { code: "killed", signal: end.signal }, output };
    case "not_started":
      return { step, why: { code: "not_started", errno: end.errno }, output };
    case "too_slow":
      return { step, why: { code: "too_slow", limitMs: timeoutMs }, output };
    default:
      return end satisfies never;
  }
}
