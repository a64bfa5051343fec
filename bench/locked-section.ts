// How long a change holds the lock, against the four operations that its promise needs, and against what one would write instead.
import { copyFile, cp, link, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { changeConfig } from "../src/store/local/change-config.ts";
import { parseConfigId } from "../src/model/config-id.ts";
import { noRules } from "../src/model/rules.ts";
import type { LiveConfig } from "../src/store/local/live-config.ts";
import { versionOf } from "../src/model/version.ts";
import { createFolders } from "../src/file/shared-folder.ts";
import { createLocks } from "../src/store/lock.ts";
import { openLiveConfig } from "../src/store/local/open-config.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { short, spreadOf, spreadText, timed } from "./statistics.ts";

const ratioMax = 1.7;
/** A single replacement takes less than a millisecond, and varies more. */
const roundsPerRepeat = 20;
const sizes = [
  { name: "1 kB", bytes: 1000 },
  { name: "100 kB", bytes: 100_000 },
  { name: "1 MB", bytes: 1_000_000 },
  { name: "20 MB", bytes: 20_000_000 },
] as const;
/** Another file system, where there is one. */
const otherFolder = "/dev/shm";

export const lockedSection: Figure = {
  id: "locked-section",
  title: "Locked section",
  about:
    "From taking the lock to giving it back, against hard link + fsync + rename + fsync by asynchronous fs on the same disk, in turns. " +
    "Beside it what one would write instead, which has no durable backup, or holds the lock for as long as the file is large.",
  async measure({ repeats, folder }) {
    const rows: string[][] = [];
    const verdicts: { text: string; holds: boolean }[] = [];
    const ratios: number[] = [];
    for (const { name, bytes } of sizes) {
      const rounds = bytes > 10_000_000 ? repeats * 4 : repeats * roundsPerRepeat;
      const times = await measureSize(join(folder, name.replace(" ", "")), bytes, rounds);
      const floor = spreadOf(times.floor);
      const ratio = spreadOf(times.airlock).median / floor.median;
      ratios.push(ratio);
      rows.push([
        name,
        spreadText(floor, "ms"),
        spreadText(spreadOf(times.airlock), "ms"),
        ...[times.airlock, times.atomic, times.unsynced, times.moved].map((each) =>
          each.length === 0 ? "–" : `${short(spreadOf(each).median / floor.median)}×`,
        ),
      ]);
      verdicts.push({
        text: `${name}: ${short(ratio)} times the floor, must be at most ${ratioMax}`,
        holds: ratio <= ratioMax,
      });
    }
    const result: FigureResult = {
      table: {
        head: [
          "size",
          "floor",
          "Airlock",
          "Airlock",
          "copy + write-file-atomic",
          "copy + rename, no sync",
          "copy + move across file systems",
        ],
        rows,
      },
      chart: {
        title: "Locked section against the floor",
        labels: sizes.map(({ name }) => name),
        labelName: "size of the file",
        valueName: "times the floor",
        lines: [{ name: "Airlock", values: ratios }],
      },
      verdicts,
    };
    return result;
  },
};

interface Times {
  readonly floor: number[];
  readonly airlock: number[];
  readonly atomic: number[];
  readonly unsynced: number[];
  readonly moved: number[];
}

async function measureSize(folder: string, size: number, rounds: number): Promise<Times> {
  const times: Times = { floor: [], airlock: [], atomic: [], unsynced: [], moved: [] };
  const live = await openFixture(join(folder, "airlock"));
  const floor = await openFloor(join(folder, "floor"), size);
  const other = await openAlternatives(join(folder, "other"));
  for (let round = 0; round < rounds; round += 1) {
    const bytes = Buffer.alloc(size, `round: ${round}\n`);
    times.floor.push(await floor.replace(bytes));
    times.airlock.push(await lockedMs(live, bytes));
    times.atomic.push(await other.atomic(bytes));
    times.unsynced.push(await other.unsynced(bytes));
    const moved = await other.moved(bytes);
    if (moved !== undefined) times.moved.push(moved);
  }
  await floor.close();
  await rm(folder, { recursive: true });
  return times;
}

async function openFixture(folder: string): Promise<LiveConfig> {
  const [configDir, backupDir] = [join(folder, "config"), join(folder, "backups")];
  await mkdir(configDir, { recursive: true });
  await mkdir(backupDir);
  const path = join(configDir, "fees.yml");
  await writeFile(path, "first: 1\n");
  const id = parseConfigId("fees");
  if (id === undefined) throw new Error("no config id");
  return openLiveConfig(
    { id, fileName: "fees.yml", path, title: null, schema: "builtin:fees", rules: noRules },
    {
      backupDir,
      backupNames: new Map(),
      stateDir: join(folder, "state"),
      lockOf: createLocks(),
      openFolder: createFolders(),
      journal: { unfinished: [], prepared: () => Promise.resolve() },
      backupsMax: 10,
      report: (what, error) => {
        throw new Error(what, { cause: error });
      },
    },
  );
}

async function lockedMs(live: LiveConfig, bytes: Buffer): Promise<number> {
  let acquiredMs = 0;
  let heldMs = 0;
  const outcome = await changeConfig(
    live,
    {
      version: versionOf(bytes),
      key: "bench",
      how: "upload",
      author: { id: 1, name: "Bench" },
      reason: null,
      message: null,
    },
    {
      signal: new AbortController().signal,
      onPrepared: () => Promise.resolve(),
      admit: () => undefined,
      backupsMax: 10,
      onProgress: (progress) => {
        if (progress === "lock_acquired") acquiredMs = performance.now();
        if (progress === "lock_released") heldMs = performance.now() - acquiredMs;
      },
    },
  );
  if (outcome.kind !== "applied") throw new Error(`the change ended as ${outcome.kind}`);
  return heldMs;
}

/** The least that a durable replacement with a backup can do, prepared as Airlock prepares it. */
async function openFloor(
  folder: string,
  size: number,
): Promise<{ replace(bytes: Buffer): Promise<number>; close(): Promise<void> }> {
  const [live, backups] = [join(folder, "live"), join(folder, "backups")];
  await mkdir(live, { recursive: true });
  await mkdir(backups);
  const own = join(backups, "own");
  await writeFile(own, Buffer.alloc(size));
  const liveFolder = await open(live);
  const backupFolder = await open(backups);
  let round = 0;
  return {
    async replace(bytes) {
      const backup = join(backups, `backup-${(round += 1)}`);
      const temporary = join(live, ".temporary");
      const handle = await open(temporary, "w");
      await handle.writeFile(bytes);
      await handle.sync();
      await handle.close();
      const took = await timed(async () => {
        await link(own, backup);
        await backupFolder.sync();
        await rename(temporary, join(live, "file"));
        await liveFolder.sync();
      });
      await rm(backup);
      return took;
    },
    async close() {
      await Promise.all([liveFolder.close(), backupFolder.close()]);
    },
  };
}

interface Alternatives {
  atomic(bytes: Buffer): Promise<number>;
  unsynced(bytes: Buffer): Promise<number>;
  /** undefined where the machine has no second file system. */
  moved(bytes: Buffer): Promise<number | undefined>;
}

/** Each backs up by copying, and replaces in its way. */
async function openAlternatives(folder: string): Promise<Alternatives> {
  await mkdir(folder, { recursive: true });
  const [live, backup, temporary] = [
    join(folder, "live"),
    join(folder, "backup"),
    join(folder, "temporary"),
  ];
  await writeFile(live, "first");
  return {
    atomic: (bytes) =>
      timed(async () => {
        await copyFile(live, backup);
        await writeFileAtomic(live, bytes);
      }),
    async unsynced(bytes) {
      await writeFile(temporary, bytes);
      return timed(async () => {
        await copyFile(live, backup);
        await rename(temporary, live);
      });
    },
    async moved(bytes) {
      const away = join(otherFolder, `airlock-bench-${process.pid}`);
      try {
        await writeFile(away, bytes);
      } catch {
        // No such file system here: the column stays empty.
        return undefined;
      }
      return timed(async () => {
        await copyFile(live, backup);
        await cp(away, live, { force: true });
        await rm(away);
      });
    },
  };
}
