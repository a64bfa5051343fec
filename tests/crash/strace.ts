// Looks at the system calls of a running bot from outside, and can end it or fail a call at any of them: nothing in the bot knows of
// it. Where a machine may not trace, the tests that need it are left out, which is said aloud; never in CI, which sets REQUIRE_STRACE.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

const attachTimeoutMs = 20_000;

function canTrace(): boolean {
  return spawnSync("strace", ["-f", "true"], { stdio: "ignore" }).status === 0;
}

export const straceIsMissing = process.env["REQUIRE_STRACE"] !== "1" && !canTrace();

if (straceIsMissing) {
  process.stderr.write(
    "Left out: the tests that end the bot at every step of a change. They need strace (on Debian: apt-get install strace) and the right to trace.\n",
  );
}

export interface Trace {
  /** All lines so far. */
  text(): string;
  /** Resolves when the bot has ended, or was let go. */
  readonly ended: Promise<unknown>;
  /** Lets go of the bot. */
  stop(): Promise<void>;
}

/** @param options - of strace, such as `-e inject=…`; call numbers count from now on, per thread */
export async function trace(pid: number, options: readonly string[]): Promise<Trace> {
  const strace = spawn("strace", ["-f", "-y", "-s", "1000", "-p", String(pid), ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  strace.stderr.setEncoding("utf8").on("data", (part: string) => {
    output += part;
  });
  const ended = once(strace, "exit");
  onTestFinished(() => void strace.kill("SIGKILL"));
  await attached(strace, () => output);
  return {
    text: () => output,
    ended,
    async stop() {
      strace.kill("SIGINT");
      await ended;
    },
  };
}

async function attached(strace: ChildProcess, output: () => string): Promise<void> {
  const signal = AbortSignal.timeout(attachTimeoutMs);
  while (!output().includes("attached")) {
    if (strace.stderr === null) throw new Error("strace has no output");
    await once(strace.stderr, "data", { signal });
  }
}
