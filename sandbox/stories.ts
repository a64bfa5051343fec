// What can be tried with one press. A story plays on a stage that is as at the start; to add one, add it to the list.
import { readFile, writeFile } from "node:fs/promises";
import type { AirlockProcess } from "./airlock-process.ts";
import type { Message } from "grammy/types";
import type { Person } from "./bot-api/people.ts";
import type { TelegramServer } from "./bot-api/telegram-server.ts";
import type { PlayedConfig } from "./catalog.ts";
import type { Machine } from "./machines.ts";
import type { PriceService } from "./price-service.ts";
import type { DiskSpeed } from "./disk-speed.ts";
import { changedFile, exampleFile } from "./examples.ts";

/** Long enough to see that the other admin does not wait for it. */
const slowDownloadMs = 2500;
/** A process starts meanwhile, on a machine that may be busy. */
const answerTimeoutMs = 60_000;
const outcomePattern = /^(✅|⚠️|❌|💥|👌|🔁)/u;

export interface Story {
  readonly id: string;
  readonly title: string;
  /** What happens, and where to look; short, since all of them stand beside each other. */
  readonly watch: string;
  /** How fast the disk is while it plays. */
  readonly disk: DiskSpeed;
  /** Rules of the config that it is about, as they stand in the catalog; none where not said. */
  readonly rules?: string;
  /** The price service takes each file, under a rule of its own. */
  readonly hasService?: true;
  /** How many machines follow a store in etcd; without, the bot keeps everything on its own disk. */
  readonly machines?: number;
  readonly play: (stage: Stage) => Promise<void>;
}

/** What a story plays on. */
export interface StageParts {
  readonly anna: Person;
  readonly boris: Person;
  readonly config: PlayedConfig;
  readonly telegram: TelegramServer;
  readonly bot: AirlockProcess;
  /** By their numbers, from 0. */
  readonly machines: readonly Machine[];
  readonly service: Pick<PriceService, "refuseNext">;
  /** Another story has begun, or the sandbox is closed. */
  readonly signal: AbortSignal;
}

export interface Stage extends StageParts {
  /** The live file; empty where there is none yet. */
  readonly live: () => Promise<string>;
  /** Sends a file with the command that sets it. */
  readonly upload: (who: Person, text: string) => void;
  /** Waits for a text of the bot's that is like this. @throws when the story is over */
  readonly read: (who: Person, pattern: RegExp) => Promise<void>;
  /** Takes the live file, as an admin does before editing it. @throws when the story is over */
  readonly take: (who: Person) => Promise<string>;
}

/** One machine first; the others one after another, so that one can see it. */
export const oneMachineFirst = "rollout: { first: 1, then: all, jitter: 4s }";
const limits = "limits: [{ path: '**.*_percent', at_most: 50% }]";

/** Those with rules are about the `fees.yml` that comes with Airlock. */
export const stories: readonly Story[] = [
  {
    id: "race",
    title: "The race",
    watch: "Both upload at once: see who waits for the lock, then press Merge both.",
    disk: "slow",
    play: race,
  },
  {
    id: "fast-race",
    title: "The race, fast disk",
    watch: "The same on a fast disk: the lock is held for milliseconds.",
    disk: "fast",
    play: race,
  },
  {
    id: "slow-download",
    title: "A slow download",
    watch: "Anna's download is slow, but holds no lock: Boris saves first.",
    disk: "fast",
    async play({ anna, boris, live, upload, telegram, signal }) {
      const text = await live();
      const slow = telegram.fault({
        method: "download",
        kind: "delay",
        delayMs: slowDownloadMs,
        times: 1,
      });
      signal.addEventListener("abort", () => slow.remove());
      upload(anna, changedFile(text, 0));
      // A bot that is killed now fetches nothing; the story goes on when it is started again.
      await Promise.race([slow.reached, new Promise((go) => setTimeout(go, slowDownloadMs))]);
      if (!signal.aborted) upload(boris, changedFile(text, 1));
    },
  },
  {
    id: "stale-edit",
    title: "A stale edit",
    watch: "Boris reads whose change his file would undo, and can merge both.",
    disk: "fast",
    async play({ anna, boris, take, upload, read }) {
      const taken = await take(boris);
      upload(anna, changedFile(taken, 0));
      await read(anna, outcomePattern);
      upload(boris, changedFile(taken, 1));
    },
  },
  {
    id: "typo",
    title: "A typo",
    watch: "Anna reads the line and the key she meant, and nothing is touched.",
    disk: "fast",
    async play({ anna, live, upload }) {
      upload(anna, exampleFile("typo", await live()));
    },
  },
  {
    id: "kill",
    title: "Killed in mid-save",
    watch: "The bot dies while it saves; started again, it says how that ended.",
    disk: "slow",
    async play({ anna, live, upload, read, bot, signal }) {
      upload(anna, changedFile(await live(), 0));
      await read(anna, /^🔒/u);
      await bot.kill();
      signal.throwIfAborted();
      bot.start();
    },
  },
  {
    id: "hand-edit",
    title: "An edit by hand",
    watch: "Somebody edits the file on the server: Anna's older one has to wait.",
    disk: "fast",
    async play({ anna, config, take, upload }) {
      const taken = await take(anna);
      await writeFile(config.path, changedFile(taken, 1));
      upload(anna, changedFile(taken, 0));
    },
  },
  {
    id: "service-refuses",
    title: "A service that refuses",
    watch: "The price service refuses Anna's file, and the old one is put back.",
    disk: "fast",
    hasService: true,
    async play({ anna, live, upload, service }) {
      service.refuseNext();
      upload(anna, changedFile(await live(), 0));
    },
  },
  {
    id: "wrong-unit",
    title: "A wrong unit",
    watch: "Anna wrote 8 for 0.08: beyond its limit, it waits until she types the value.",
    disk: "fast",
    rules: limits,
    play: uploadWrongUnit,
  },
  {
    id: "approval",
    title: "An approval",
    watch: "The same, but a second person must agree: press Approve in Boris's chat.",
    disk: "fast",
    rules: `${limits}, approval: { when: over_limits }`,
    play: uploadWrongUnit,
  },
  {
    id: "keep",
    title: "Keep, or it goes back",
    watch: "Anna's change goes back after 20 seconds, unless somebody presses Keep.",
    disk: "fast",
    rules: "keep: 20s",
    async play({ anna, live, upload }) {
      upload(anna, changedFile(await live(), 0));
    },
  },
  {
    id: "three-machines",
    title: "Three machines",
    watch:
      "Anna's change reaches all three; a hand edit on web-2 is undone; web-3 is killed: start it.",
    disk: "fast",
    hasService: true,
    rules: oneMachineFirst,
    machines: 3,
    async play({ anna, boris, live, upload, read, machines: [, second, third] }) {
      upload(anna, changedFile(await live(), 0));
      await read(anna, /Live on 3 of 3 machines\./);
      await second?.editByHand();
      await read(anna, /^✏️/u);
      await third?.process.kill();
      upload(boris, changedFile(await live(), 0));
    },
  },
  {
    id: "first-machine",
    title: "The first machine refuses",
    watch: "The service on the first machine refuses Anna's change: the others never get it.",
    disk: "fast",
    hasService: true,
    rules: oneMachineFirst,
    machines: 3,
    async play({ anna, live, upload, service }) {
      service.refuseNext();
      upload(anna, changedFile(await live(), 0));
    },
  },
];

async function uploadWrongUnit({ anna, live, upload }: Stage): Promise<void> {
  upload(anna, (await live()).replace("maker_percent: 0.08", "maker_percent: 8"));
}

async function race({ anna, boris, live, upload }: Stage): Promise<void> {
  const text = await live();
  upload(anna, changedFile(text, 0));
  upload(boris, changedFile(text, 1));
}

/** Nothing that waits outlives the story. */
export function openStage(parts: StageParts): Stage {
  const { config, signal } = parts;
  // A story reads only what came after it began.
  const began = new Map([parts.anna, parts.boris].map((person) => [person, person.cursor()]));
  const live = (): Promise<string> => readFile(config.path, "utf8").catch(() => "");
  async function answer(who: Person, fits: (message: Message) => boolean): Promise<void> {
    const since = began.get(who) ?? 0;
    await who.waitFor((message, { by }) => by === "bot" && fits(message), {
      since,
      timeoutMs: answerTimeoutMs,
    });
    signal.throwIfAborted();
  }
  return {
    ...parts,
    live,
    upload(who, text) {
      who.upload(config.fileName, text, { caption: `/set_${config.id}` });
    },
    read: (who, pattern) => answer(who, ({ text }) => text !== undefined && pattern.test(text)),
    async take(who) {
      const taken = await live();
      who.send(`/get_${config.id}`);
      await answer(who, ({ document }) => document !== undefined);
      return taken;
    },
  };
}
