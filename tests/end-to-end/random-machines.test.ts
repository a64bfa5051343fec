// Bots, machines and nodes of etcd, all as processes, are killed, hang and come back in an order that chance chooses, while people upload.
// After ten seconds of calm every machine has the newest file, and every author was told what is so. More schedules by MACHINES_ROUNDS, one
// again by MACHINES_SEED: it chooses the order, while when things happen is the machine's own.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AirlockProcess, eventually } from "../../bench/machines/airlock-process.ts";
import { openStage, type Stage } from "../../bench/machines/stage.ts";
import { type Upload, uploadOnAndOn, wrongs } from "../../bench/machines/uploads.ts";
import { etcdIsMissing } from "../store/etcd/cluster.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const rounds = Number(process.env["MACHINES_ROUNDS"] ?? "1");
const firstSeed = Number(process.env["MACHINES_SEED"] ?? "1");
const configs = 2;
/** Whatever has to happen at all, on a slow machine; by hand the promised seconds of calm are looked at in what is printed. */
const withinMs = 60_000;

const faults = fc.array(
  fc.record({
    kind: fc.constantFrom("bot" as const, "machine" as const, "node" as const),
    index: fc.nat({ max: 11 }),
    how: fc.constantFrom("kill" as const, "hang" as const, "stop" as const),
    awayMs: fc.integer({ min: 200, max: 5000 }),
    /** Before the next one, which may strike while this one is away. */
    pauseMs: fc.integer({ min: 0, max: 2000 }),
  }),
  { minLength: 8, maxLength: 8 },
);
type Fault = (typeof faults extends fc.Arbitrary<infer All> ? All : never) extends (infer One)[]
  ? One
  : never;

type Struck = Pick<AirlockProcess, "start" | "kill" | "pause" | "resume">;

function struckBy({ bots, machines, cluster }: Stage, { kind, index }: Fault): Struck {
  const all: readonly Struck[] =
    kind === "bot" ? bots : kind === "machine" ? machines : cluster.nodes;
  const found = all[index % all.length];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

async function strike(stage: Stage, fault: Fault): Promise<void> {
  const struck = struckBy(stage, fault);
  if (fault.how === "hang") struck.pause();
  else await struck.kill();
  await sleep(fault.awayMs);
  struck.resume();
  await struck.start();
}

async function isEverywhere(
  { machines, configIds, uploads }: Stage,
  newest: ReadonlyMap<string, string>,
): Promise<boolean> {
  expect(uploads.all.length).toBeGreaterThan(0);
  for (const { folder } of machines) {
    for (const id of configIds) {
      const text = await readFile(join(folder, "config", `${id}.yml`), "utf8").catch(() => "");
      if (newest.has(id) && text !== newest.get(id)) return false;
    }
  }
  return true;
}

/** By what the authors were told: compared with etcd elsewhere. */
function newestOf(uploads: readonly Upload[]): ReadonlyMap<string, string> {
  const newest = new Map<string, { readonly revision: number; readonly text: string }>();
  for (const { configId, text, fates } of uploads) {
    for (const { revision } of fates) {
      if (revision !== undefined && revision > (newest.get(configId)?.revision ?? 0)) {
        newest.set(configId, { revision, text });
      }
    }
  }
  return new Map([...newest].map(([id, { text }]) => [id, text]));
}

async function run(seed: number): Promise<string> {
  const [schedule = []] = fc.sample(faults, { seed, numRuns: 1 });
  const folder = await temporaryFolder();
  const stage = await openStage({
    folder,
    configs,
    bots: 2,
    machines: 2,
    etcdOptions: ["--heartbeat-interval=50", "--election-timeout=500"],
  });
  const { cluster, uploads } = stage;
  try {
    let isOver = false;
    const uploading = uploadOnAndOn(uploads, configs, 100, () => isOver, withinMs);
    const striking: Promise<void>[] = [];
    for (const fault of schedule) {
      striking.push(strike(stage, fault));
      await sleep(fault.pauseMs);
    }
    await Promise.all(striking);
    isOver = true;
    await cluster.heal();
    const calmMs = performance.now();
    const since = (): string => `${((performance.now() - calmMs) / 1000).toFixed(1)} s`;
    await uploading;
    const told = since();
    const [endpoint] = cluster.endpoints;
    if (endpoint === undefined) throw new Error("no node");
    expect(await wrongs(uploads.all, stage.configIds, endpoint, stage.prefix)).toEqual([]);
    const newest = newestOf(uploads.all);
    await eventually("every machine has the newest", () => isEverywhere(stage, newest), withinMs);
    const everywhere = since();
    return `seed ${seed}: ${uploads.all.length} uploads, all told after ${told} of calm, everywhere after ${everywhere}`;
  } finally {
    await stage.stop();
  }
}

describe.skipIf(etcdIsMissing)("bots, machines and nodes that are killed and hang", () => {
  for (let round = 0; round < rounds; round += 1) {
    const seed = firstSeed + round;
    test(`every word is true and every machine is up to date after all (seed ${seed})`, async () => {
      process.stdout.write(`${await run(seed)}\n`);
    }, 300_000);
  }
});
