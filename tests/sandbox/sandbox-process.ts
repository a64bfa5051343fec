// The sandbox as its users start it: the built file as a process, with a free port.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/dev/sandbox/main.js", import.meta.url));

export interface SandboxProcess {
  readonly address: string;
  /** What the sandbox left in its temporary folder. */
  readonly leftovers: () => Promise<readonly string[]>;
  /** Ctrl-C, and its end. @returns the exit code */
  interrupt(): Promise<number | null>;
  /** Ends it if it still runs, and removes its folder. */
  dispose(): Promise<void>;
}

export interface SandboxProcessOptions {
  readonly port?: number;
  readonly args?: readonly string[];
  /** Where programs are looked for; as here by default. */
  readonly path?: string;
  /** Where the command was typed. */
  readonly from?: string;
}

/** @throws with what it said on standard error when it ends instead of printing its address */
export async function startSandboxProcess({
  port = 0,
  args = [],
  path = process.env["PATH"],
  from,
}: SandboxProcessOptions = {}): Promise<SandboxProcess> {
  const temporary = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: path,
      TMPDIR: temporary,
      SANDBOX_PORT: String(port),
      ...(from === undefined ? {} : { INIT_CWD: from }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const dispose = async (): Promise<void> => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await exited;
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    return {
      address: await printedAddress(child),
      leftovers: () => readdir(temporary),
      async interrupt() {
        child.kill("SIGINT");
        await exited;
        return child.exitCode;
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function printedAddress(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the sandbox has no output");
  let complaints = "";
  stderr.on("data", (part) => (complaints += String(part)));
  for await (const line of createInterface({ input: stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(complaints);
}
