// Two kills close together: one at each step of a change, and one while the next start recovers from it and tells of it. The first one
// leaves what the second start must not make worse.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import type { Airlock } from "../end-to-end/airlock-process.ts";
import { keptRecords } from "../end-to-end/kept-records.ts";
import { feesFile, openStage } from "../end-to-end/stage.ts";
import { expectFatesTold, expectPromises, expectSettled, type SentFile } from "./promises.ts";
import { straceIsMissing, trace } from "./strace.ts";

/** A place in what a process does: before the so-manieth of these calls, which may be only those that concern one path. */
interface SystemCall {
  readonly calls: string;
  readonly time: number;
  readonly path?: string;
}

/** Before or after a text has reached Telegram. */
interface Telling {
  readonly telling: "before" | "after";
}

type Step = SystemCall | Telling;

function upTo(timesMax: number, calls: string, path?: string): readonly SystemCall[] {
  return Array.from({ length: timesMax }, (_, index) => ({
    calls,
    time: index + 1,
    ...(path === undefined ? {} : { path }),
  }));
}

/**
 * `CRASH_ROUNDS=all` tries every pair. By default each step of a change is tried with one of the recovery, in turn; of its syncs every other
 * one, since kill.test.ts kills before each of them. Of those one run tries a third, the next minute's run another one; `CRASH_SHARE=2` tries the second again.
 */
const triesAll = process.env["CRASH_ROUNDS"] === "all";
/** As many as a change makes of each kind; where it makes fewer, the bot is killed when it is told. */
const journalSteps = upTo(6, "pwrite64", "journal.jsonl");
const changeSteps: readonly SystemCall[] = [
  ...upTo(12, "fsync").filter((_, index) => triesAll || index % 2 === 0),
  ...upTo(2, "/^rename"),
  ...upTo(1, "/^link"),
  ...upTo(1, "/^unlink"),
];
/** As many as a start makes of each kind, depending on what it finds. */
const recoverySteps: readonly Step[] = [
  { telling: "before" },
  ...upTo(3, "fsync"),
  { telling: "after" },
  ...upTo(4, "pwrite64", "journal.jsonl"),
  ...upTo(2, "/^rename"),
  ...upTo(1, "/^link"),
  ...upTo(5, "/^unlink"),
];
const seconds = triesAll ? recoverySteps.length : 1;
/** One thread for all files, since calls are counted per thread. */
const env = { UV_THREADPOOL_SIZE: "1" };
const minuteMs = 60_000;
const shares = 3;
const shareToTry =
  Number(process.env["CRASH_SHARE"]) || 1 + (Math.floor(Date.now() / minuteMs) % shares);
const sharesTried = triesAll ? [1, 2, 3] : [shareToTry];

function nameOf(step: Step): string {
  return "telling" in step
    ? `${step.telling} a text has arrived`
    : `before call ${step.time} of ${step.calls}${step.path === undefined ? "" : ` of ${step.path}`}`;
}

/** A preload that stops the process before its first line, so that all that it does can be traced. */
async function writeStop(airlock: Airlock): Promise<string> {
  const path = join(airlock.root, "stop.mjs");
  await writeFile(
    path,
    `import { isMainThread } from "node:worker_threads";\nif (isMainThread) process.kill(process.pid, "SIGSTOP");\n`,
  );
  return path;
}

/** Until then a kill makes the answer a document that nobody asked for: its sender is asked what it is for. */
async function questionIsKept({ stateDir }: Airlock): Promise<void> {
  await vi.waitFor(async () => {
    expect((await keptRecords(stateDir, "questions")).size).toBe(1);
  }, 10_000);
}

async function isStopped(pid: number): Promise<boolean> {
  const facts = await readFile(`/proc/${pid}/stat`, "utf8");
  return facts.slice(facts.lastIndexOf(")") + 2).startsWith("T");
}

function optionsFor({ calls, time, path }: SystemCall, airlock: Airlock): readonly string[] {
  const inject = `inject=${calls}:signal=SIGKILL:when=${time}`;
  const only = path === undefined ? [] : ["-P", join(airlock.stateDir, path)];
  return ["-e", `trace=${calls}`, "-e", inject, ...only];
}

async function untilAllIsSaid(airlock: Airlock, sent: readonly SentFile[]): Promise<void> {
  await expectFatesTold(airlock, sent);
  await expectSettled(airlock);
}

/** Ends at the step, or where it is not reached, when everything is told. @returns whether it was reached */
async function killAt(
  step: SystemCall,
  airlock: Airlock,
  sent: readonly SentFile[],
  begin: () => void,
): Promise<boolean> {
  const traced = await trace(airlock.pid(), optionsFor(step, airlock));
  const ended = airlock.waitForEnd();
  begin();
  const wasReached = await Promise.race([
    ended.then(() => true),
    untilAllIsSaid(airlock, sent).then(() => false),
  ]);
  if (!wasReached) process.kill(airlock.pid(), "SIGKILL");
  await ended;
  await traced.ended;
  return wasReached;
}

/** Starts it, and kills it while it recovers. @returns whether the step was reached */
async function startAndKill(
  step: Step,
  { airlock, server, stop }: { airlock: Airlock; server: TelegramServer; stop: string },
  sent: readonly SentFile[],
): Promise<boolean> {
  if ("telling" in step) {
    const fault = server.fault({
      method: "*",
      when: ({ method }) => method === "editMessageText" || method === "sendMessage",
      kind: "hang",
      effect: step.telling,
      times: 1,
    });
    airlock.begin(env);
    await Promise.race([fault.reached, untilAllIsSaid(airlock, sent)]);
    await airlock.kill();
    fault.remove();
    return true;
  }
  airlock.begin({ ...env, NODE_OPTIONS: `--import ${stop}` });
  const pid = airlock.pid();
  await vi.waitFor(async () => expect(await isStopped(pid)).toBe(true), 10_000);
  return killAt(step, airlock, sent, () => process.kill(pid, "SIGCONT"));
}

const turns = [...recoverySteps, ...recoverySteps];
const pairs = [
  ...changeSteps.flatMap((first, index) => {
    const from = (index * seconds) % recoverySteps.length;
    return turns.slice(from, from + seconds).map((second) => ({ first, second }));
  }),
  // What one process could not write down any more, and the next one wrote only in part.
  ...journalSteps.flatMap((first, index) =>
    journalSteps
      .slice(0, 4)
      .filter((_, other) => triesAll || (index + other) % 2 === 0)
      .map((second) => ({ first, second })),
  ),
];

describe.skipIf(straceIsMissing)("two kills close together", () => {
  for (const share of sharesTried) {
    const mine = pairs.filter((_, index) => index % shares === share - 1);
    test(
      `leave everything as promised, nobody untold and nothing applied twice (share ${share} of ${shares})`,
      async () => {
        const { airlock, server, anna } = await openStage({ env });
        const stop = await writeStop(airlock);
        const before = (await airlock.live("fees")).toString();
        const sent: SentFile[] = [];
        let reached = 0;
        for (const [index, { first, second }] of mine.entries()) {
          const pair = `${nameOf(first)}, then ${nameOf(second)}`;
          const text = feesFile((index + 1) / 10_000);
          const isAnswer = index % 2 === 1;
          if (isAnswer) {
            const since = anna.cursor();
            anna.send("/set_fees");
            await anna.waitForText("Send me the new fees.yml", { since });
            await questionIsKept(airlock);
          }
          const firstIsReached = await killAt(first, airlock, sent, () => {
            const message = anna.upload("fees.yml", text, isAnswer ? {} : { caption: "/set_fees" });
            sent.push({ person: anna, message, config: "fees", text });
          });
          const secondIsReached = await startAndKill(second, { airlock, server, stop }, sent);
          if (firstIsReached && secondIsReached) reached += 1;
          await airlock.restart(env);
          try {
            await expectSettled(airlock);
            await expectFatesTold(airlock, sent);
            await expectPromises(airlock, "fees", before, sent);
          } catch (cause) {
            throw new Error(pair, { cause });
          }
        }
        expect(reached, "kills that came in the middle").toBeGreaterThan(mine.length / 3);
        expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
      },
      Math.max(3, pairs.length / shares) * minuteMs,
    );
  }

  test("leave it true that a file was updated, where the first came after ✅ and before its document was marked as handled", async () => {
    const { airlock, server, anna } = await openStage();
    const stop = await writeStop(airlock);
    const before = (await airlock.live("fees")).toString();
    const sent: SentFile[] = [];
    const afterwards = recoverySteps
      .filter((step) => "telling" in step || step.calls === "pwrite64")
      .filter((_, index) => triesAll || index % 2 === 0);
    for (const [index, second] of afterwards.entries()) {
      const since = anna.cursor();
      anna.send("/set_fees");
      await anna.waitForText("Send me the new fees.yml", { since });
      await questionIsKept(airlock);
      // The handler closes the question when the upload has begun, and ends after that.
      const slow = ["-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=3000000"];
      const questions = join(airlock.stateDir, "questions.jsonl");
      const traced = await trace(airlock.pid(), [...slow, "-P", questions]);
      const text = feesFile((index + 1) / 10_000);
      const message = anna.upload("fees.yml", text);
      sent.push({ person: anna, message, config: "fees", text });
      await anna.waitForText("✅ fees.yml updated successfully!", { since });
      await airlock.kill();
      await traced.ended;
      await startAndKill(second, { airlock, server, stop }, sent);
      await airlock.restart();
      await expectSettled(airlock);
      await expectFatesTold(airlock, sent);
      await expectPromises(airlock, "fees", before, sent);
    }
  }, 120_000);
});
