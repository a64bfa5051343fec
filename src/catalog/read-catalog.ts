// The catalog as the settings name it: airlock.yml, or without one the two configs that come with Airlock.
import { lstatSync } from "node:fs";
import { readAirlockFile } from "./airlock-file.ts";
import type { AirlockFilePlace, Catalog } from "../model/catalog.ts";
import { builtInConfigs } from "../model/config.ts";

/**
 * @param adminIds - who may write everything; undefined where that is not known
 * @returns what the catalog says now, or one line for each thing that is wrong with it
 */
export async function readCatalog(
  { path, shownAs, named }: AirlockFilePlace,
  configDir: string,
  adminIds: readonly number[] | undefined,
): Promise<Catalog> {
  const builtIn = builtInConfigs(configDir);
  // A link that leads nowhere is there: whoever made it means a catalog.
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (named === undefined && !isThere) return { ok: true, configs: builtIn, people: [] };
  const parsed = await readAirlockFile(path, configDir, adminIds);
  if (parsed.ok) {
    const { configs, people } = parsed.file;
    return { ok: true, configs: configs.length === 0 ? builtIn : configs, people };
  }
  if (parsed.problems === undefined) {
    const got = named === undefined ? "" : `, got ${named}`;
    const problem = `${shownAs} must be a file that can be read (${parsed.unreadable})${got}`;
    return { ok: false, problems: [problem], mayNamePeople: true, found: [], total: 1 };
  }
  const { problems, mayNamePeople, found, total } = parsed;
  const lines = problems.map((problem) => `${shownAs}: ${problem}`);
  return { ok: false, problems: lines, mayNamePeople, found, total };
}
