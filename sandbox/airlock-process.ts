// The real bot, or a machine that follows its store, as a process of its own: the same file as in production, pointed at the sandbox's
// Telegram or etcd.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./project-root.ts";

/** Longer than the bot's own SHUTDOWN_SECONDS. */
const stopTimeoutMs = 15_000;

/** A line of its log. */
export interface LogLine {
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface AirlockProcess {
  readonly state: "running" | "paused" | "ended";
  /** Harmless while it runs. */
  start(): void;
  /** As one that hangs: nothing of it goes on, and nothing is closed. */
  pause(): void;
  resume(): void;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Lets it finish what it has begun. */
  stop(): Promise<void>;
}

export interface AirlockProcessOptions {
  /** How people call it. */
  readonly name: string;
  /** What is run, below `dist/`, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** Asked at each start. */
  readonly env: () => Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** What its process loads before the program itself, and the environment that is for that alone. */
  readonly preload: {
    /** Absolute. */
    readonly module: string;
    readonly env: Readonly<Record<string, string>>;
  };
  readonly onLog?: (line: LogLine) => void;
  /** Called when its state is another; `problem` says why it ended by itself. */
  readonly onChange: (problem: string | undefined) => void;
}

export function createAirlockProcess(options: AirlockProcessOptions): AirlockProcess {
  const { name, env, workingFolder, preload, onLog, onChange } = options;
  const [program, ...args] = options.command;
  const path = join(projectRoot, "dist", program);
  const preloaded = pathToFileURL(preload.module).href;
  let child: ChildProcess | undefined;
  let isPaused = false;
  let ending = false;

  async function end(signal: NodeJS.Signals): Promise<void> {
    const process = child;
    if (process === undefined) return;
    ending = true;
    // Not its exit: what it logged last is read until then.
    const exited = once(process, "close");
    process.kill(signal);
    // Else it hears of no other signal.
    process.kill("SIGCONT");
    const late = setTimeout(() => process.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(late);
  }

  function setPaused(paused: boolean): void {
    if (child === undefined || isPaused === paused) return;
    child.kill(paused ? "SIGSTOP" : "SIGCONT");
    isPaused = paused;
    onChange(undefined);
  }

  return {
    get state() {
      if (child === undefined) return "ended";
      return isPaused ? "paused" : "running";
    },
    start() {
      if (child !== undefined) return;
      ending = false;
      isPaused = false;
      // A group of its own: Ctrl-C in the terminal is for the sandbox, which then stops the others well.
      const started = spawn(process.execPath, ["--import", preloaded, path, ...args], {
        cwd: workingFolder,
        env: { ...env(), ...preload.env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      child = started;
      let complaints = "";
      started.stderr.on("data", (part) => (complaints = `${complaints}${part}`.slice(-2000)));
      createInterface({ input: started.stdout }).on("line", (line) => {
        const parsed = parseLogLine(line);
        if (parsed !== undefined) onLog?.(parsed);
      });
      started.on("exit", (code) => {
        child = undefined;
        onChange(ending ? undefined : `${name} ended by itself (${code}). ${complaints}`.trim());
      });
      onChange(undefined);
    },
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

function parseLogLine(line: string): LogLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // Not a line of pino's: Node itself may warn on standard output.
    return undefined;
  }
  return isLogLine(parsed) ? parsed : undefined;
}

function isLogLine(value: unknown): value is LogLine {
  return (
    typeof value === "object" &&
    value !== null &&
    "time" in value &&
    typeof value.time === "string" &&
    "msg" in value &&
    typeof value.msg === "string"
  );
}
