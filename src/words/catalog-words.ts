// What is wrong with the catalog, in words: after the path of the value that it is about.
import type { CatalogFaults, PlainCatalogFault } from "../model/catalog-fault.ts";
import { code, countRu, type Spoken, t } from "./line.ts";
import { andMore } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";
import { troubleLine } from "./trouble-words.ts";

export const plainCatalogFaults: Readonly<Record<PlainCatalogFault, Spoken>> = {
  not_config_id: {
    en: "must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
    ru: "нужно от 1 до 20 строчных латинских букв, цифр и подчёркиваний, первой — буква",
  },
  not_config_or_all: {
    en: "must be the id of a config, or * for every config",
    ru: "нужен id конфига или * для всех",
  },
  not_user_id: {
    en: "must be a numeric Telegram user id",
    ru: "нужен числовой id пользователя Telegram",
  },
  names_no_config: {
    en: "must name at least one config",
    ru: "должен быть указан хотя бы один конфиг",
  },
  outside_config_dir: {
    en: "must be a file in CONFIG_DIR, and nowhere else",
    ru: "файл должен лежать в CONFIG_DIR и нигде больше",
  },
  not_config_file_name: {
    en: "must end in .yml, .yaml or .json",
    ru: "имя должно заканчиваться на .yml, .yaml или .json",
  },
  hidden_file: {
    en: "must not begin with a dot: such names are for temporary files",
    ru: "имя не может начинаться с точки: такие файлы временные",
  },
  folder_as_file: { en: "must be a file, but is a folder", ru: "нужен файл, а это папка" },
};

export const catalogFaults: Sentences<CatalogFaults> = {
  too_many_configs: ({ max }) => ({
    en: t`must have at most ${max} configs`,
    ru: t`конфигов может быть не больше ${max}`,
  }),
  too_many_people: ({ max }) => ({
    en: t`must have at most ${max} people`,
    ru: t`людей может быть не больше ${max}`,
  }),
  folder_missing: ({ folder }) => ({
    en: t`must be in a folder that exists: there is no ${code(folder)} in CONFIG_DIR`,
    ru: t`папка должна существовать, а в CONFIG_DIR нет ${code(folder)}`,
  }),
  folder_leads_out: ({ folder }) => ({
    en: t`must be in CONFIG_DIR, but ${code(folder)} is a link that leads out of it`,
    ru: t`файл должен лежать в CONFIG_DIR, а ссылка ${code(folder)} ведёт наружу`,
  }),
  file_taken: ({ by }) => ({
    en: t`is already the file of ${code(by)}`,
    ru: t`это уже файл конфига ${code(by)}`,
  }),
  unknown_config: ({ meant }) => ({
    en: t`is not a config in this file${meant === null ? "" : t`: did you mean ${code(meant)}?`}`,
    ru: t`такого конфига в этом файле нет${meant === null ? "" : t`: может быть, ${code(meant)}?`}`,
  }),
  unknown_schema: ({ builtIn }) => ({
    en: t`must be a file, or one of ${builtIn.join(", ")}`,
    ru: t`нужен файл или одно из: ${builtIn.join(", ")}`,
  }),
  too_many_schema_files: ({ max }) => ({
    en: t`must be split into at most ${max} files`,
    ru: t`схема может состоять не больше чем из ${countRu(max, "файла", "файлов", "файлов")}`,
  }),
  schema_not_found: ({ reference }) => ({
    en: t`refers to ${code(reference)}, which is not a file in its folder or below, and nothing is downloaded`,
    ru: t`схема ссылается на ${code(reference)}, а такого файла нет ни в её папке, ни глубже; из сети ничего не загружается`,
  }),
  place_not_found: ({ reference }) => ({
    en: t`refers to ${code(reference)}, but there is no such place in that schema`,
    ru: t`схема ссылается на ${code(reference)}, а такого места там нет`,
  }),
  schema_unreadable: ({ trouble }) => ({
    en: t`must be a file that can be read (${troubleLine(trouble)})`,
    ru: t`нужен файл, который можно прочесть (${troubleLine(trouble)})`,
  }),
  other_dialect: ({ dialect, only }) => ({
    en: t`is written for ${dialect}, but only ${only} is supported`,
    ru: t`схема написана для ${dialect}, а поддерживается только ${only}`,
  }),
  and_more: ({ count }) => andMore(count),
};
