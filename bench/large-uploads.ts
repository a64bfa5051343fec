// What a large file costs in the bot itself, as its admin and its operator see it: one upload after another, as the metrics count their steps.
import { parseDocument } from "yaml";
import { type Bench, createCrowd, startBench } from "./bot.ts";
import { keysOfOneMegabyte, ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText, timed } from "./statistics.ts";

const yamlRatioMax = 0.4;
const config = "rates";
const steps = ["download", "check", "lock_wait", "backup", "replace"] as const;

type Step = (typeof steps)[number];

export const largeUploads: Figure = {
  id: "large-uploads",
  title: "A large file in the bot",
  about:
    "Uploads of 1 MB with 60,000 keys, one after the other, each with one change, with a Telegram that answers at once; beside each `yaml`'s parseDocument with `uniqueKeys: false` of the same text, in another process. The steps are those that the bot's metrics count.",
  async measure({ repeats, folder }) {
    const bench = await startBench({ folder, adminIds: [1], configIds: [config] });
    try {
      const crowd = createCrowd(bench, [1], [config], largeFile);
      const all: number[] = [];
      const yaml: number[] = [];
      const times = new Map<Step, number[]>(steps.map((step) => [step, []]));
      let before = await stepSeconds(bench);
      for (let round = 0; round < repeats; round += 1) {
        all.push(...(await crowd.upload(1)));
        const after = await stepSeconds(bench);
        for (const [index, step] of steps.entries()) {
          times.get(step)?.push(((after[index] ?? 0) - (before[index] ?? 0)) * 1000);
        }
        before = after;
        yaml.push(await timed(() => parseDocument(largeFile(round), { uniqueKeys: false })));
      }
      const check = spreadOf(times.get("check") ?? []);
      const ratio = check.median / spreadOf(yaml).median;
      return {
        table: {
          head: ["of one upload", "how long"],
          rows: [
            ["from its document to ✅", spreadText(spreadOf(all), "ms")],
            ...steps.map((step) => [
              `– ${step}`,
              spreadText(spreadOf(times.get(step) ?? []), "ms"),
            ]),
            ["yaml alone", spreadText(spreadOf(yaml), "ms")],
          ],
        },
        verdicts: [
          {
            text: `the check against yaml alone: ${short(ratio)} times, must be at most ${yamlRatioMax}`,
            holds: ratio <= yamlRatioMax,
          },
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};

function largeFile(euro: number): string {
  return `${ratesDocument(keysOfOneMegabyte)}  EUR: ${euro + 2}\n`;
}

async function stepSeconds(bench: Bench): Promise<readonly number[]> {
  return Promise.all(
    steps.map((step) =>
      bench.metric(
        `config_upload_step_duration_seconds_sum{config_type="${config}",step="${step}"}`,
      ),
    ),
  );
}
