// The real bot as a process of its own, the same file as in production, pointed at the sandbox's Telegram.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./project-root.ts";

/** Longer than the bot's own SHUTDOWN_SECONDS. */
const stopTimeoutMs = 15_000;

/** A line of the bot's log. */
export interface BotLogLine {
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface BotProcess {
  readonly running: boolean;
  /** Harmless while it runs. */
  start(): void;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Lets it finish what it has begun. */
  stop(): Promise<void>;
}

export interface BotProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** What its process loads before the bot itself, and the environment that is for that alone. */
  readonly preload: {
    /** Absolute. */
    readonly module: string;
    readonly env: Readonly<Record<string, string>>;
  };
  readonly onLog: (line: BotLogLine) => void;
  /** Called when it started or ended; `problem` says why it ended by itself. */
  readonly onChange: (problem: string | undefined) => void;
}

export function createBotProcess(options: BotProcessOptions): BotProcess {
  const { env, workingFolder, preload, onLog, onChange } = options;
  const program = join(projectRoot, "dist/main.js");
  const preloaded = pathToFileURL(preload.module).href;
  let child: ChildProcess | undefined;
  let ending = false;

  async function end(signal: NodeJS.Signals): Promise<void> {
    const process = child;
    if (process === undefined) return;
    ending = true;
    // Not its exit: what it logged last is read until then.
    const exited = once(process, "close");
    process.kill(signal);
    const late = setTimeout(() => process.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(late);
  }

  return {
    get running() {
      return child !== undefined;
    },
    start() {
      if (child !== undefined) return;
      ending = false;
      // A group of its own: Ctrl-C in the terminal is for the sandbox, which then stops the bot well.
      const started = spawn(process.execPath, ["--import", preloaded, program], {
        cwd: workingFolder,
        env: { ...env, ...preload.env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      child = started;
      let complaints = "";
      started.stderr.on("data", (part) => (complaints = `${complaints}${part}`.slice(-2000)));
      createInterface({ input: started.stdout }).on("line", (line) => {
        const parsed = parseLogLine(line);
        if (parsed !== undefined) onLog(parsed);
      });
      started.on("exit", (code) => {
        child = undefined;
        onChange(ending ? undefined : `The bot ended by itself (${code}). ${complaints}`.trim());
      });
      onChange(undefined);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

function parseLogLine(line: string): BotLogLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // Not a line of pino's: Node itself may warn on standard output.
    return undefined;
  }
  return isLogLine(parsed) ? parsed : undefined;
}

function isLogLine(value: unknown): value is BotLogLine {
  return (
    typeof value === "object" &&
    value !== null &&
    "time" in value &&
    typeof value.time === "string" &&
    "msg" in value &&
    typeof value.msg === "string"
  );
}
