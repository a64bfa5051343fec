// Where the time of one upload goes when every call to Telegram takes 100 ms: what can be done at once is, and only the
// longest chain of calls that need each other's answers is waited for.
import { type Bench, ratesFile, startBench } from "./bot.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText } from "./statistics.ts";

const callMs = 100;
const ratioMax = 1.2;
/** getFile, the download, and two edits, of which each needs the one before: 🔒 is said when the file is valid, and not sooner. */
const chainCalls = 4;
const callsMax = 4;

export const uploadTimeline: Figure = {
  id: "upload-timeline",
  title: "One upload, with 100 ms per call to Telegram",
  about:
    "From the document's arrival to the last text, against the longest chain of calls that need each other's answers: getFile, the download, and the two edits. The first text goes out beside that.",
  async measure({ repeats, folder }) {
    const bench = await startBench({ folder, adminIds: [1], configIds: ["rates"] });
    try {
      const person = bench.server.user({ id: 1, firstName: "Anna" });
      const totals: number[] = [];
      let calls: readonly Call[] = [];
      // The first one is for what is loaded late.
      for (let round = 0; round <= repeats; round += 1) {
        const delay = bench.server.fault({
          method: "*",
          when: ({ method }) => method !== "getUpdates",
          kind: "delay",
          delayMs: callMs,
        });
        const { totalMs, made } = await upload(bench, person, 2 + round);
        delay.remove();
        if (round > 0) totals.push(totalMs);
        calls = made;
      }
      const floorMs = chainCalls * callMs;
      const total = spreadOf(totals);
      const counted = calls.filter(({ name }) => !["getFile", "download"].includes(name)).length;
      return {
        table: {
          head: ["call", "begins", "ends"],
          rows: [
            ...calls.map(({ name, fromMs, toMs }) => [
              name,
              `${short(fromMs)} ms`,
              `${short(toMs)} ms`,
            ]),
            ["all of it", "", spreadText(total, "ms")],
          ],
        },
        verdicts: [
          {
            text: `${short(total.median / floorMs)} times the floor of ${floorMs} ms, must be at most ${ratioMax}`,
            holds: total.median / floorMs <= ratioMax,
          },
          {
            text: `${counted} calls beside getFile and the download, must be at most ${callsMax}`,
            holds: counted <= callsMax,
          },
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};

interface Call {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

async function upload(
  { server }: Bench,
  person: ReturnType<Bench["server"]["user"]>,
  euro: number,
): Promise<{ totalMs: number; made: readonly Call[] }> {
  const began = new Map<object, number>();
  const made: Call[] = [];
  const beganMs = performance.now();
  const stopListening = server.onRequest((request) => {
    const nowMs = performance.now() - beganMs;
    if (request.method === "getUpdates") return;
    const fromMs = began.get(request);
    if (fromMs === undefined) began.set(request, nowMs);
    else made.push({ name: request.method, fromMs, toMs: nowMs });
  });
  person.upload("rates.yml", ratesFile(euro), { caption: "/set_rates" });
  await person.waitForText(`rates.EUR: `.concat(String(euro - 1)));
  const totalMs = performance.now() - beganMs;
  stopListening();
  return { totalMs, made };
}
