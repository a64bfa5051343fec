// Many admins at once, with 100 ms per call to Telegram: how much gets through, whether anybody is starved, and whether those who only
// ask something meanwhile are answered.
import { type Bench, createCrowd, ratesFile, startBench } from "./bot.ts";
import type { Figure } from "./figure.ts";
import { percentile, short } from "./statistics.ts";

const callMs = 100;
const admins = 50;
const configs = 20;
/** Each admin has at most 50 on their way. */
const uploadCounts = [100, 300, 1000];
/** getFile, the download, and two edits, of which each needs the one before; everybody's at once. */
const chainMs = 4 * callMs;
/** The first count is the one that is promised. */
const chainsMax = 2;
const slowestToMedianMax = 5;
const delayMsMax = 25;
/** prom-client looks at the loop this often, and counts that in. */
const delayResolutionMs = 10;
const curiousId = 1_000_000;

export const manyAtOnce: Figure = {
  id: "many-at-once",
  title: "Many at once",
  about: `${admins} admins upload to ${configs} configs at once, with ${callMs} ms per call to Telegram, while another one sends /status. The floor is one chain of calls: nobody need wait for anybody else's.`,
  async measure({ folder }) {
    // New ones for each count: whoever has changed a config before would be told that it changed since.
    const adminIds = Array.from({ length: admins * uploadCounts.length }, (_, index) => index + 1);
    const configIds = Array.from({ length: configs }, (_, index) => `config_${index}`);
    const bench = await startBench({ folder, adminIds: [...adminIds, curiousId], configIds });
    try {
      bench.server.fault({
        method: "*",
        when: ({ method }) => method !== "getUpdates",
        kind: "delay",
        delayMs: callMs,
      });
      const rounds: Round[] = [];
      for (const [round, count] of uploadCounts.entries()) {
        const theirs = adminIds.slice(round * admins, (round + 1) * admins);
        rounds.push(await measureRound(bench, theirs, configIds, count));
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
            "/status meanwhile",
            "event loop delay, p99",
            "processor per upload",
          ],
          rows: rounds.map(({ count, totalMs, p50, p99, statusMs, delayMs, processorMs }) => [
            String(count),
            `${short(totalMs / 1000)} s`,
            short((count / totalMs) * 1000),
            `${short(p50)} ms`,
            `${short(p99)} ms`,
            short(p50 / chainMs),
            `${short(statusMs)} ms`,
            `${short(delayMs)} ms`,
            `${short(processorMs / count)} ms`,
          ]),
        },
        chart: {
          title: "Many uploads at once",
          labels: uploadCounts.map(String),
          labelName: "uploads",
          valueName: "ms",
          lines: [
            { name: "p50", values: rounds.map(({ p50 }) => p50) },
            { name: "p99", values: rounds.map(({ p99 }) => p99) },
          ],
        },
        verdicts: [
          ...rounds.slice(0, 1).flatMap(({ count, p50, delayMs }) => [
            {
              text: `${count} uploads: the median is ${short(p50 / chainMs)} times the chain of ${chainMs} ms, must be at most ${chainsMax}`,
              holds: p50 / chainMs <= chainsMax,
            },
            {
              text: `${count} uploads: event loop delay on the main thread, p99: ${short(delayMs)} ms, must be under ${delayMsMax}`,
              holds: delayMs < delayMsMax,
            },
          ]),
          ...rounds.map(({ count, p50, p99 }) => ({
            text: `${count} uploads: all ended well; the slowest hundredth took ${short(p99 / p50)} times the median, must be at most ${slowestToMedianMax}`,
            holds: p99 / p50 <= slowestToMedianMax,
          })),
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};

interface Round {
  readonly count: number;
  readonly totalMs: number;
  readonly p50: number;
  readonly p99: number;
  /** From /status, sent right behind the uploads, to its answer. */
  readonly statusMs: number;
  readonly delayMs: number;
  readonly processorMs: number;
}

async function measureRound(
  bench: Bench,
  adminIds: readonly number[],
  configIds: readonly string[],
  count: number,
): Promise<Round> {
  const crowd = createCrowd(bench, adminIds, configIds, ratesFile);
  const curious = bench.server.user({ id: curiousId, firstName: "Curious" });
  // Reading it begins to count anew.
  await bench.metric("nodejs_eventloop_lag_p99_seconds");
  const processorBefore = await bench.processorMs();
  const beganMs = performance.now();
  const uploading = crowd.upload(count);
  const since = curious.cursor();
  curious.send("/status");
  await curious.waitForText("up for", { since, timeoutMs: 60_000 });
  const statusMs = performance.now() - beganMs;
  const times = await uploading;
  const totalMs = performance.now() - beganMs;
  const lagSeconds = await bench.metric("nodejs_eventloop_lag_p99_seconds");
  return {
    count,
    totalMs,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    statusMs,
    delayMs: Math.max(0, lagSeconds * 1000 - delayResolutionMs),
    processorMs: (await bench.processorMs()) - processorBefore,
  };
}
