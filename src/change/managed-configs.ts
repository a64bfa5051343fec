// Which configs there are and who may do what with them, at this moment. Read at the start, and again while the bot runs: then all of
// the catalog is taken, or with any problem none. Attempts on their way go on under the rules they began with.
import type { Catalog, CatalogRefusal } from "../model/catalog.ts";
import type { Config } from "../model/config.ts";
import { createPeople, type People } from "../model/people.ts";
import type { OpenedConfig } from "../store/backing.ts";
import type { ConfigStore } from "../store/port.ts";

export interface Managed {
  readonly lives: readonly ConfigStore[];
  readonly people: People;
}

type Reread =
  | { readonly ok: true }
  /** What was in force stays so. */
  | { readonly ok: false; readonly problems: readonly CatalogRefusal[] };

export interface ManagedConfigs {
  /** What is in force at this moment. */
  readonly now: Managed;
  /** Reads the catalog again; after one that is running, if one is. */
  reread(): Promise<Reread>;
}

interface ManagedConfigsOptions {
  /** As the settings have read it. */
  readonly catalog: Extract<Catalog, { readonly ok: true }>;
  readonly adminIds: readonly number[];
  readonly readAgain: () => Promise<Catalog>;
  readonly open: (configs: readonly Config[]) => Promise<readonly OpenedConfig[]>;
}

type OpenedManaged =
  | { readonly ok: true; readonly managed: ManagedConfigs }
  | { readonly ok: false; readonly problems: readonly CatalogRefusal[] };

/** Opens what the catalog names; nothing is managed where one of the configs cannot be opened. */
export async function openManagedConfigs({
  catalog,
  adminIds,
  readAgain,
  open,
}: ManagedConfigsOptions): Promise<OpenedManaged> {
  const pathOf = new Map<string, string>();
  const first = await openAll(catalog.configs);
  if (first.problems.length > 0) return { ok: false, problems: first.problems };
  let now: Managed = { lives: first.lives, people: createPeople(adminIds, catalog.people) };
  let rereading: Promise<unknown> = Promise.resolve();

  async function openAll(configs: readonly Config[]): Promise<{
    readonly lives: readonly ConfigStore[];
    readonly problems: readonly CatalogRefusal[];
  }> {
    const lives: ConfigStore[] = [];
    const problems: CatalogRefusal[] = [];
    for (const each of await open(configs)) {
      if (each.kind === "opened") {
        lives.push(each.config);
        pathOf.set(each.config.config.id, each.config.config.path);
      } else {
        problems.push({ code: "cannot_be_opened", id: each.id, cause: each.trouble });
      }
    }
    return { lives, problems };
  }

  async function reread(): Promise<Reread> {
    const read = await readAgain();
    if (!read.ok) return { ok: false, problems: [read.refusal] };
    const problems: CatalogRefusal[] = read.configs
      .filter(({ id, path }) => pathOf.has(id) && pathOf.get(id) !== path)
      .map(({ id }) => ({ code: "file_changed", id }));
    if (adminIds.length === 0 && read.people.length === 0) {
      problems.unshift({ code: "nobody_named" });
    }
    if (problems.length > 0) return { ok: false, problems };
    const opened = await openAll(read.configs);
    if (opened.problems.length > 0) return { ok: false, problems: opened.problems };
    now = { lives: opened.lives, people: createPeople(adminIds, read.people) };
    return { ok: true };
  }

  return {
    ok: true,
    managed: {
      get now() {
        return now;
      },
      reread() {
        const reading = rereading.then(reread);
        rereading = reading.catch(() => {});
        return reading;
      },
    },
  };
}
