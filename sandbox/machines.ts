// Machines that follow a store in etcd, each with folders of its own: `airlock follow` as a process, as on a real one. The first is the
// machine of the bot too, whose folders it shares.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import {
  type AirlockProcess,
  type AirlockProcessOptions,
  createAirlockProcess,
} from "./airlock-process.ts";
import type { PlayedConfig } from "./catalog.ts";
import { changedFile } from "./examples.ts";
import type { PriceService } from "./price-service.ts";
import { type SharedStore, type StorePlace, watchStore } from "./shared-store.ts";
import {
  type FilesView,
  historyShownMax,
  mergeHistories,
  type WatchedFiles,
  watchFiles,
} from "./watched-files.ts";

/** Their processes start meanwhile, on a machine that may be busy. */
const liveTimeoutMs = 60_000;

interface MachineFolders {
  readonly config: string;
  readonly backups: string;
  readonly state: string;
}

interface ConfigOnMachine {
  readonly id: string;
  readonly fileName: string;
  /** The one that it works on, as it reported last; null before the first. */
  readonly revision: number | null;
  readonly state: "live" | "written" | "fetched" | "behind" | "failed" | "unseen";
  /** What the last change of its file brought; null where that is unknown, or the whole file. */
  readonly changedLine: string | null;
}

interface MachineView {
  readonly name: string;
  readonly process: AirlockProcess["state"];
  /** Why it ended by itself. */
  readonly problem: string | null;
  /** By the price service there. */
  readonly makerFee: string | null;
  readonly configs: readonly ConfigOnMachine[];
}

export interface Machine {
  readonly name: string;
  readonly process: AirlockProcess;
  /** Somebody changes a number of its main file, past Airlock. */
  editByHand(): Promise<void>;
}

export const machineActNames = ["start", "pause", "resume", "kill", "edit"] as const;

/** What one can do to a machine on the page. */
export const machineActs: Readonly<
  Record<(typeof machineActNames)[number], (machine: Machine) => void | Promise<void>>
> = {
  start: ({ process }) => process.start(),
  pause: ({ process }) => process.pause(),
  resume: ({ process }) => process.resume(),
  kill: ({ process }) => process.kill(),
  edit: (machine) => machine.editByHand(),
};

export interface Machines {
  readonly all: readonly Machine[];
  /** What their bot and they share. */
  readonly env: Readonly<Record<string, string>>;
  view(): readonly MachineView[];
  /** As the store has it. */
  history(): FilesView["history"];
  start(): void;
  /** Resolves when the newest revision of the main config is live everywhere, or they are closed. @throws where that takes too long */
  everywhere(): Promise<void>;
  /** Kills what runs. */
  close(): Promise<void>;
}

export interface MachinesOptions {
  readonly count: number;
  readonly store: StorePlace;
  /** Of the first; the others get theirs below `folder`. */
  readonly first: MachineFolders;
  /** Absolute; removed with them. */
  readonly folder: string;
  /** On the first machine. */
  readonly configs: readonly PlayedConfig[];
  readonly mainConfig: PlayedConfig;
  readonly service: Pick<PriceService, "serve" | "makerFee">;
  readonly process: Pick<AirlockProcessOptions, "preload" | "workingFolder"> & {
    readonly env: Readonly<Record<string, string>>;
  };
  readonly onChange: () => void;
}

interface StagedMachine extends Machine {
  readonly main: PlayedConfig;
  readonly files: WatchedFiles;
  problem: string | undefined;
}

/** None of them runs yet. */
export async function stageMachines(options: MachinesOptions): Promise<Machines> {
  const { count, store, folder, service, onChange } = options;
  const env = {
    ETCD_ENDPOINTS: store.endpoints.map(({ href }) => href).join(","),
    ETCD_PREFIX: store.prefix,
  };
  const all: StagedMachine[] = [];
  const waiting = new Set<() => void>();
  const shared = watchStore(store, {
    historyMax: historyShownMax,
    onChange() {
      onChange();
      for (const look of waiting) look();
    },
  });
  for (let n = 1; n <= count; n += 1)
    all.push(await stageMachine(`web-${n}`, n === 1, options, env));
  let closed = false;

  function isEverywhere(): boolean {
    const { id } = options.mainConfig;
    return all.every(({ name }) => standing(shared, name, id).state === "live");
  }

  return {
    all,
    env,
    view: () => all.map((machine) => machineView(machine, shared, service)),
    history: () =>
      mergeHistories(
        [...shared.facts.history].map(([config, entries]) => {
          const newest = entries[0]?.revision ?? 0;
          return { config, entries, older: newest - entries.length };
        }),
      ),
    start() {
      for (const { process } of all) process.start();
    },
    async everywhere() {
      await new Promise<void>((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = (): void => {
          if (closed || isEverywhere()) end(resolve);
        };
        const timer = setTimeout(
          () => end(() => reject(new Error("a machine does not follow the store"))),
          liveTimeoutMs,
        );
        waiting.add(look);
        look();
      });
    },
    async close() {
      closed = true;
      await shared.close();
      for (const look of waiting) look();
      await Promise.all(all.map(({ process }) => process.kill()));
      for (const { files } of all) files.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function stageMachine(
  name: string,
  isFirst: boolean,
  { first, folder, configs, mainConfig, service, process, onChange }: MachinesOptions,
  env: Readonly<Record<string, string>>,
): Promise<StagedMachine> {
  const folders = isFirst ? first : foldersBelow(join(folder, name));
  const here = ({ path, ...config }: PlayedConfig): PlayedConfig => ({
    ...config,
    path: join(folders.config, relative(first.config, path)),
  });
  const own = configs.map(here);
  for (const { path } of own) await mkdir(dirname(path), { recursive: true });
  const main = here(mainConfig);
  service.serve(main.path);
  const machine: StagedMachine = {
    name,
    main,
    problem: undefined,
    files: await watchFiles({ configs: own }, onChange),
    process: createAirlockProcess({
      ...process,
      name,
      command: ["cli.js", "follow"],
      env: () => ({
        ...process.env,
        ...env,
        MACHINE_NAME: name,
        CONFIG_DIR: folders.config,
        BACKUP_DIR: folders.backups,
        STATE_DIR: folders.state,
      }),
      onChange(problem) {
        machine.problem = problem;
        onChange();
      },
    }),
    async editByHand() {
      await writeFile(main.path, changedFile(await readFile(main.path, "utf8"), 1));
    },
  };
  return machine;
}

function foldersBelow(folder: string): MachineFolders {
  return {
    config: join(folder, "config"),
    backups: join(folder, "backups"),
    state: join(folder, "state"),
  };
}

function machineView(
  { name, process, problem, files, main }: StagedMachine,
  shared: SharedStore,
  service: Pick<PriceService, "makerFee">,
): MachineView {
  return {
    name,
    process: process.state,
    problem: problem ?? null,
    makerFee: service.makerFee(main.path),
    configs: files.view().live.map(({ id, fileName, lines, changed, lineCount }) => {
      const [line] = changed.length < lineCount ? changed : [];
      const changedLine = line === undefined ? null : (lines[line] ?? null);
      return { id, fileName, ...standing(shared, name, id), changedLine };
    }),
  };
}

/** As the bot tells it. */
function standing(
  { facts: { newest, reports, last } }: SharedStore,
  name: string,
  id: string,
): Pick<ConfigOnMachine, "revision" | "state"> {
  const revision = last.get(name)?.configs[id]?.revision ?? null;
  const report = reports.get(name);
  if (report === undefined) return { revision, state: "unseen" };
  const found = report.configs[id];
  if (found !== undefined && found.problem !== null) return { revision, state: "failed" };
  const isNewest = found !== undefined && found.revision === newest.get(id);
  return { revision, state: (isNewest ? found.stage : null) ?? "behind" };
}
