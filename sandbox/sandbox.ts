// Airlock to try out: a Telegram of one's own, the real bot on copies of the configs, and people to play. What it does is
// the bot's own doing; nothing in the bot is stubbed.
import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AirlockProcess, createAirlockProcess } from "./airlock-process.ts";
import { type ArmedFaults, createArmedFaults } from "./armed-faults.ts";
import { openCatalog, type OwnCatalog, type PlayedConfig, writeRules } from "./catalog.ts";
import { createDisk, type Disk } from "./disk-speed.ts";
import { createMachineStage } from "./machine-stage.ts";
import type { Machines } from "./machines.ts";
import type { Person } from "./bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "./bot-api/telegram-server.ts";
import { emptyFolder, putBack } from "./stage-folders.ts";
import { type PriceService, startPriceService } from "./price-service.ts";
import { type Setup, stageSetup } from "./stage-setup.ts";
import { openStage, stories, type Story } from "./stories.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { type WatchedFiles, watchFiles } from "./watched-files.ts";

const strangerId = 6660;
/** A process has to start meanwhile, on a machine that may be busy. */
const greetingTimeoutMs = 30_000;

/** What a person can set their app to. */
export const appLanguages = ["en", "ru"] as const;

/** What changed, for the page to draw anew. */
export type SandboxChange =
  "files" | "timeline" | "bot" | "faults" | "people" | "stage" | "machines";

export interface Sandbox {
  readonly telegram: TelegramServer;
  readonly bot: AirlockProcess;
  readonly files: WatchedFiles;
  readonly timeline: Timeline;
  /** In the order in which their chats stand. */
  readonly people: readonly Person[];
  readonly configs: readonly PlayedConfig[];
  /** The one that the stories are about. */
  readonly mainConfig: PlayedConfig;
  readonly backupFolder: string;
  /** Why the bot ended by itself; undefined while all is well. */
  readonly botProblem: string | undefined;
  readonly faults: ArmedFaults;
  /** Opens a chat for somebody without a role, unless there is one. */
  openStranger(): Person;
  /** Of this person's app; the bot hears of it with what they send next. */
  setLanguage(person: Person, code: (typeof appLanguages)[number]): void;
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
  const people = [
    telegram.user({ id: 1001, firstName: "Anna" }),
    telegram.user({ id: 1002, firstName: "Boris" }),
  ];
  const listeners = new Set<(change: SandboxChange) => void>();
  const tell = (change: SandboxChange): void => {
    for (const listener of listeners) listener(change);
  };

  const timeline = createTimeline(
    (id) => people.find(({ account }) => account.id === id)?.account.first_name ?? String(id),
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
      ADMIN_IDS: people.map(({ account }) => account.id).join(","),
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

  function admins(): readonly Person[] {
    return people.filter(({ account }) => account.id !== strangerId);
  }

  /** As every chat with a bot begins in Telegram; the bot greets them, and sets their command menus. */
  function beginChats(): void {
    for (const admin of admins()) admin.send("/start");
  }

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
    beginChats();
  }

  /** Everything as at the start: else a story finds the bases, questions and files that the last one left. */
  async function resetStage(next: Setup): Promise<void> {
    await bot.kill();
    await machineStage.clear();
    await disk.set("fast");
    faults.disarm();
    telegram.dropUpdates();
    for (const person of people) person.clearHistory();
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
    for (const admin of admins()) {
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
    const [anna, boris] = admins();
    if (anna === undefined || boris === undefined) throw new Error("a story needs two people");
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
    people,
    configs,
    mainConfig,
    backupFolder,
    get botProblem() {
      return botProblem;
    },
    openStranger() {
      const known = people.find(({ account }) => account.id === strangerId);
      if (known !== undefined) return known;
      const stranger = telegram.user({ id: strangerId, firstName: "Mallory" });
      people.push(stranger);
      tell("people");
      return stranger;
    },
    setLanguage(person, code) {
      person.setLanguage(code);
      tell("people");
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
