// Reads the catalog again while the bot runs.
import { realpath } from "node:fs/promises";
import { errnoOf } from "../file/disk-error.ts";
import type { AirlockFilePlace, Catalog } from "../model/catalog.ts";
import { readCatalog } from "./read-catalog.ts";

/** @returns what reads the catalog as {@link readCatalog} does, and refuses it where `configDir` leads elsewhere than now */
export async function catalogReader(
  place: AirlockFilePlace,
  configDir: string,
  adminIds: readonly number[],
): Promise<() => Promise<Catalog>> {
  const folderAtStart = await realPathOf(configDir);
  return async () => {
    // What is managed stays where it was; a config that is new would be opened in another folder than the others.
    if ((await realPathOf(configDir)) === folderAtStart) {
      return readCatalog(place, configDir, adminIds);
    }
    return { ok: false, refusal: { code: "config_dir_moved" }, mayNamePeople: true };
  };
}

/** @returns undefined where it leads nowhere */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
