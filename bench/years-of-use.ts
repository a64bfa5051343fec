// What years of use cost: a long history, many backups, many configs.
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bench, ratesFile, startBench } from "./bot.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText } from "./statistics.ts";

const configs = 200;
const historyLengths = [0, 10_000, 100_000];
const backupsMax = 10_000;
const startRatioMax = 1.5;
const startMoreMsMax = 200;
const workMsMax = 100;
const backupKeep = String(2 * backupsMax);

export const yearsOfUse: Figure = {
  id: "years-of-use",
  title: "Years of use",
  about: `${configs} configs, of which one has a long history and up to ${backupsMax.toLocaleString("en")} backups. The times of commands are from their arrival to the answer's.`,
  async measure({ repeats, folder }) {
    const results = [];
    for (const entries of historyLengths) {
      results.push({
        entries,
        ...(await measureLength(join(folder, String(entries)), entries, repeats)),
      });
    }
    const [empty, full] = [results[0], results.at(-1)];
    if (empty === undefined || full === undefined) throw new Error("nothing was measured");
    const startMax = empty.start.median * startRatioMax + startMoreMsMax;
    return {
      table: {
        head: [
          "entries",
          "start to first poll",
          "/history",
          "its oldest page",
          "/rollback to the first",
          "an upload",
          "memory",
        ],
        rows: results.map((each) => [
          each.entries.toLocaleString("en"),
          ...[each.start, each.history, each.oldest, each.rollback, each.upload].map((spread) =>
            spreadText(spread, "ms"),
          ),
          `${short(each.memory)} MB`,
        ]),
      },
      chart: {
        title: "Start and commands against the length of history",
        labels: results.map(({ entries }) => entries.toLocaleString("en")),
        labelName: "entries",
        valueName: "ms",
        lines: [
          { name: "start to first poll", values: results.map(({ start }) => start.median) },
          { name: "oldest page of /history", values: results.map(({ oldest }) => oldest.median) },
          { name: "upload", values: results.map(({ upload }) => upload.median) },
        ],
      },
      verdicts: [
        {
          text: `start: ${short(full.start.median)} ms, must be at most ${startRatioMax} times the empty one and ${startMoreMsMax} ms more (${short(startMax)} ms)`,
          holds: full.start.median <= startMax,
        },
        ...(["history", "oldest", "rollback"] as const).map((what) => ({
          text: `${what}: ${short(full[what].median)} ms, must be under ${workMsMax}`,
          holds: full[what].median < workMsMax,
        })),
      ],
    };
  },
};

async function measureLength(folder: string, entries: number, repeats: number) {
  const ids = ["long", ...Array.from({ length: configs - 1 }, (_, index) => `config_${index}`)];
  await mkdir(folder, { recursive: true });
  if (entries > 0) await writePast(folder, entries);
  const options = { folder, adminIds: [1], configIds: ids, env: { BACKUP_KEEP: backupKeep } };
  const starts: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    const once = await startBench(options);
    starts.push(once.startMs);
    await once.stop();
  }
  const bench = await startBench(options);
  try {
    const times = await measureCommands(bench, repeats);
    return { start: spreadOf(starts), ...times, memory: await bench.memory() };
  } finally {
    await bench.stop();
    await rm(folder, { recursive: true });
  }
}

async function measureCommands({ server }: Bench, repeats: number) {
  const person = server.user({ id: 1, firstName: "Anna" });
  const times = { history: [], oldest: [], rollback: [], upload: [] } as Record<
    "history" | "oldest" | "rollback" | "upload",
    number[]
  >;
  const measured = async (into: number[], act: () => void, method: string): Promise<void> => {
    const since = server.requestCursor();
    const beganMs = performance.now();
    act();
    await server.waitForRequest((request) => request.method === method, {
      since,
      timeoutMs: 60_000,
    });
    into.push(performance.now() - beganMs);
  };
  let euro = 1000;
  for (let round = 0; round < repeats; round += 1) {
    await measured(times.history, () => person.send("/history_long"), "sendMessage");
    const page = await person.waitForText("History of long.yml");
    await measured(times.oldest, () => person.pressData(page, "hist:long:10"), "editMessageText");
    await measured(times.rollback, () => person.send("/rollback_long 1"), "sendMessage");
    euro += 1;
    const beganMs = performance.now();
    person.upload("long.yml", ratesFile(euro), { caption: "/set_long" });
    await person.waitForText(`→ ${euro} `);
    times.upload.push(performance.now() - beganMs);
  }
  const [history, oldest, rollback, upload] = [
    spreadOf(times.history),
    spreadOf(times.oldest),
    spreadOf(times.rollback),
    spreadOf(times.upload),
  ];
  return { history, oldest, rollback, upload };
}

/** As if so many changes had been made, one a minute; the newest backups are there. */
export async function writePast(
  folder: string,
  entries: number,
  textOf: (revision: number) => string = ratesFile,
): Promise<void> {
  const [history, backups, config] = [
    join(folder, "state", "history"),
    join(folder, "backups"),
    join(folder, "config"),
  ];
  for (const path of [history, backups, config]) await mkdir(path, { recursive: true });
  const firstMs = Date.parse("2026-01-01T00:00:00Z");
  const lines: string[] = [];
  let previous: string | null = null;
  let backup: string | null = null;
  for (let revision = 1; revision <= entries; revision += 1) {
    const text = textOf(revision);
    const sha256: string = createHash("sha256").update(text).digest("hex");
    const at: string = new Date(firstMs + revision * 60_000).toISOString();
    lines.push(
      JSON.stringify({
        revision,
        at,
        how: "upload",
        author: { id: 1, name: "Anna" },
        reason: null,
        sha256,
        previous_sha256: previous,
        bytes: text.length,
        backup,
        message: { chat_id: 1, message_id: revision },
      }),
    );
    const isKept = revision === 1 || revision > entries - backupsMax;
    backup = `long.${at.replaceAll(/[-:.]/g, "")}.${sha256.slice(0, 8)}.yml`;
    if (isKept && revision < entries) await writeFile(join(backups, backup), text);
    if (revision === entries) await writeFile(join(config, "long.yml"), text);
    previous = sha256;
  }
  await writeFile(join(history, "long.jsonl"), `${lines.join("\n")}\n`);
}
