// Many admins at once, with 100 ms per call to Telegram: how much gets through, and whether anybody is starved.
import { ratesFile, startBench, until } from "./bot.ts";
import type { Figure } from "./figure.ts";
import { percentile, short } from "./statistics.ts";

const callMs = 100;
const admins = 50;
const configs = 20;
/** Each admin has at most 50 on their way. */
const uploadCounts = [100, 300, 1000];
/** getFile, the download, and two edits, of which each needs the one before; everybody's at once. */
const chainMs = 4 * callMs;
const slowestToMedianMax = 5;

export const manyAtOnce: Figure = {
  id: "many-at-once",
  title: "Many at once",
  about: `${admins} admins upload to ${configs} configs at once, with ${callMs} ms per call to Telegram. The floor is one chain of calls: nobody need wait for anybody else's.`,
  async measure({ folder }) {
    // New ones for each count: whoever has changed a config before would be told that it changed since.
    const adminIds = Array.from({ length: admins * uploadCounts.length }, (_, index) => index + 1);
    const configIds = Array.from({ length: configs }, (_, index) => `config_${index}`);
    const bench = await startBench({ folder, adminIds, configIds });
    try {
      const people = adminIds.map((id) => bench.server.user({ id, firstName: `Admin ${id}` }));
      bench.server.fault({
        method: "*",
        when: ({ method }) => method !== "getUpdates",
        kind: "delay",
        delayMs: callMs,
      });
      const rows: string[][] = [];
      const [p50s, p99s]: [number[], number[]] = [[], []];
      const verdicts = [];
      let euro = 1;
      for (const [round, count] of uploadCounts.entries()) {
        const times: number[] = [];
        const beganMs = performance.now();
        const stop = bench.server.events.subscribe((event) => {
          if (!("message" in event) || event.by !== "bot") return;
          if (event.message.text?.startsWith("✅") === true)
            times.push(performance.now() - beganMs);
        });
        for (let index = 0; index < count; index += 1) {
          const admin = index % admins;
          // Each of an admin's uploads is of another config.
          const config = configIds[(admin + Math.floor(index / admins)) % configs] ?? "";
          const text = ratesFile((euro += 1));
          people[round * admins + admin]?.upload(`${config}.yml`, text, {
            caption: `/set_${config}`,
          });
        }
        await until("every upload was applied", () => times.length === count);
        stop();
        const totalMs = performance.now() - beganMs;
        const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
        p50s.push(p50);
        p99s.push(p99);
        rows.push([
          String(count),
          `${short(totalMs / 1000)} s`,
          short((count / totalMs) * 1000),
          `${short(p50)} ms`,
          `${short(p99)} ms`,
          short(p50 / chainMs),
        ]);
        verdicts.push({
          text: `${count} uploads: all ended well; the slowest hundredth took ${short(p99 / p50)} times the median, must be at most ${slowestToMedianMax}`,
          holds: p99 / p50 <= slowestToMedianMax,
        });
      }
      return {
        table: {
          head: [
            "uploads",
            "all of them",
            "uploads a second",
            "p50",
            "p99",
            "p50 against one chain of calls",
          ],
          rows,
        },
        chart: {
          title: "Many uploads at once",
          labels: uploadCounts.map(String),
          labelName: "uploads",
          valueName: "ms",
          lines: [
            { name: "p50", values: p50s },
            { name: "p99", values: p99s },
          ],
        },
        verdicts,
      };
    } finally {
      await bench.stop();
    }
  },
};
