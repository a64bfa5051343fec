// Whether memory stays flat over what months bring: thousands of uploads, and strangers who will not stop.
import { startBench, until, uploadMany } from "./bot.ts";
import type { Figure } from "./figure.ts";
import { short } from "./statistics.ts";

const uploadsFirst = 2000;
const uploadsAll = 10_000;
const strangers = 1000;
const messagesEach = 100;
const growthMax = 40;
/** What is alive is about half of it. Without a limit V8 lets garbage lie for as long as there is room. */
const heapMax = 64;

export const soak: Figure = {
  id: "soak",
  title: "Soak",
  about: `Resident memory of the built bot, whose heap may take ${heapMax} MB, over thousands of uploads and a flood of strangers: a leak would end it.`,
  isLong: true,
  async measure({ folder }) {
    const env = { NODE_OPTIONS: `--max-old-space-size=${heapMax}` };
    const bench = await startBench({ folder, adminIds: [1], configIds: ["rates"], env });
    const { server } = bench;
    try {
      const idle = await bench.memory();
      await uploadMany(bench, uploadsFirst);
      const afterFirst = await bench.memory();
      await uploadMany(bench, uploadsAll - uploadsFirst);
      const afterAll = await bench.memory();
      let answers = 0;
      server.events.subscribe((event) => {
        if ("message" in event && event.by === "bot") answers += 1;
      });
      const people = Array.from({ length: strangers }, (_, index) =>
        server.user({ id: 1000 + index, firstName: "Eve" }),
      );
      for (let round = 0; round < messagesEach; round += 1) {
        for (const person of people) person.send(round % 2 === 0 ? "/whoami" : "/set_rates");
        await until("they were taken", () => server.pendingUpdates().length === 0);
      }
      const afterStrangers = await bench.memory();
      return {
        table: {
          head: ["after", "memory"],
          rows: [
            ["the start", `${short(idle)} MB`],
            [`${uploadsFirst} uploads`, `${short(afterFirst)} MB`],
            [`${uploadsAll} uploads`, `${short(afterAll)} MB`],
            [
              `${strangers * messagesEach} messages of ${strangers} strangers, who got ${answers} answers`,
              `${short(afterStrangers)} MB`,
            ],
          ],
        },
        verdicts: [
          {
            text: `the last ${uploadsAll - uploadsFirst} uploads added at most ${growthMax} MB`,
            holds: afterAll - afterFirst <= growthMax,
          },
          {
            text: `strangers added at most ${growthMax} MB`,
            holds: afterStrangers - afterAll <= growthMax,
          },
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};
