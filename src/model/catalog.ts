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
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      /** Its content is not known well enough to say that it names nobody. */
      readonly mayNamePeople: boolean;
      /** Those that have a place in the file; `total` counts all, of which these may be the first. */
      readonly found: readonly Problem[];
      readonly total: number;
    };

/** Why a catalog is not taken. */
export type CatalogRefusal =
  /** It cannot be read: what is wrong with it, in a line. */
  | { readonly code: "unread"; readonly line: string }
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
