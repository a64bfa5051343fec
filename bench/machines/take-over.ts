// The bot that polls is killed, again and again, while two others wait: how soon another answers, and what became of uploads in flight.
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { percentile, short } from "../statistics.ts";
import { openStage } from "./stage.ts";
import { uploadOnAndOn, wrongs } from "./uploads.ts";

const kills = 10;
const configs = 4;
const takenOverMs = 20_000;

export const takeOver: Figure = {
  id: "take-over",
  group: "machines",
  title: "The bot that polls is killed",
  about: `Three bots, three nodes of etcd; four admins with a config each upload one file after another. The bot that polls is killed by SIGKILL ${kills} times at random instants, and started again as one that waits. Counted from the kill to the first poll of another bot, and to the first author who is told by it how an upload ended.`,
  async measure({ folder }) {
    const stage = await openStage({ folder, configs, bots: 3, machines: 0 });
    const { uploads, server, cluster } = stage;
    const polls: number[] = [];
    const words: number[] = [];
    let isOver = false;
    try {
      const uploading = uploadOnAndOn(uploads, configs, 200, () => isOver, 120_000);
      for (let round = 0; round < kills; round += 1) {
        const leader = await stage.leader();
        await sleep(1000 + Math.random() * 2000);
        await leader.kill();
        const killedMs = performance.now();
        const since = server.requestCursor();
        const polled = server.waitForRequest(({ method }) => method === "getUpdates", {
          since,
          timeoutMs: 60_000,
        });
        const told = new Promise<void>((resolve) => {
          const stop = server.events.subscribe((event) => {
            if (!("message" in event) || event.by !== "bot") return;
            if (!/^(✅|🔁)/u.test(event.message.text ?? "")) return;
            stop();
            resolve();
          });
        });
        await polled;
        polls.push(performance.now() - killedMs);
        await told;
        words.push(performance.now() - killedMs);
        await leader.start();
      }
      isOver = true;
      await uploading;
      const [endpoint] = cluster.endpoints;
      if (endpoint === undefined) throw new Error("no node");
      const wrong = await wrongs(uploads.all, stage.configIds, endpoint, stage.prefix);
      const longestMs = Math.max(...polls);
      const row = (name: string, values: readonly number[]): readonly string[] => [
        name,
        ...[0, 0.5, 1].map((fraction) => `${short(percentile(values, fraction) / 1000)} s`),
      ];
      return {
        table: {
          head: [`${kills} kills, ${uploads.all.length} uploads`, "least", "median", "longest"],
          rows: [row("another polls", polls), row("somebody is told", words)],
        },
        verdicts: [
          {
            text: `taken over after ${short(longestMs / 1000)} s at the latest, must be at most 20 s`,
            holds: longestMs <= takenOverMs,
          },
          {
            text: ["nothing lost, nothing applied twice, no wrong word", ...wrong].join("; "),
            holds: wrong.length === 0,
          },
        ],
      };
    } finally {
      isOver = true;
      await stage.stop();
    }
  },
};
