// Runs a program that an operator named, with limits: no shell, a process group of its own that is ended with it, an environment that holds
// nothing of Airlock's, a bounded piece of what it prints.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** The end of what it prints is kept: that is where programs say what went wrong. */
const outputBytesMax = 4096;
/** From TERM to KILL. */
const endingMs = 2000;
/** What was killed is gone after that. */
const killedMs = 500;
/** What the program started may hold its output open after it has ended; so long is waited for what is on its way. */
const lastOutputMs = 200;
const groupLookMs = 50;

/** What programs need to find others, their files and their language, and to reach the service managers of their user. */
const passedOn =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|DOCKER_HOST)$/;

/** Control characters and those that hide text or turn its direction; a line's end is neither. */
const unprintable = /(?:(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029])+/gu;

export type ProgramEnd = {
  /** The end of what it printed on both outputs: lines of printable characters, at most {@link outputBytesMax}. */
  readonly output: string;
} & (
  | Exit
  /** Its time was over. */
  | { readonly kind: "too_slow" }
  /** It was not wanted any more. */
  | { readonly kind: "stopped" }
);

export interface ProgramLimits {
  /** Its process group is sent TERM after so long, and KILL {@link endingMs} later. */
  readonly timeoutMs: number;
  /** Ends it likewise. */
  readonly signal: AbortSignal;
}

/**
 * Runs `argv` and waits until it has ended. What it leaves running in the background, having ended in time, goes on.
 * @param facts - variables beside {@link passedOn}
 */
export async function runProgram(
  argv: readonly string[],
  facts: Readonly<Record<string, string>>,
  { timeoutMs, signal }: ProgramLimits,
): Promise<ProgramEnd> {
  if (signal.aborted) return { kind: "stopped", output: "" };
  const [program = "", ...parameters] = argv;
  let child: ChildProcess;
  try {
    child = spawn(program, parameters, {
      detached: true,
      env: { ...basicEnvironment(process.env), ...facts },
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    // Some refusals come at once, such as that of too long an argument.
    return { kind: "not_started", errno: errnoOf(error), output: "" };
  }
  endWithThisProcess(child);
  const output = keepEnd(child);
  const closed = once(child, "close");
  // A program that was not started is told by the event below.
  closed.catch(() => {});
  let endedBy: "too_slow" | "stopped" | undefined;
  let ending: Promise<void> | undefined;
  const end = (by: "too_slow" | "stopped"): void => {
    endedBy ??= by;
    ending ??= endGroup(child);
  };
  const stop = (): void => end("stopped");
  const timer = setTimeout(() => end("too_slow"), timeoutMs);
  signal.addEventListener("abort", stop);
  try {
    const exit = await exitOf(child);
    if (exit.kind === "not_started") return { ...exit, output: "" };
    await ending;
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastOutputMs))]);
    return { ...(endedBy === undefined ? exit : { kind: endedBy }), output: output() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function basicEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && passedOn.test(name) ? [[name, value]] : [],
    ),
  );
}

type Exit =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "not_started"; readonly errno: string };

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ kind: "not_started", errno: errnoOf(error) }));
    child.once("exit", (exitCode, signal) => {
      resolve(
        exitCode === null
          ? { kind: "killed", signal: signal ?? "unknown" }
          : { kind: "exited", exitCode },
      );
    });
  });
}

const running = new Set<ChildProcess>();

/** A process that stops before its programs have ended does not leave them behind. One that is killed cannot do that. */
function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) process.once("exit", endRunning);
  running.add(child);
  const forget = (): void => {
    running.delete(child);
    if (running.size === 0) process.off("exit", endRunning);
  };
  child.once("exit", forget);
  child.once("error", forget);
}

function endRunning(): void {
  for (const { pid } of running) if (pid !== undefined) signalGroup(pid, "SIGTERM");
}

/** Resolves when nothing of the group is left, or nothing more can be done: where nobody reaps what has ended, it stays for ever. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  for (const [signal, waitMs] of [
    ["SIGTERM", endingMs],
    ["SIGKILL", killedMs],
  ] as const) {
    signalGroup(pid, signal);
    const untilMs = performance.now() + waitMs;
    while (signalGroup(pid, 0)) {
      if (performance.now() >= untilMs) break;
      await new Promise((resolve) => setTimeout(resolve, groupLookMs));
    }
  }
}

/** @returns false where nothing of the group is left to be ended */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    // ESRCH: all have ended. EPERM: what is left belongs to somebody else by now, and cannot be ended.
    return false;
  }
}

/** @returns what is known so far */
function keepEnd({ stdout, stderr }: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  const add = (part: Buffer): void => {
    kept = Buffer.concat([kept, part]).subarray(-outputBytesMax);
  };
  for (const stream of [stdout, stderr]) {
    stream?.on("data", add);
    // Reading what a program prints can fail; how it ended matters.
    stream?.on("error", () => {});
  }
  return () => printable(kept);
}

/** Bytes that are no UTF-8 are left out, among them a character that was cut in two. */
function printable(bytes: Buffer): string {
  return bytes
    .toString("utf8")
    .replaceAll("\uFFFD", "")
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(unprintable, " ")
    .replaceAll(/ *\n\s*/g, "\n")
    .trim();
}

function errnoOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
