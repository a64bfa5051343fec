// What is wrong with the catalog, in words: after the path of the value that it is about.
import type { CatalogFaults, PlainCatalogFault } from "../model/catalog-fault.ts";
import { andMore } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";
import { troubleText } from "./trouble-words.ts";

export const plainCatalogFaults: Readonly<Record<PlainCatalogFault, string>> = {
  not_config_id:
    "must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
  not_config_or_all: "must be the id of a config, or * for every config",
  not_user_id: "must be a numeric Telegram user id",
  names_no_config: "must name at least one config",
  outside_config_dir: "must be a file in CONFIG_DIR, and nowhere else",
  not_config_file_name: "must end in .yml, .yaml or .json",
  hidden_file: "must not begin with a dot: such files are temporary ones",
  folder_as_file: "must be a file, and is a folder",
};

export const catalogFaults: Sentences<CatalogFaults> = {
  too_many_configs: ({ max }) => `must be at most ${max} configs`,
  too_many_people: ({ max }) => `must be at most ${max} people`,
  folder_missing: ({ folder }) =>
    `must be in a folder that exists: there is no ${folder} in CONFIG_DIR`,
  folder_leads_out: ({ folder }) =>
    `must be in CONFIG_DIR, and ${folder} is a link that leads out of it`,
  file_taken: ({ by }) => `is the file of ${by} already`,
  unknown_config: ({ meant }) =>
    `is not a config of this file${meant === null ? "" : `: did you mean ${meant}?`}`,
  unknown_schema: ({ builtIn }) => `must be a file, or one of ${builtIn.join(", ")}`,
  too_many_schema_files: ({ max }) => `must be split into at most ${max} files`,
  schema_not_found: ({ reference }) =>
    `refers to ${reference}, which is not a file in its folder or below, and nothing is downloaded`,
  place_not_found: ({ reference }) =>
    `refers to ${reference}, and there is no such place in that schema`,
  schema_unreadable: ({ trouble }) => `must be a file that can be read (${troubleText(trouble)})`,
  other_dialect: ({ dialect, only }) => `is written for ${dialect}, and only ${only} is read`,
  and_more: ({ count }) => andMore(count),
};
