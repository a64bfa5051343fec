// From ✅ to the file on every machine: with 3 and 50 of them, and while the node of etcd that they watch hangs.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { percentile, short } from "../statistics.ts";
import { watchArrivals } from "./arrivals.ts";
import { openStage, type Stage } from "./stage.ts";

const uploads = 100;
const uploadsWhilePaused = 30;
const restMs = 20_000;
const reachP99Ms = 1000;
const reachPausedP99Ms = 3000;

export const reach: Figure = {
  id: "reach",
  group: "machines",
  title: "From ✅ to the file on every machine",
  about:
    "Three nodes of etcd, a bot and its machines, all as processes on one host (of 10 and 50 machines ten share a process); uploads of 2 kB one after another. Counted is each machine's file, from the moment in which the author reads ✅ to the file under its name; a file that is there before ✅ counts as 0. While a node hangs: one of the three is stopped by SIGSTOP right before each upload, each in turn, and goes on after it.",
  async measure({ folder }) {
    const rows: string[][] = [];
    const verdicts: { text: string; holds: boolean }[] = [];
    const medians: number[] = [];
    const counts = [3, 10, 50] as const;
    for (const machines of counts) {
      const stage = await openStage({
        folder: join(folder, String(machines)),
        configs: 1,
        bots: 1,
        machines,
        machinesPerProcess: machines === 3 ? 1 : 10,
      });
      try {
        const folders = stage.machines.flatMap(({ folder: path }) =>
          machines === 3
            ? [join(path, "config")]
            : Array.from({ length: 10 }, (_, index) =>
                join(path, `machine-${index + 1}`, "config"),
              ),
        );
        const atRest = await traffic(stage);
        const lags = await lagsOf(stage, folders, uploads, async () => {});
        rows.push([
          `${machines} machines`,
          ...row(lags),
          `${short(atRest.requests)} requests, ${short(atRest.kilobytes)} kB`,
        ]);
        medians.push(percentile(lags, 0.5));
        if (machines === 3) {
          verdicts.push(verdict("3 machines", lags, reachP99Ms));
          const paused = await whilePaused(stage, folders);
          rows.push([`${machines} machines, a node hangs`, ...row(paused), ""]);
          verdicts.push(verdict("3 machines, a node hangs", paused, reachPausedP99Ms));
        }
      } finally {
        await stage.stop();
      }
    }
    return {
      table: {
        head: ["", "files", "median", "p99", "longest", "etcd, per second at rest"],
        rows,
      },
      verdicts,
    };
  },
};

function row(lags: readonly number[]): readonly string[] {
  const ms = (fraction: number): string => `${short(percentile(lags, fraction))} ms`;
  return [String(lags.length), ms(0.5), ms(0.99), ms(1)];
}

function verdict(what: string, lags: readonly number[], maxMs: number) {
  const p99 = percentile(lags, 0.99);
  return { text: `${what}: p99 ${short(p99)} ms, must be under ${maxMs} ms`, holds: p99 < maxMs };
}

/** @param before - done before each upload; what it returns, after it */
async function lagsOf(
  { uploads: sending }: Stage,
  folders: readonly string[],
  count: number,
  before: (round: number) => Promise<void | (() => Promise<void>)>,
): Promise<readonly number[]> {
  const arrivals = await watchArrivals(folders, "rates1.yml");
  const lags: number[] = [];
  try {
    // The first one is for what is loaded late.
    for (let round = 0; round <= count; round += 1) {
      const after = await before(round);
      const upload = sending.send(0);
      await sending.ended(upload);
      const times = await arrivals.all(upload.text);
      const told = upload.endedMs ?? 0;
      if (round > 0) lags.push(...times.map((time) => Math.max(0, time - told)));
      await after?.();
    }
  } finally {
    arrivals.close();
  }
  return lags;
}

async function whilePaused(stage: Stage, folders: readonly string[]): Promise<readonly number[]> {
  const { nodes } = stage.cluster;
  return lagsOf(stage, folders, uploadsWhilePaused, async (round) => {
    const node = nodes[round % nodes.length];
    node?.pause();
    return async () => {
      node?.resume();
      await stage.cluster.heal();
      // Whoever asked it meanwhile goes back to it or to another one.
      await sleep(1000);
    };
  });
}

/** What clients ask of etcd while nothing changes. */
async function traffic({ cluster }: Stage): Promise<{ requests: number; kilobytes: number }> {
  const before = await countedBy(cluster.endpoints);
  await sleep(restMs);
  const after = await countedBy(cluster.endpoints);
  const perSecond = restMs / 1000;
  return {
    requests: (after.requests - before.requests) / perSecond,
    kilobytes: (after.bytes - before.bytes) / perSecond / 1000,
  };
}

async function countedBy(endpoints: readonly URL[]) {
  let [requests, bytes] = [0, 0];
  for (const endpoint of endpoints) {
    const text = await (await fetch(new URL("/metrics", endpoint))).text();
    const sum = (name: RegExp): number =>
      [...text.matchAll(name)].reduce((all, [, value]) => all + Number(value), 0);
    requests += sum(/^grpc_server_handled_total\{.*grpc_code="OK".*\} (\S+)$/gm);
    bytes += sum(/^etcd_network_client_grpc_(?:received|sent)_bytes_total (\S+)$/gm);
  }
  return { requests, bytes };
}
