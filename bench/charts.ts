// How long somebody waits for a chart of years.
import { startBench } from "./bot.ts";
import { ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText } from "./statistics.ts";
import { writePast } from "./years-of-use.ts";

const revisions = 10_000;
const msMax = 2000;
const kilobytesMax = 300;
/** Some 2 kB. */
const document = ratesDocument(120);
const firstRate = /^ {2}(\w+): [\d.]+$/m;
const path = `rates.${firstRate.exec(document)?.[1]}`;

export const charts: Figure = {
  id: "charts",
  title: "Charts",
  about: `/chart of one value over ${revisions.toLocaleString("en")} revisions of a file of 2 kB, each of which changes it, from the command's arrival to the picture: the first after the start, which starts the thread that draws, and those after it.`,
  async measure({ repeats, folder }) {
    const firsts: number[] = [];
    const others: number[] = [];
    let bytes = 0;
    await writePast(folder, revisions, (revision) =>
      document.replace(firstRate, (line) => line.replace(/[\d.]+$/, `${revision}.5`)),
    );
    for (let round = 0; round < repeats; round += 1) {
      const bench = await startBench({
        folder,
        adminIds: [1],
        configIds: ["long"],
        env: { BACKUP_KEEP: "0" },
      });
      const { server } = bench;
      const person = server.user({ id: 1, firstName: "Anna" });
      try {
        for (const times of [firsts, others]) {
          const since = person.cursor();
          const beganMs = performance.now();
          person.send(`/chart_long ${path}`);
          const message = await person.waitForText(`${path} in long.yml`, { since });
          times.push(performance.now() - beganMs);
          const isWhole = /^(?:9999|10000) changes since/m.test(message.caption ?? "");
          if (!isWhole) throw new Error(`not all is in the picture: ${message.caption}`);
          bytes = server.fileBytes(message.photo?.at(-1)?.file_id ?? "")?.length ?? Infinity;
        }
      } finally {
        await bench.stop();
      }
    }
    const [first, other] = [spreadOf(firsts), spreadOf(others)];
    return {
      table: {
        head: ["the first", "those after it", "the picture"],
        rows: [[spreadText(first, "ms"), spreadText(other, "ms"), `${short(bytes / 1024)} kB`]],
      },
      verdicts: [
        {
          text: `the first: ${short(first.median)} ms, must be at most ${msMax}`,
          holds: first.median <= msMax,
        },
        {
          text: `the picture: ${short(bytes / 1024)} kB, must be at most ${kilobytesMax}`,
          holds: bytes <= kilobytesMax * 1024,
        },
      ],
    };
  },
};
