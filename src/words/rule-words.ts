// What is wrong with the rules of a config, in words: after the path of the value that it is about.
import type { PlainRuleFault, RuleFaults } from "../model/rule-fault.ts";
import { code, countEn, countRu, formRu, type Phrase, type Spoken, t } from "./line.ts";
import type { Sentences } from "./sentences.ts";

const address: Spoken = {
  en: "must be an http or https address such as http://127.0.0.1:8080/config",
  ru: "нужен адрес http или https, например http://127.0.0.1:8080/config",
};

export const plainRuleFaults: Readonly<Record<PlainRuleFault, Spoken>> = {
  not_time: {
    en: "must be a time such as 30s, 10m, 24h or 7d",
    ru: "нужна длительность, например 30s, 10m, 24h или 7d",
  },
  no_time: { en: "must be longer than 0", ru: "должно быть больше 0" },
  not_amount: {
    en: "must be a percentage such as 50%, a factor such as 3x, or a number above 0 such as 0.05",
    ru: "нужен процент (например, 50%), множитель (3x) или число больше 0 (0.05)",
  },
  no_amount: {
    en: "must be above 0, or no change could pass",
    ru: "должно быть больше 0, иначе не пройдёт ни одно изменение",
  },
  no_factor: {
    en: "must be above 1x, or no change could pass",
    ru: "должно быть больше 1x, иначе не пройдёт ни одно изменение",
  },
  argument_no_text: {
    en: "must be text (put it in quotes)",
    ru: "нужен текст (возьмите его в кавычки)",
  },
  argument_with_nul: {
    en: "must not contain a NUL character",
    ru: "не может содержать символ NUL",
  },
  no_program: { en: "must name a program", ru: "должна быть указана программа" },
  not_argv: {
    en: "must be a list such as [systemctl, reload, exchange]",
    ru: "нужен список, например [systemctl, reload, exchange]",
  },
  not_address: address,
  address_with_user: {
    en: t`${address}, without a user or a password`,
    ru: t`${address}, без имени пользователя и пароля`,
  },
  not_comparison: {
    en: "must be a comparison with a number, such as > 5",
    ru: "нужно сравнение с числом, например > 5",
  },
  never_asked: {
    en: "must be no longer than during, or the guard would never ask",
    ru: "должно быть не больше during, иначе guard ни разу не отправит запрос",
  },
};

export const ruleFaults: Sentences<RuleFaults> = {
  time_too_long: ({ daysMax }) => ({
    en: `must be at most ${daysMax}d`,
    ru: `должно быть не больше ${daysMax}d`,
  }),
  not_path: ({ why, at }) => {
    const hint = pathHint(why, at);
    return {
      en: t`must be a path such as **.*_percent or tiers[2].maker_percent${hint}`,
      ru: t`нужен путь, например **.*_percent или tiers[2].maker_percent${hint}`,
    };
  },
  person_named_twice: ({ person }) => ({
    en: t`${person} is named twice`,
    ru: t`${person} встречается дважды`,
  }),
  unknown_person: ({ person }) => ({
    en: t`${person} is named neither in ADMIN_IDS nor under people in this file`,
    ru: t`${person} нет ни в ADMIN_IDS, ни в people этого файла`,
  }),
  may_not_read: ({ name, config }) => ({
    en: t`${name} may not even read ${code(config)}`,
    ru: t`${name} не может даже читать ${code(config)}`,
  }),
  too_few_approvers: ({ asked, author, others }) => ({
    en: t`cannot be ${asked}: a change by ${author} could be approved by ${others === 0 ? "nobody else" : `only ${countEn(others, "other person", "other people")}`}`,
    ru: t`не может быть ${asked}: изменение (${author}) ${others === 0 ? "больше некому одобрить" : `${formRu(others, "может", "могут", "могут")} одобрить только ${countRu(others, "другой человек", "других человека", "других человек")}`}`,
  }),
};

function pathHint(why: RuleFaults["not_path"]["why"], at: number): Phrase {
  switch (why) {
    case "no_path":
      return "";
    case "shortened":
      return {
        en: ": write * where the path is shortened with …",
        ru: ": вместо … напишите *",
      };
    case "no_name":
      return {
        en: `: a name is missing at character ${at}`,
        ru: `: в позиции ${at} нет имени`,
      };
    case "in_brackets":
      return {
        en: `: between [ and ] must be a number, * or a key in double quotes, at character ${at}`,
        ru: `: между [ и ] нужно число, * или ключ в двойных кавычках, позиция ${at}`,
      };
    case "asterisks":
      return {
        en: `: ** must stand by itself between dots, at character ${at}`,
        ru: `: ** пишется отдельно между точками, позиция ${at}`,
      };
    case "bare_key":
      return {
        en: `: a key with spaces, quotes or brackets is written as ["the key"], at character ${at}`,
        ru: `: ключ с пробелами, кавычками или скобками пишется как ["the key"], позиция ${at}`,
      };
    default:
      return why satisfies never;
  }
}
