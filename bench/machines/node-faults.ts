// Two hundred uploads while one node of etcd after another is killed or hangs, at any instant.
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { percentile, short } from "../statistics.ts";
import { openStage } from "./stage.ts";
import { uploadOnAndOn, wrongs } from "./uploads.ts";

const uploadsMin = 200;
const faultsMin = 40;
const configs = 4;
const endWithinMs = 15_000;
/** Of a node that was killed or hangs, and between two of them. */
const awayMsMax = 6000;
const healthyMsMax = 2000;

export const nodeFaults: Figure = {
  id: "node-faults",
  group: "machines",
  title: "Uploads while nodes of etcd are killed and hang",
  about: `Three nodes; one bot; four admins with a config each upload one file after another. Meanwhile one node at a time is killed (SIGKILL) or stopped by SIGSTOP, at random, for up to ${awayMsMax / 1000} s, with up to ${healthyMsMax / 1000} s between. In the end what each author was told is compared with what etcd has.`,
  async measure({ folder }) {
    const stage = await openStage({ folder, configs, bots: 1, machines: 0 });
    const { cluster, uploads } = stage;
    const over = new AbortController();
    let faults = 0;
    const strike = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await sleep(Math.random() * healthyMsMax);
        const node = cluster.nodes[Math.floor(Math.random() * cluster.nodes.length)];
        if (Math.random() < 0.5) await node?.kill();
        else node?.pause();
        faults += 1;
        await sleep(Math.random() * awayMsMax);
        await cluster.heal();
      }
    };
    try {
      const striking = strike();
      await uploadOnAndOn(
        uploads,
        configs,
        500,
        () => uploads.all.length >= uploadsMin && faults >= faultsMin,
        120_000,
      );
      over.abort();
      await striking;
      const [endpoint] = cluster.endpoints;
      if (endpoint === undefined) throw new Error("no node");
      const wrong = await wrongs(uploads.all, stage.configIds, endpoint, stage.prefix);
      const failed = uploads.all.filter(({ fates }) => !fates[0]?.line.startsWith("✅"));
      const times = uploads.all.map(({ sentMs, endedMs = Infinity }) => endedMs - sentMs);
      const longestMs = Math.max(...times);
      const seconds = (fraction: number): string =>
        `${short(percentile(times, fraction) / 1000)} s`;
      return {
        table: {
          head: ["uploads", "faults", "median", "p99", "longest", "not applied"],
          rows: [
            [
              String(times.length),
              String(faults),
              seconds(0.5),
              seconds(0.99),
              seconds(1),
              String(failed.length),
            ],
          ],
        },
        verdicts: [
          {
            text: `the longest took ${short(longestMs / 1000)} s, must be at most 15 s`,
            holds: longestMs <= endWithinMs,
          },
          {
            text: ["nothing lost, nothing applied twice, no wrong word", ...wrong].join("; "),
            holds: wrong.length === 0,
          },
          {
            text: `every one applied${failed.map(({ fates }) => `; ${fates[0]?.line}`).join("")}`,
            holds: failed.length === 0,
          },
        ],
      };
    } finally {
      over.abort();
      await stage.stop();
    }
  },
};
