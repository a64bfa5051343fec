// The rules: which configs there are, and who may do what with them. Read at the start, and again while the bot runs: then all of
// the catalog is taken, or with any problem none. Uploads on their way go on under the rules they began with; they share lock,
// history and backups with the view of the config that comes after them.
import { realpath } from "node:fs/promises";
import { listBackups } from "../store/local/backups.ts";
import type { Config } from "../model/config.ts";
import type { LiveConfig } from "../store/local/live-config.ts";
import { localConfig } from "../store/local/local-config.ts";
import { type LiveConfigPlaces, openLiveConfig } from "../store/local/open-config.ts";
import { createPeople, type People, type Person } from "../model/people.ts";
import { diskReason, errnoOf } from "../file/disk-error.ts";
import type { AirlockFilePlace } from "../model/catalog.ts";
import { readCatalog } from "./read-catalog.ts";

export interface Rules {
  readonly lives: readonly LiveConfig[];
  readonly people: People;
}

type Reread =
  | { readonly ok: true }
  /** One line each; the rules stay as they were. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface RulesKeeper {
  /** Those in force at this moment. */
  readonly now: Rules;
  /** Reads the catalog again; after one that is running, if one is. */
  reread(): Promise<Reread>;
}

/** What the settings say of configs and people, and where the catalog is. */
export interface RulesSource {
  readonly configs: readonly Config[];
  readonly people: readonly Person[];
  readonly adminIds: readonly number[];
  readonly airlockFile: AirlockFilePlace;
  readonly configDir: string;
}

/**
 * Opens every config of the settings.
 * @throws where a folder cannot be read at all
 */
export async function openRules(
  { configs, people, adminIds, airlockFile, configDir }: RulesSource,
  places: Omit<LiveConfigPlaces, "backupNames">,
): Promise<RulesKeeper> {
  const placesNow = async (): Promise<LiveConfigPlaces> => ({
    ...places,
    backupNames: await listBackups(places.backupDir),
  });
  const configDirAtStart = await realPathOf(configDir);
  const startPlaces = await placesNow();
  const lives = await Promise.all(configs.map((config) => openLiveConfig(config, startPlaces)));
  /** Every config that was opened since the start: one that comes back has its lock and history still. */
  const opened = new Map(lives.map((live) => [live.config.id, live]));
  let now: Rules = { lives, people: createPeople(adminIds, people) };
  let rereading: Promise<unknown> = Promise.resolve();

  async function reread(): Promise<Reread> {
    // What is managed stays where it was; a config that is new would be opened in another folder than the others.
    if ((await realPathOf(configDir)) !== configDirAtStart) {
      return { ok: false, problems: [configDirMoved] };
    }
    const catalog = await readCatalog(airlockFile, configDir);
    if (!catalog.ok) return catalog;
    const problems: string[] = [];
    const wrong = (problem: string): void => {
      problems.push(`${airlockFile.shownAs}: ${problem}`);
    };
    if (adminIds.length === 0 && catalog.people.length === 0) {
      wrong("people: must name somebody, because ADMIN_IDS names nobody");
    }
    for (const { id, path } of catalog.configs) {
      const before = opened.get(id)?.config.path;
      if (before !== undefined && before !== path) {
        wrong(`configs.${id}.file: cannot change while the bot runs (restart it for that)`);
      }
    }
    if (problems.length > 0) return { ok: false, problems };
    const next: LiveConfig[] = [];
    for (const config of catalog.configs) {
      try {
        const before = opened.get(config.id);
        next.push(
          before === undefined
            ? await openLiveConfig(config, await placesNow())
            : localConfig({ ...before, config }, places),
        );
      } catch (error) {
        const reason = diskReason(error);
        if (reason === undefined) throw error;
        wrong(`configs.${config.id}: cannot be opened: ${reason}`);
      }
    }
    for (const live of next) opened.set(live.config.id, live);
    if (problems.length > 0) return { ok: false, problems };
    now = { lives: next, people: createPeople(adminIds, catalog.people) };
    return { ok: true };
  }

  return {
    get now() {
      return now;
    },
    reread() {
      const reading = rereading.then(reread);
      rereading = reading.catch(() => {});
      return reading;
    },
  };
}

const configDirMoved =
  "CONFIG_DIR leads to another folder than when the bot started, or to none (turn its link back, or restart the bot)";

/** @returns undefined where it leads nowhere */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
