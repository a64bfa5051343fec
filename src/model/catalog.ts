// The catalog: which configs there are, and who may do what with them; and where it is read from.
import type { Problem } from "./problem.ts";
import type { Config } from "./config.ts";
import type { Person } from "./people.ts";
import type { Trouble } from "./trouble.ts";

/** Where the catalog is. */
export interface AirlockFilePlace {
  /** Absolute. */
  readonly path: string;
  /** As problems with it begin: `airlock.yml`, or the variable that names another file. */
  readonly shownAs: string;
  /** As the operator wrote it, to be shown; undefined for the standard one, which may be missing: then the two configs that come with Airlock are managed. */
  readonly named: string | undefined;
}

export type Catalog =
  | { readonly ok: true; readonly configs: readonly Config[]; readonly people: readonly Person[] }
  | UnreadCatalog;

export interface UnreadCatalog {
  readonly ok: false;
  readonly refusal: Extract<CatalogRefusal, { code: "wrong" | "unreadable" | "config_dir_moved" }>;
  /** Its content is not known well enough to say that it names nobody. */
  readonly mayNamePeople: boolean;
}

/** Why a catalog is not taken. */
export type CatalogRefusal =
  /** `found` are the first problems of `total`. */
  | { readonly code: "wrong"; readonly found: readonly Problem[]; readonly total: number }
  | { readonly code: "unreadable"; readonly trouble: Trouble }
  /** CONFIG_DIR leads to a different folder than when the bot started. */
  | { readonly code: "config_dir_moved" }
  | { readonly code: "cannot_be_opened"; readonly id: string; readonly cause: Trouble }
  /** A config that is managed already has another file in it. */
  | { readonly code: "file_changed"; readonly id: string }
  | { readonly code: "nobody_named" };

/**
 * @param configDir - the folder that every config is in
 * @param adminIds - who may write everything; undefined where that is not known, and no rule is held against it
 */
export type ReadCatalog = (
  place: AirlockFilePlace,
  configDir: string,
  adminIds: readonly number[] | undefined,
) => Promise<Catalog>;
