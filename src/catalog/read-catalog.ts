// The catalog as the settings name it: airlock.yml, or without one the two configs that come with Airlock.
import { lstatSync } from "node:fs";
import type { AirlockFilePlace, Catalog } from "../model/catalog.ts";
import { builtInConfigs } from "../model/config.ts";

/**
 * @param adminIds - who may write everything; undefined where that is not known
 * @returns what the catalog says now, or why it cannot be taken
 */
export async function readCatalog(
  { path, named }: AirlockFilePlace,
  configDir: string,
  adminIds: readonly number[] | undefined,
): Promise<Catalog> {
  const builtIn = builtInConfigs(configDir);
  // A link that leads nowhere is there: whoever made it means a catalog.
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (named === undefined && !isThere) return { ok: true, configs: builtIn, people: [] };
  // Without the file nobody waits for the parsers that read it.
  const { readAirlockFile } = await import("./airlock-file.ts");
  const parsed = await readAirlockFile(path, configDir, adminIds);
  if (!parsed.ok || parsed.configs.length > 0) return parsed;
  return { ...parsed, configs: builtIn };
}
