// Airlock to try out: a Telegram of one's own, the real bot on copies of the configs, and people to play. What it does is
// the bot's own doing; nothing in the bot is stubbed.
import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AirlockProcess, createAirlockProcess } from "./airlock-process.ts";
import { type ArmedFaults, createArmedFaults } from "./armed-faults.ts";
import { type Cast, createCast } from "./cast.ts";
import { openCatalog, type OwnCatalog, type PlayedConfig, writeRules } from "./catalog.ts";
import { createDisk, type Disk } from "./disk-speed.ts";
import { createMachineStage } from "./machine-stage.ts";
import type { Machines } from "./machines.ts";
import { startTelegramServer, type TelegramServer } from "./bot-api/telegram-server.ts";
import { emptyFolder, putBack } from "./stage-folders.ts";
import { type PriceService, startPriceService } from "./price-service.ts";
import { type Setup, stageSetup } from "./stage-setup.ts";
import { openStage, stories, type Story } from "./stories.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { type WatchedFiles, watchFiles } from "./watched-files.ts";

/** A process has to start meanwhile, on a machine that may be busy. */
const greetingTimeoutMs = 30_000;

/** What can change, for the page to draw anew: those that others are drawn with first. */
export const sandboxChanges = [
  "people",
  "files",
  "timeline",
  "bot",
  "faults",
  "stage",
  "machines",
] as const;
export type SandboxChange = (typeof sandboxChanges)[number];

export interface Sandbox {
  readonly telegram: TelegramServer;
  readonly bot: AirlockProcess;
  readonly files: WatchedFiles;
  readonly timeline: Timeline;
  readonly cast: Cast;
  readonly configs: readonly PlayedConfig[];
  /** The one that the stories are about. */
  readonly mainConfig: PlayedConfig;
  readonly backupFolder: string;
  /** Why the bot ended by itself; undefined while all is well. */
  readonly botProblem: string | undefined;
  readonly faults: ArmedFaults;
  /** The disk that the bot feels. */
  readonly disk: Disk;
  /** Those that can be played on this catalog. */
  readonly stories: readonly Story[];
  /** The price service, where the stage has one. */
  readonly service: Pick<PriceService, "makerFee" | "refusesNext" | "refuseNext"> | undefined;
  /** Those that follow a store, where the stage has some. The files, too, are then those of the first. */
  readonly machines: Machines | undefined;
  /** The story that was begun last. */
  readonly story: Story | undefined;
  /**
   * Begins anew: files, backups, history and chats are as at the start, and a story that still plays is over. Then plays this one.
   * @param story - undefined leaves the stage as at the start
   * @returns when the story's part is done; the bot may still be at work
   */
  play(story: Story | undefined): Promise<void>;
  /** @returns how to stop listening */
  onChange(listener: (change: SandboxChange) => void): () => void;
  close(): Promise<void>;
}

/** A catalog with which nothing can be started. */
export class CatalogRefused extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

export interface SandboxOptions {
  readonly own: OwnCatalog | undefined;
  /** On the stage without a story; with 0, the bot keeps everything on its own disk. Others need etcd. */
  readonly machineCount: number;
}

/**
 * Starts everything but the page. Its folder is temporary, and removed by {@link Sandbox.close}.
 * @throws {@link CatalogRefused} with a line for each problem
 */
export async function startSandbox({ own, machineCount }: SandboxOptions): Promise<Sandbox> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "airlock-sandbox-")));
  const configFolder = join(folder, "config");
  const backupFolder = join(folder, "backups");
  const stateFolder = join(folder, "state");
  const catalog = await openCatalog(own, configFolder);
  if (catalog.kind === "problems") {
    await rm(folder, { recursive: true, force: true });
    throw new CatalogRefused(catalog.problems);
  }
  const { configs, mainConfig } = catalog;
  const pristineFolder = join(folder, "pristine");
  await cp(configFolder, pristineFolder, { recursive: true });
  await mkdir(stateFolder, { mode: 0o700 });
  const telegram = await startTelegramServer({ botUsername: "airlock_sandbox_bot" });
  const listeners = new Set<(change: SandboxChange) => void>();
  const tell = (change: SandboxChange): void => {
    for (const listener of listeners) listener(change);
  };

  const cast = createCast(telegram, () => tell("people"));
  const timeline = createTimeline(
    (id) => cast.all.find(({ account }) => account.id === id)?.account.first_name ?? String(id),
  );
  let botProblem: string | undefined;
  const disk = createDisk(join(folder, "slow-disk"), () => tell("stage"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    METRICS_PORT: "0",
    ...(own === undefined ? {} : { AIRLOCK_FILE: own.airlockFile }),
  };
  const processes = { workingFolder: folder, preload: disk.preload, env };
  const bot = createAirlockProcess({
    ...processes,
    name: "The bot",
    command: ["main.js"],
    env: () => ({
      ...env,
      ...machineStage.machines?.env,
      BOT_TOKEN: telegram.token,
      ADMIN_IDS: cast.admins.map(({ account }) => account.id).join(","),
      TELEGRAM_API_ROOT: telegram.root,
      LOG_LEVEL: "debug",
      // Each person's app has a language of its own.
      LANGUAGE: "auto",
    }),
    onLog: (line) => {
      if (timeline.read(line)) tell("timeline");
    },
    onChange: (problem) => {
      botProblem = problem;
      tell("bot");
    },
  });
  const files = await watchFiles(
    { configs, backups: backupFolder, history: join(stateFolder, "history") },
    () => tell("files"),
  );

  const service = await startPriceService(mainConfig.path, () => {
    tell("stage");
    tell("machines");
  });
  const machineStage = createMachineStage(folder, {
    first: { config: configFolder, backups: backupFolder, state: stateFolder },
    configs,
    mainConfig,
    service,
    process: processes,
    onChange() {
      tell("machines");
      tell("files");
    },
  });
  const faults = createArmedFaults(telegram, () => tell("faults"));

  const setupOf = (story: Story | undefined): Setup =>
    stageSetup(story, { isOwnCatalog: own !== undefined, machineCount, service });
  let setup = setupOf(undefined);

  async function setStage(next: Setup): Promise<void> {
    setup = next;
    await writeRules(folder, next.rules);
    await machineStage.set(next.machineCount);
  }

  function beginStage(): void {
    if (closed) return;
    bot.start();
    machineStage.machines?.start();
    cast.beginChats();
  }

  /** Everything as at the start: else a story finds the bases, questions and files that the last one left. */
  async function resetStage(next: Setup): Promise<void> {
    await bot.kill();
    await machineStage.clear();
    await disk.set("fast");
    faults.disarm();
    telegram.dropUpdates();
    for (const person of cast.all) person.clearHistory();
    await putBack(pristineFolder, configFolder);
    await emptyFolder(backupFolder);
    await emptyFolder(stateFolder);
    await files.startOver();
    await service.restart();
    await setStage(next);
    timeline.clear();
    tell("timeline");
    const since = telegram.events.cursor();
    beginStage();
    if (closed) return;
    for (const admin of cast.admins) {
      await admin.waitFor((_, { by }) => by === "bot", { since, timeoutMs: greetingTimeoutMs });
    }
  }

  let closed = false;
  let playing = new AbortController();
  let begun: Story | undefined;
  let staged: Promise<unknown> = Promise.resolve();

  /** A story ends the one before. They take the stage one after the other. */
  async function play(story: Story | undefined): Promise<void> {
    playing.abort();
    const own = new AbortController();
    playing = own;
    begun = story;
    tell("stage");
    const reset = staged.then(() => resetStage(setupOf(story)));
    // The next one resets the stage anew, whatever became of this one.
    staged = reset.catch(() => undefined);
    await reset;
    if (story === undefined) return;
    const { anna, boris } = cast;
    const { signal } = own;
    try {
      signal.throwIfAborted();
      await machineStage.machines?.everywhere();
      signal.throwIfAborted();
      await disk.set(story.disk);
      await story.play(
        openStage({
          anna,
          boris,
          config: mainConfig,
          telegram,
          bot,
          service,
          machines: machineStage.machines?.all ?? [],
          signal,
        }),
      );
    } catch (error) {
      // What it waited for went with its stage.
      if (!signal.aborted) throw error;
    }
  }

  await setStage(setup);
  beginStage();
  return {
    telegram,
    bot,
    files,
    faults,
    timeline,
    cast,
    configs,
    mainConfig,
    backupFolder,
    get botProblem() {
      return botProblem;
    },
    disk,
    stories:
      own === undefined ? stories : stories.filter((story) => setupOf(story).rules === undefined),
    get service() {
      return setup.hasService ? service : undefined;
    },
    get machines() {
      return machineStage.machines;
    },
    get story() {
      return begun;
    },
    play,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      playing.abort();
      await bot.stop();
      await machineStage.close();
      files.close();
      await service.close();
      await telegram.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
