import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { runProgram } from "../../src/service/run-program.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const never = new AbortController().signal;
const generous = { timeoutMs: 60_000, signal: never };

function shell(script: string): readonly string[] {
  return ["/bin/sh", "-c", script];
}

/** Resolves when the script has written there. */
function written(path: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const text = await readFile(path, "utf8");
      expect(text).toMatch(/\n$/);
      return text.trim();
    },
    { timeout: 20_000 },
  );
}

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

function gone(pid: string): Promise<void> {
  return vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 });
}

describe("how a program ended", () => {
  for (const { name, argv, end } of [
    {
      name: "well, with what it printed on both outputs",
      argv: shell("echo told; echo warned >&2"),
      end: { kind: "exited", exitCode: 0, output: "told\nwarned" },
    },
    {
      name: "with another exit code",
      argv: shell("echo 'unknown directive' >&2; exit 3"),
      end: { kind: "exited", exitCode: 3, output: "unknown directive" },
    },
    {
      name: "by a signal",
      argv: shell("kill -SEGV $$"),
      end: { kind: "killed", signal: "SIGSEGV", output: "" },
    },
    {
      name: "before it began, where there is none",
      argv: ["/nowhere/reload"],
      end: { kind: "not_started", errno: "ENOENT", output: "" },
    },
    {
      name: "before it began, where it is no program",
      argv: ["/etc/passwd"],
      end: { kind: "not_started", errno: "EACCES", output: "" },
    },
  ]) {
    test(name, async () => {
      expect(await runProgram(argv, {}, generous)).toEqual(end);
    });
  }
});

test("no shell reads the arguments", async () => {
  const end = await runProgram(["/bin/echo", "$HOME; exit 3", "*"], {}, generous);
  expect(end).toEqual({ kind: "exited", exitCode: 0, output: "$HOME; exit 3 *" });
});

test("a program has the basics, what it is told, and nothing of the bot's secrets", async () => {
  vi.stubEnv("BOT_TOKEN", "123:secret");
  vi.stubEnv("ETCD_PASSWORD_FILE", "/run/secret");
  vi.stubEnv("ADMIN_IDS", "1");
  vi.stubEnv("LC_ALL", "C");
  vi.stubEnv("NODE_OPTIONS", "--no-warnings");
  const end = await runProgram(["/usr/bin/env"], { AIRLOCK_CONFIG: "fees" }, generous);
  const names = end.output.split("\n").map((line) => line.split("=")[0]);
  expect(names).toEqual(expect.arrayContaining(["PATH", "LC_ALL", "AIRLOCK_CONFIG"]));
  const basics =
    /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|DOCKER_HOST|AIRLOCK_CONFIG)$/;
  expect(names.filter((name) => !basics.test(name ?? ""))).toEqual([]);
});

test("of a long output the last 4 kB are kept, and of odd characters none", async () => {
  const long =
    "process.stdout.write('x'.repeat(300_000) + '\\u001b[31mred\\u001b[0m\\u202etxt\\0\\r\\nend')";
  const { output } = await runProgram([process.execPath, "-e", long], {}, generous);
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(4096);
  expect(output).toMatch(/^x{4000,} \[31mred \[0m txt\nend$/);
});

test("at its time limit the whole group is ended, also what ignores TERM", async () => {
  const folder = await temporaryFolder();
  const [one, two] = [join(folder, "one"), join(folder, "two")];
  const script = `trap '' TERM; (trap '' TERM; sh -c 'echo $PPID' > ${two}; sleep 600) & echo $$ > ${one}; wait`;
  const end = await runProgram(shell(script), {}, { timeoutMs: 1500, signal: never });
  expect(end.kind).toBe("too_slow");
  await gone(await written(one));
  await gone(await written(two));
});

test("TERM comes first, so that a program can end well", async () => {
  const script =
    "process.on('SIGTERM', () => { console.log('ended well'); process.exit(); }); setInterval(() => {}, 1000); console.log('ready')";
  const end = await runProgram(
    [process.execPath, "-e", script],
    {},
    { timeoutMs: 3000, signal: never },
  );
  expect(end).toEqual({ kind: "too_slow", output: "ready\nended well" });
});

test("a program that is not wanted any more is ended too", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "pid");
  const stop = new AbortController();
  const running = runProgram(
    shell(`echo $$ > ${path}; exec sleep 600`),
    {},
    { timeoutMs: 60_000, signal: stop.signal },
  );
  const pid = await written(path);
  stop.abort();
  expect((await running).kind).toBe("stopped");
  await gone(pid);
  const late = { timeoutMs: 60_000, signal: stop.signal };
  expect((await runProgram(shell("exit 0"), {}, late)).kind).toBe("stopped");
});

test("what a program leaves in the background neither delays its end nor is ended with it", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "pid");
  const script = `sleep 600 & echo $! > ${path}; echo started`;
  const end = await runProgram(shell(script), {}, generous);
  expect(end).toEqual({ kind: "exited", exitCode: 0, output: "started" });
  const pid = await written(path);
  expect(isRunning(pid)).toBe(true);
  process.kill(Number(pid));
});
