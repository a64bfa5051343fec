// Airlock to try out: a Telegram of one's own, the real bot on copies of the configs, and people to play. What it does is
// the bot's own doing; nothing in the bot is stubbed.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "grammy/types";
import { type BotProcess, createBotProcess } from "./bot-process.ts";
import { openCatalog, type OwnCatalog, type PlayedConfig, writeRules } from "./catalog.ts";
import { createDisk, type Disk } from "./disk-speed.ts";
import type { FaultHandle, FaultPlan } from "./bot-api/faults.ts";
import type { Person } from "./bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "./bot-api/telegram-server.ts";
import { emptyFolder, putBack } from "./stage-folders.ts";
import { type PriceService, startPriceService } from "./price-service.ts";
import { openStage, stories, type Story } from "./stories.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { type WatchedFiles, watchFiles } from "./watched-files.ts";

const slowDownloadMs = 4000;
const retryAfterSeconds = 2;
const strangerId = 6660;
/** A process has to start meanwhile, on a machine that may be busy. */
const greetingTimeoutMs = 30_000;

export const faultNames = ["slow_download", "too_many", "server_error", "lost_answer"] as const;
type FaultName = (typeof faultNames)[number];

/** What changed, for the page to draw anew. */
export type SandboxChange = "files" | "timeline" | "bot" | "faults" | "people" | "stage";

export interface Sandbox {
  readonly telegram: TelegramServer;
  readonly bot: BotProcess;
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
  /** Faults that wait for their call. */
  readonly armed: readonly FaultName[];
  /** Opens a chat for somebody without a role, unless there is one. */
  openStranger(): Person;
  arm(name: FaultName): void;
  disarm(): void;
  /** The disk that the bot feels. */
  readonly disk: Disk;
  /** Those that can be played on this catalog. */
  readonly stories: readonly Story[];
  /** The price service, where the story has one. */
  readonly service: Pick<PriceService, "view" | "refuseNext"> | undefined;
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

/**
 * Starts everything but the page. Its folder is temporary, and removed by {@link Sandbox.close}.
 * @throws {@link CatalogRefused} with a line for each problem
 */
export async function startSandbox(own: OwnCatalog | undefined): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), "airlock-sandbox-"));
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
  const bot = createBotProcess({
    workingFolder: folder,
    preload: disk.preload,
    env: {
      PATH: process.env["PATH"] ?? "",
      BOT_TOKEN: telegram.token,
      ADMIN_IDS: people.map(({ account }) => account.id).join(","),
      TELEGRAM_API_ROOT: telegram.root,
      METRICS_PORT: "0",
      LOG_LEVEL: "debug",
      ...(own === undefined ? {} : { AIRLOCK_FILE: own.airlockFile }),
    },
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

  const service = await startPriceService(mainConfig.path, () => tell("stage"));
  const armed = new Map<FaultHandle, FaultName>();
  function arm(name: FaultName): void {
    const handle = telegram.fault(faultPlan(name));
    armed.set(handle, name);
    tell("faults");
    void forgetWhenReached(handle);
  }

  async function forgetWhenReached(handle: FaultHandle): Promise<void> {
    await handle.reached;
    armed.delete(handle);
    tell("faults");
  }

  function disarm(): void {
    for (const handle of armed.keys()) handle.remove();
    armed.clear();
    tell("faults");
  }

  function admins(): readonly Person[] {
    return people.filter(({ account }) => account.id !== strangerId);
  }

  /** As every chat with a bot begins in Telegram; the bot greets them, and sets their command menus. */
  function beginChats(): void {
    for (const admin of admins()) admin.send("/start");
  }

  /** Everything as at the start: else a story finds the bases, questions and files that the last one left. */
  async function resetStage(rules: string | undefined): Promise<void> {
    await bot.kill();
    await disk.set("fast");
    disarm();
    telegram.dropUpdates();
    for (const person of people) person.clearHistory();
    await putBack(pristineFolder, configFolder);
    await emptyFolder(backupFolder);
    await emptyFolder(stateFolder);
    await files.startOver();
    await service.restart();
    await writeRules(folder, rules);
    timeline.clear();
    tell("timeline");
    if (closed) return;
    bot.start();
    const since = telegram.events.cursor();
    beginChats();
    for (const admin of admins()) {
      await admin.waitFor((_, { by }) => by === "bot", { since, timeoutMs: greetingTimeoutMs });
    }
  }

  function rulesOf(story: Story | undefined): string | undefined {
    return story?.hasService === true ? service.rule : story?.rules;
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
    const reset = staged.then(() => resetStage(rulesOf(story)));
    // The next one resets the stage anew, whatever became of this one.
    staged = reset.catch(() => undefined);
    await reset;
    if (story === undefined) return;
    const [anna, boris] = admins();
    if (anna === undefined || boris === undefined) throw new Error("a story needs two people");
    const { signal } = own;
    try {
      signal.throwIfAborted();
      await disk.set(story.disk);
      await story.play(
        openStage({ anna, boris, config: mainConfig, telegram, bot, service, signal }),
      );
    } catch (error) {
      // What it waited for went with its stage.
      if (!signal.aborted) throw error;
    }
  }

  bot.start();
  beginChats();
  return {
    telegram,
    bot,
    files,
    timeline,
    people,
    configs,
    mainConfig,
    backupFolder,
    get botProblem() {
      return botProblem;
    },
    get armed() {
      return [...armed.values()];
    },
    openStranger() {
      const known = people.find(({ account }) => account.id === strangerId);
      if (known !== undefined) return known;
      const stranger = telegram.user({ id: strangerId, firstName: "Mallory" });
      people.push(stranger);
      tell("people");
      return stranger;
    },
    arm,
    disarm,
    disk,
    stories: own === undefined ? stories : stories.filter((story) => rulesOf(story) === undefined),
    get service() {
      return begun?.hasService === true ? service : undefined;
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
      files.close();
      await service.close();
      await telegram.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function faultPlan(name: FaultName): FaultPlan {
  // The long poll is always under way; a fault there would be seen by nobody.
  const when = ({ method }: { readonly method: string }): boolean => method !== "getUpdates";
  switch (name) {
    case "slow_download":
      return { method: "download", kind: "delay", delayMs: slowDownloadMs, times: 1 };
    case "too_many":
      return { method: "*", when, kind: "too_many", retryAfterSeconds, times: 1 };
    case "server_error":
      return {
        method: "*",
        when,
        kind: "refuse",
        code: 500,
        description: "Internal Server Error",
        times: 1,
      };
    case "lost_answer":
      return { method: "*", when, kind: "reset", effect: "after", times: 1 };
    default:
      return name satisfies never;
  }
}

/** The message with this number in a person's chat, as it is now. */
export function findMessage(person: Person, messageId: number): Message | undefined {
  return person.messages().find(({ message_id: id }) => id === messageId);
}
