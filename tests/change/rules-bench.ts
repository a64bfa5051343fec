// The real core on real folders, as the bot wires it, with people who press buttons but no chats; it can end without ceremony and start again.
import { createHash } from "node:crypto";
import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Core, openCore } from "../../src/core.ts";
import type { UploadRequest } from "../../src/change/upload-request.ts";
import { type ConfigId, parseConfigId } from "../../src/model/config-id.ts";
import type { KeepEvent } from "../../src/model/keep-event.ts";
import type { Outcome } from "../../src/model/outcome.ts";
import type { Author } from "../../src/model/revision.ts";
import type { Rules } from "../../src/model/rules.ts";
import { type LocalBacking, openLocalBacking } from "../../src/store/local/local-backing.ts";
import type { LiveConfig } from "../../src/store/local/live-config.ts";

export interface RulesBench {
  readonly core: Core;
  readonly live: LiveConfig;
  /** What was told of changes that wait for Keep, since this was emptied last. */
  readonly told: KeepEvent[];
  readonly troubles: unknown[];
  /** The outcomes that were counted, in order. */
  readonly counted: string[];
  /** An attempt, and how it ended. */
  run(request: Omit<UploadRequest, keyof typeof plain | "live">): Attempted;
  read(): Promise<string>;
  edit(text: string): Promise<void>;
  lines(): Promise<readonly Record<string, unknown>[]>;
  reload(rules: Rules): Promise<void>;
  /** Ends without ceremony, and starts as the bot does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface Attempted {
  readonly outcome: Promise<Outcome>;
  /** Resolves when it waits for the lock, or has ended. */
  readonly waits: Promise<unknown>;
}

const plain = { purpose: "apply", reason: null, place: null, message: null } as const;

export const feesId: ConfigId = idOf("fees");

function idOf(name: string): ConfigId {
  const id = parseConfigId(name);
  if (id === undefined) throw new Error(`${name} is no config id`);
  return id;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function authorOf(id: number): Author {
  return { id, name: `Person ${id}` };
}

export async function openBench(folder: string, text: string, first: Rules): Promise<RulesBench> {
  const path = join(folder, "config", "fees.yml");
  for (const name of ["config", "state", "backups"]) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(path, text);
  await utimes(path, new Date(), new Date());
  const told: KeepEvent[] = [];
  const troubles: unknown[] = [];
  const counted: string[] = [];
  let onLockWait = (): void => {};
  let rules = first;
  let core: Core;
  let backing: LocalBacking;
  let live: LiveConfig;

  async function open(): Promise<void> {
    const report = (what: string, error: unknown): void => void troubles.push([what, error]);
    const places = {
      stateDir: join(folder, "state"),
      backupDir: join(folder, "backups"),
      backupsMax: 0,
    };
    backing = await openLocalBacking(places, (each) => each, report);
    core = await openCore(
      backing,
      { parkedAgeMaxMs: 86_400_000, validationTimeoutMs: 60_000, clean: (each) => each },
      {
        report,
        tellGivenUp: () => {},
        onServiceEvent: () => {},
        onEnded: () => true,
        onEvent: (event) => {
          if (event.kind === "lock_wait_began") onLockWait();
          if (event.kind === "finished") counted.push(event.outcome);
        },
        onBug: (error) => troubles.push(error),
        onKeepEvent: (event) => {
          told.push(event);
          return Promise.resolve();
        },
      },
    );
    await openConfig();
    await core.keeps.load([live]);
    core.proposals.follow({ expired: () => {}, halfTime: () => {} });
    await core.deadlines.start();
    await core.keeps.idle();
  }

  async function openConfig(): Promise<void> {
    const config = { id: feesId, fileName: "fees.yml", path, title: null };
    const [opened] = await backing.store.open([{ ...config, schema: "builtin:fees", rules }]);
    if (opened?.kind !== "opened") throw new Error("fees.yml was not opened");
    live = opened.config;
  }

  async function close(): Promise<void> {
    await core.keeps.idle();
    await core.deadlines.stop();
    await core.close();
  }

  await open();

  return {
    get core() {
      return core;
    },
    get live() {
      return live;
    },
    told,
    troubles,
    counted,
    run(request) {
      let wait = (): void => {};
      const waiting = new Promise<void>((resolve) => (wait = resolve));
      const outcome = new Promise<Outcome>((resolve, reject) => {
        onLockWait = wait;
        const started = core.uploads.start({ ...plain, ...request, live }, () => ({
          saving: () => {},
          working: () => {},
          serving: () => {},
          finished: (ended) => {
            resolve(ended);
            return Promise.resolve();
          },
        }));
        if (started.kind !== "started") reject(new Error(`an attempt was ${started.kind}`));
      });
      return { outcome, waits: Promise.race([waiting, outcome]) };
    },
    read: () => readFile(path, "utf8"),
    async edit(changed) {
      await writeFile(path, changed);
      await utimes(path, new Date(), new Date());
    },
    async lines() {
      const history = await readFile(join(folder, "state", "history", "fees.jsonl"), "utf8");
      return history
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Record<string, unknown> => JSON.parse(line));
    },
    async reload(changed) {
      rules = changed;
      await openConfig();
      await core.keeps.load([live]);
    },
    async restart() {
      await close();
      await open();
    },
    close,
  };
}
