// What one upload among many costs: the processor's time and what it goes into, the disk's, the calls of the system, once what is hot has
// been compiled.
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Bench, createCrowd, type Crowd, startBench } from "./bot.ts";
import { keysOfTwoKilobytes, ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { percentile, short } from "./statistics.ts";

const admins = 50;
const configs = 20;
const atOnce = 20;
/** Not measured. */
const firstUploads = 200;
const measuredUploads = 400;
const tracedUploads = 100;
const attachTimeoutMs = 10_000;
const processorMsMax = 5;
/** Measures a part of it alone. */
const alone = "dist/dev/bench/alone.js";
/** Calls by which a change is made and kept, by what they wait for. */
const diskCalls: ReadonlySet<string> = new Set([
  "fsync",
  "fdatasync",
  "openat",
  "close",
  "pwrite64",
  "pread64",
  "rename",
  "link",
  "unlink",
  "fchmod",
  "statx",
  "readlink",
  "llistxattr",
]);

export const uploadCost: Figure = {
  id: "upload-cost",
  title: "What one upload costs",
  about: `Uploads of 2 kB by ${admins} admins to ${configs} configs, ${atOnce} at once, with journal, backup, history, texts and notices, and a Telegram that answers at once; the first ${firstUploads} are not counted. The processor's time is that of all threads; what it goes into is what each part takes as a process of its own that does nothing else; the disk's is what strace saw its calls take, those of several threads added up.`,
  async measure({ folder }) {
    const adminIds = Array.from({ length: admins }, (_, index) => index + 1);
    const configIds = Array.from({ length: configs }, (_, index) => `config_${index}`);
    const parts = await partsAlone(folder, adminIds, configIds);
    const bench = await startBench({ folder, adminIds, configIds });
    try {
      const crowd = createCrowd(bench, adminIds, configIds, twoKilobytes);
      const { times, eachMs, processorMs } = await measureUploads(bench, crowd);
      const calls = await trace(bench, folder, () => uploadInTurns(crowd, tracedUploads));
      return {
        table: {
          head: ["of one upload", "how much"],
          rows: [
            ["from its document to ✅, median", `${short(percentile(times, 0.5))} ms`],
            ["one after the other would be", `${short(eachMs)} ms each`],
            ["processor, all threads", `${short(processorMs)} ms`],
            ...partRows(parts, processorMs),
            ...callRows(calls),
          ],
        },
        verdicts: [
          {
            text: `processor time per upload: ${short(processorMs)} ms, must be at most ${processorMsMax}`,
            holds: processorMs <= processorMsMax,
          },
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};

async function measureUploads(
  bench: Bench,
  crowd: Crowd,
): Promise<{
  readonly times: readonly number[];
  readonly eachMs: number;
  readonly processorMs: number;
}> {
  await uploadInTurns(crowd, firstUploads);
  const processorBefore = await bench.processorMs();
  const beganMs = performance.now();
  const times = await uploadInTurns(crowd, measuredUploads);
  const eachMs = (performance.now() - beganMs) / measuredUploads;
  const processorMs = ((await bench.processorMs()) - processorBefore) / measuredUploads;
  return { times, eachMs, processorMs };
}

interface Part {
  readonly name: string;
  readonly ms: number;
}

async function partsAlone(
  folder: string,
  adminIds: readonly number[],
  configIds: readonly string[],
): Promise<readonly Part[]> {
  const places = { folder: join(folder, "telegram"), adminIds, configIds };
  const bare = await startBench({ ...places, program: [alone, "telegram"] });
  let telegramMs: number;
  try {
    const crowd = createCrowd(bare, adminIds, configIds, twoKilobytes);
    telegramMs = (await measureUploads(bare, crowd)).processorMs;
  } finally {
    await bare.stop();
  }
  const msOf = async (...words: readonly string[]): Promise<number> => {
    const { stdout } = await promisify(execFile)(process.execPath, [resolve(alone), ...words]);
    return Number(stdout);
  };
  return [
    { name: "Telegram: the same calls, by grammY as it comes", ms: telegramMs },
    {
      name: "disk: the journal, the saving, what its author has seen",
      ms: await msOf("disk", join(folder, "disk")),
    },
    { name: "checks: the file, and what it changes", ms: await msOf("check") },
  ];
}

/** The rest is what is left of the whole. */
function partRows(parts: readonly Part[], wholeMs: number): readonly string[][] {
  const restMs = wholeMs - sum(parts, ({ ms }) => ms);
  return [
    ...parts,
    { name: "the rest: reading updates, texts, notices, log, metrics", ms: restMs },
  ].map(({ name, ms }) => [`– ${name}`, `${short(ms)} ms, ${Math.round((ms / wholeMs) * 100)} %`]);
}

function twoKilobytes(euro: number): string {
  return `${ratesDocument(keysOfTwoKilobytes)}  EUR: ${euro}\n`;
}

async function uploadInTurns(crowd: Crowd, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let done = 0; done < count; done += atOnce) times.push(...(await crowd.upload(atOnce)));
  return times;
}

interface SystemCalls {
  readonly name: string;
  readonly count: number;
  readonly seconds: number;
}

/** @returns undefined on a machine that has no strace, or may not trace */
async function trace(
  { pid }: Bench,
  folder: string,
  act: () => Promise<unknown>,
): Promise<readonly SystemCalls[] | undefined> {
  if (spawnSync("strace", ["-f", "true"], { stdio: "ignore" }).status !== 0) return undefined;
  const path = join(folder, "strace.txt");
  const strace = spawn("strace", ["-f", "-c", "-w", "-o", path, "-p", String(pid)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await once(strace.stderr, "data", { signal: AbortSignal.timeout(attachTimeoutMs) });
  await act();
  const ended = once(strace, "exit");
  strace.kill("SIGINT");
  await ended;
  // % time, seconds, usecs/call, calls, errors where there are any, name.
  return (await readFile(path, "utf8")).split("\n").flatMap((line) => {
    const [, seconds, count, name] =
      /^\s*[\d.]+\s+([\d.]+)\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/.exec(line) ?? [];
    if (name === undefined || name === "total") return [];
    return [{ name, count: Number(count), seconds: Number(seconds) }];
  });
}

function callRows(calls: readonly SystemCalls[] | undefined): readonly string[][] {
  if (calls === undefined) return [["calls of the system", "left out: they need strace"]];
  const ofDisk = calls.filter(({ name }) => diskCalls.has(name));
  const syncs = calls.filter(({ name }) => name === "fsync" || name === "fdatasync");
  const ms = (some: readonly SystemCalls[]): string =>
    `${short((sum(some, ({ seconds }) => seconds) * 1000) / tracedUploads)} ms`;
  const count = (some: readonly SystemCalls[]): string =>
    short(sum(some, (call) => call.count) / tracedUploads);
  return [
    ["disk, in syncs", ms(syncs)],
    ["disk, in all other calls", ms(ofDisk.filter((call) => !syncs.includes(call)))],
    ["calls of the disk", count(ofDisk)],
    ...ofDisk
      .toSorted((one, other) => other.count - one.count)
      .map((call) => [`– ${call.name}`, count([call])]),
    ["all calls", count(calls)],
  ];
}

function sum<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
