// What the sandbox is played on: the configs that come with Airlock, or somebody's own, copied so that nothing of theirs is changed.
import { cp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { readAirlockFile } from "../src/catalog/airlock-file.ts";
import { catalogRefusalLines } from "../src/words/catalog-refusal-words.ts";
import { projectRoot } from "./project-root.ts";

/** A catalog of one's own. */
export interface OwnCatalog {
  /** Absolute. */
  readonly airlockFile: string;
  /** As it was named, for problems. */
  readonly shownAs: string;
  /** Absolute. */
  readonly configDir: string;
}

export interface PlayedConfig {
  readonly id: string;
  readonly fileName: string;
  /** Of the copy. */
  readonly path: string;
}

export type OpenedCatalog =
  | {
      readonly kind: "opened";
      readonly configs: readonly PlayedConfig[];
      /** The first one: the stories are about it. */
      readonly mainConfig: PlayedConfig;
    }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

const copiedExtensions = new Set([".yml", ".yaml", ".json"]);

/**
 * Copies the configs into `folder`, which is created. The catalog and its schemas are read where they are: nobody writes to them, and
 * a bot that is started again takes what was changed in them meanwhile.
 * @returns the configs, or one line for each problem
 */
export async function openCatalog(
  own: OwnCatalog | undefined,
  folder: string,
): Promise<OpenedCatalog> {
  const from = own?.configDir ?? join(projectRoot, "config");
  const problems: string[] = [];
  if (await isFolder(from)) {
    await mkdir(folder);
    // Links are followed, so that no change in the sandbox reaches what they point to.
    await cp(from, folder, {
      recursive: true,
      dereference: true,
      filter: async (path) => (await isFolder(path)) || copiedExtensions.has(extname(path)),
    });
  } else {
    problems.push(
      `There is no folder ${from}. Name the one that your configs are in with --config-dir.`,
    );
  }
  const read =
    own === undefined ? undefined : await readAirlockFile(own.airlockFile, folder, undefined);
  if (own !== undefined && read?.ok === false) {
    const place = { path: own.airlockFile, shownAs: own.shownAs, named: undefined };
    problems.push(...catalogRefusalLines(place, read.refusal));
  }
  if (problems.length > 0) return { kind: "problems", problems };
  const named = read?.ok === true ? read.configs : [];
  const configs = named.length > 0 ? named : await builtInConfigs(folder);
  const [mainConfig] = configs;
  if (mainConfig === undefined) {
    return { kind: "problems", problems: [`There is no config in ${from}.`] };
  }
  return { kind: "opened", configs, mainConfig };
}

/**
 * Gives the `fees.yml` that comes with Airlock these rules, from the bot's next start on. It finds its catalog in the folder where it
 * is started; without rules there is none.
 */
export async function writeRules(folder: string, rules: string | undefined): Promise<void> {
  const airlockFile = join(folder, "airlock.yml");
  if (rules === undefined) return rm(airlockFile, { force: true });
  await writeFile(
    airlockFile,
    `configs:
  fees: { file: fees.yml, schema: builtin:fees, ${rules} }
  rates: { file: rates.yml, schema: builtin:rates }
`,
  );
}

/** Those that come with Airlock are named like their files. */
async function builtInConfigs(folder: string): Promise<readonly PlayedConfig[]> {
  const names = (await readdir(folder)).filter((name) => extname(name) === ".yml").toSorted();
  return names.map((fileName) => ({
    id: fileName.slice(0, -".yml".length),
    fileName,
    path: join(folder, fileName),
  }));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
