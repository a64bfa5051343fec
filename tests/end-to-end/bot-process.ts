// One bot after the other in a child process: its output, its log as parsed lines, and how it ended.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Feed } from "../../sandbox/bot-api/feed.ts";

const endTimeoutMs = 20_000;
const logLinesMax = 100_000;

/** One line of the log: at least `msg`, in a line that is not JSON the whole line. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs `node <script>` in `folder`, by `runner` where there is one (`setpriv …`, which becomes it), once at a time. Output and log go on from one run to the next. */
export class BotProcess {
  readonly log = new Feed<LogLine>(logLinesMax);
  stdout = "";
  stderr = "";
  /** Set when a run ended that nobody had asked to end. */
  unaskedEnd: Error | undefined;
  readonly #script: string;
  readonly #folder: string;
  readonly #runner: readonly string[];
  readonly #args: readonly string[];
  #child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #exit: Promise<Exit> | undefined;
  #isEndAsked = false;
  #unfinishedLine = "";

  constructor(
    script: string,
    folder: string,
    runner: readonly string[] = [],
    args: readonly string[] = [],
  ) {
    this.#script = script;
    this.#folder = folder;
    this.#runner = runner;
    this.#args = args;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** @returns its end, which comes when all output has been read */
  spawn(env: Environment): Promise<Exit> {
    const [runner, ...before] = this.#runner;
    const after = [this.#script, ...this.#args];
    const command = runner ?? process.execPath;
    const args = runner === undefined ? after : [...before, process.execPath, ...after];
    const child = spawn(command, args, {
      cwd: this.#folder,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#isEndAsked = false;
    this.#unfinishedLine = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.#readOutput(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#exit = this.#awaitEnd(child);
    return this.#exit;
  }

  /**
   * Sends a signal, if one is given, and waits for the end.
   * @throws when it has not ended after 20 seconds; it is killed then
   */
  async end(signal: NodeJS.Signals | undefined): Promise<Exit> {
    if (this.#child === undefined || this.#exit === undefined) {
      throw new Error("the bot was never started");
    }
    this.#isEndAsked = true;
    if (signal !== undefined) {
      this.#child.kill(signal);
    }
    const ended = new AbortController();
    const timeout = sleep(endTimeoutMs, "too late" as const, { signal: ended.signal });
    timeout.catch(() => {}); // It is aborted whenever the bot ends in time.
    const exit = await Promise.race([this.#exit, timeout]);
    ended.abort();
    if (exit === "too late") {
      this.#child.kill("SIGKILL");
      const asked = signal === undefined ? "by itself" : `after ${signal}`;
      throw new Error(`the bot did not end ${asked} in ${endTimeoutMs} ms\n${this.describe()}`);
    }
    return exit;
  }

  /** Standard error and the last lines of the log, for the message of a failure. */
  describe(): string {
    const lines = this.log.entries.slice(-20).map((line) => JSON.stringify(line));
    return ["standard error:", this.stderr, "the last lines of the log:", ...lines].join("\n");
  }

  async #awaitEnd(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Exit> {
    await once(child, "close");
    const exit = { code: child.exitCode, signal: child.signalCode };
    if (!this.#isEndAsked) {
      const how = JSON.stringify(exit);
      this.unaskedEnd = new Error(`the bot ended unasked, ${how}\n${this.describe()}`);
    }
    return exit;
  }

  #readOutput(text: string): void {
    this.stdout += text;
    const lines = (this.#unfinishedLine + text).split("\n");
    this.#unfinishedLine = lines.pop() ?? "";
    for (const line of lines) {
      this.log.append(parseLogLine(line));
    }
  }
}

function parseLogLine(line: string): LogLine {
  try {
    const parsed: Readonly<Record<string, unknown>> = { ...JSON.parse(line) };
    return { ...parsed, msg: String(parsed["msg"]) };
  } catch {
    return { msg: line }; // Not JSON: kept whole, for whoever looks for it.
  }
}
