// The readers that services use, as they are installed here: PyYAML, ruamel.yaml and Psych in a long-lived process each, `yaml` and js-yaml in
// this one. What one of them reads is told as plain JSON, so that types cannot be mistaken for each other.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { load } from "js-yaml";
import { parse } from "yaml";

/** `null`, a truth, or a tagged array: ["text", …], ["number", …], ["date"], ["list", […]], ["map", [[key, value], …]]. */
export type Told = unknown;

type Reading = { readonly value: Told } | { readonly error: string };

export interface RealReaders {
  /** By the reader's name. */
  read(text: string, syntax: "yaml" | "json"): Promise<Readonly<Record<string, Reading>>>;
  close(): void;
}

// The system's own: a newer one that is found first on PATH has none of the packages.
const python = "/usr/bin/python3";
const ruby = "/usr/bin/ruby";

/** What is not installed here; empty where all are. */
export function missingReaders(): readonly string[] {
  const has = (program: string, arguments_: readonly string[]): boolean =>
    spawnSync(program, arguments_, { stdio: "ignore" }).status === 0;
  return [
    ...(has(python, ["-c", "import yaml"]) ? [] : ["PyYAML (python3-yaml)"]),
    ...(has(python, ["-c", "import ruamel.yaml"]) ? [] : ["ruamel.yaml (python3-ruamel.yaml)"]),
    ...(has(ruby, ["-e", "require 'psych'"]) ? [] : ["Psych (ruby)"]),
  ];
}

/** Where a machine lacks a reader, the tests that need it are left out, which is said aloud; never in CI, which sets REQUIRE_READERS. */
export const readersAreMissing =
  process.env["REQUIRE_READERS"] !== "1" && missingReaders().length > 0;

if (readersAreMissing) {
  process.stderr.write(
    `Left out: the tests that hold what is accepted against the readers that services use. Missing here: ${missingReaders().join(", ")}.\n`,
  );
}

export function startRealReaders(): RealReaders {
  const inPython = lineProcess(python, "python_readers.py");
  const inRuby = lineProcess(ruby, "psych_reader.rb");
  return {
    async read(text, syntax) {
      const here =
        syntax === "json" ? { "JSON.parse": JSON.parse } : { yaml: parse, "js-yaml": load };
      const [one, other] = await Promise.all([
        inPython.ask({ text, syntax }),
        syntax === "json" ? {} : inRuby.ask({ text }),
      ]);
      const readHere = Object.entries(here).map(([name, reader]) => [name, readBy(reader, text)]);
      return { ...one, ...other, ...Object.fromEntries(readHere) };
    },
    close() {
      inPython.close();
      inRuby.close();
    },
  };
}

function readBy(reader: (text: string) => unknown, text: string): Reading {
  try {
    return { value: told(reader(text)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

export function told(value: unknown): Told {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return ["text", value];
  if (typeof value === "number" || typeof value === "bigint") return ["number", String(value)];
  if (Array.isArray(value)) return ["list", value.map(told)];
  if (typeof value !== "object") return ["other", typeof value];
  return ["map", Object.entries(value).map(([key, item]) => [["text", key], told(item)])];
}

interface LineProcess {
  ask(task: unknown): Promise<Record<string, Reading>>;
  close(): void;
}

/** Answers come in the order of the questions. */
function lineProcess(program: string, script: string): LineProcess {
  const child: ChildProcessWithoutNullStreams = spawn(program, [
    new URL(script, import.meta.url).pathname,
  ]);
  const waiting: {
    readonly resolve: (answer: Record<string, Reading>) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => (complaints += data.toString()));
  let rest = "";
  // Node's readline also ends a line at U+2028, which stands in answers.
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) waiting.shift()?.resolve(JSON.parse(line));
  });
  child.on("exit", () => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${script} ended: ${complaints}`));
  });
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(task)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}
