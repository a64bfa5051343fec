// How soon the bot polls, what it weighs on the machine, and whether that grows.
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bench, startBench, uploadMany } from "./bot.ts";
import { ratesDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { short, spreadOf, spreadText } from "./statistics.ts";

const idleMax = 150;
const growthMax = 40;
const afterHostileMax = 300;

export const startAndSize: Figure = {
  id: "start-and-size",
  title: "Start and size",
  about:
    "The built bot with two configs, from the start of the process; resident memory as the system counts it.",
  async measure({ repeats, folder }) {
    const options = { adminIds: [1], configIds: ["rates", "other"] };
    const starts: number[] = [];
    for (let round = 0; round < repeats; round += 1) {
      const bench = await startBench({ ...options, folder: join(folder, `start-${round}`) });
      starts.push(bench.startMs);
      await bench.stop();
    }
    const bench = await startBench({ ...options, folder: join(folder, "size") });
    try {
      const idle = await bench.memory();
      await uploadMany(bench, 200);
      const after200 = await bench.memory();
      await uploadMany(bench, 300);
      const after500 = await bench.memory();
      await uploadMany(bench, 500);
      const after1000 = await bench.memory();
      await hostile(bench);
      const afterHostile = await bench.memory();
      const packages = await productionSize();
      return {
        table: {
          head: ["what", "how much"],
          rows: [
            ["start to first poll", spreadText(spreadOf(starts), "ms")],
            ["memory after the start", `${short(idle)} MB`],
            [
              "after 200, 500 and 1,000 uploads",
              [after200, after500, after1000].map((each) => `${short(each)} MB`).join(", "),
            ],
            ["after hostile files", `${short(afterHostile)} MB`],
            [
              "production dependencies",
              `${packages.count} packages, ${short(packages.bytes / 1e6)} MB`,
            ],
          ],
        },
        verdicts: [
          { text: `after the start under ${idleMax} MB`, holds: idle < idleMax },
          {
            text: `after 500 uploads at most ${growthMax} MB above after 200`,
            holds: after500 - after200 <= growthMax,
          },
          {
            text: `under ${afterHostileMax} MB again after hostile files`,
            holds: afterHostile < afterHostileMax,
          },
        ],
      };
    } finally {
      await bench.stop();
    }
  },
};

/** Files made to hurt: large, deep, full of aliases. Each gets its answer. */
async function hostile(bench: Bench): Promise<void> {
  const person = bench.server.user({ id: 1, firstName: "Anna" });
  const files = [
    ratesDocument(60_000),
    `a: ${"[".repeat(100_000)}`,
    `a: &a [x, x, x, x]\n${Array.from({ length: 90 }, (_, index) => `b${index}: [${"*a, ".repeat(4)}*a]`).join("\n")}\n`,
    `base: USD\nrates:\n${Array.from({ length: 40_000 }, () => "  EUR: 1").join("\n")}\n`,
    `base: "${"x".repeat(1_000_000)}"\n`,
  ];
  for (const file of files) {
    const since = bench.server.events.cursor();
    person.upload("rates.yml", file, { caption: "/set_rates" });
    await bench.server.events.waitFor(
      (event) =>
        "message" in event && /^[✅❌👌💥⚠🚫]/u.test(event.message.text ?? "") ? event : undefined,
      { since, timeoutMs: 60_000 },
    );
  }
}

/** What `npm ci --omit=dev` installs, by the lockfile. */
async function productionSize(): Promise<{ count: number; bytes: number }> {
  const lock = JSON.parse(await readFile("package-lock.json", "utf8")) as {
    readonly packages: Readonly<
      Record<
        string,
        { readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean }
      >
    >;
  };
  const paths = Object.entries(lock.packages)
    .filter(
      ([path, { dev, devOptional, optional }]) =>
        path !== "" && !(dev ?? devOptional ?? optional ?? false),
    )
    .map(([path]) => path);
  const sizes = await Promise.all(paths.map(folderBytes));
  return { count: paths.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isDirectory()) bytes += name === "node_modules" ? 0 : await folderBytes(path);
    else bytes += facts.size;
  }
  return bytes;
}
