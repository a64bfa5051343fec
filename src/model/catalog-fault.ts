// What is wrong with the catalog itself, beyond its shape: where files are, which configs there are, the schemas that it names.
import type { Trouble } from "./trouble.ts";

export type PlainCatalogFault =
  | "not_config_id"
  | "not_config_or_all"
  | "not_user_id"
  | "names_no_config"
  | "outside_config_dir"
  | "not_config_file_name"
  | "hidden_file"
  | "folder_as_file";

export interface CatalogFaults {
  readonly too_many_configs: { readonly max: number };
  readonly too_many_people: { readonly max: number };
  readonly folder_missing: { readonly folder: string };
  readonly folder_leads_out: { readonly folder: string };
  readonly file_taken: { readonly by: string };
  /** `meant` is the one that differs by a typo. */
  readonly unknown_config: { readonly meant: string | null };
  readonly unknown_schema: { readonly builtIn: readonly string[] };
  readonly too_many_schema_files: { readonly max: number };
  readonly schema_not_found: { readonly reference: string };
  readonly place_not_found: { readonly reference: string };
  readonly schema_unreadable: { readonly trouble: Trouble };
  readonly other_dialect: { readonly dialect: string; readonly only: string };
  /** So many more of the same schema are not listed. */
  readonly and_more: { readonly count: number };
}
