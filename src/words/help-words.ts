// /help: what each verb does, said once, with the commands of all configs that this person may use it on.
import type { Config } from "../model/config.ts";
import { type ConfigCommand, configCommands, neededForCommand } from "../model/config-command.ts";
import { isEnough } from "../model/people.ts";
import { code, type Line, same, type Spoken, t } from "./line.ts";
import { type AllowedConfig, greeting, statusHelp } from "./overview-words.ts";

const freezing: Spoken = {
  en: t`Refuse every change for a while, such as ${code("2h")}, or allow them again`,
  ru: t`Запретить изменения на время, например на ${code("2h")}, и снять запрет`,
};

/** Commands that have one text share its line. */
const does: Readonly<Record<ConfigCommand, Spoken>> = {
  set: {
    en: t`Replace a file with one that you send; or, followed by a path and a value such as ${code("maker_percent 0.09")}, only that value`,
    ru: t`Заменить файл присланным. С путём и значением, например ${code("maker_percent 0.09")}, — только это значение`,
  },
  get: {
    en: "Download what is live, or an older revision by its number",
    ru: "Скачать действующий файл или прежнюю ревизию по номеру",
  },
  check: {
    en: "Check a file and see what it would change; nothing is saved",
    ru: "Проверить файл и увидеть, что он изменит; ничего не сохраняется",
  },
  diff: {
    en: "What changed since the previous revision, or an older one",
    ru: "Что изменилось с предыдущей ревизии или с более старой",
  },
  history: { en: "Who changed what, and when", ru: "Кто, что и когда менял" },
  chart: { en: "A number over time, as a picture", ru: "График числа по времени" },
  rollback: {
    en: "Go back to the previous revision, or an older one",
    ru: "Откатить файл к предыдущей ревизии или к более старой",
  },
  schedule: {
    en: t`Replace a file later, such as at ${code("2026-12-01T00:00")}`,
    ru: t`Заменить файл позже, например в ${code("2026-12-01T00:00")}`,
  },
  freeze: freezing,
  unfreeze: freezing,
  schema: {
    en: "A schema for your editor: what a file may hold",
    ru: "Схема для редактора — что может быть в файле",
  },
};

/** In one line, so that none is too long for a message. */
const commandsPerLineMax = 20;

export function helpLines(allowed: readonly AllowedConfig[]): readonly Line[] {
  const maySet = allowed.some(({ role }) => role === "write");
  return [
    greeting(allowed),
    same(""),
    ...[...new Set(Object.values(does))].flatMap((said) => {
      const commands = configCommands.filter((command) => does[command] === said);
      const needed = commands.map((command) => neededForCommand[command]);
      const configs = allowed
        .filter(({ role }) => needed.every((each) => isEnough(role, each)))
        .map(({ config }) => config);
      if (configs.length === 0) return [];
      return [{ en: t`${said}:`, ru: t`${said}:` }, ...commandLines(commands, configs)];
    }),
    same(""),
    statusHelp,
    {
      en: "/pending – changes that wait for a decision, or for their time",
      ru: "/pending — что ждёт решения или своего времени",
    },
    ...(maySet
      ? [
          {
            en: "/cancel – end the question or the upload in progress",
            ru: "/cancel — прервать начатое",
          },
        ]
      : []),
    {
      en: "/mute and /unmute – notices of other admins' changes, off and on",
      ru: "/mute и /unmute — выключить и включить уведомления о чужих изменениях",
    },
    { en: "/language – English or Russian", ru: "/language — русский или английский" },
    { en: "/whoami – your id and what you may do", ru: "/whoami — ваш id и ваши права" },
    ...(maySet
      ? [
          same(""),
          {
            en: "You can also send a file with /set_… as its caption; whatever you write after the command is kept as the reason. Or just send the file, and choose.",
            ru: "Можно прислать файл с подписью /set_…; всё после команды сохранится как причина. Или просто пришлите файл и выберите.",
          },
        ]
      : []),
  ];
}

function commandLines(named: readonly string[], configs: readonly Config[]): readonly Line[] {
  const commands = configs.flatMap(({ id }) => named.map((verb) => `/${verb}_${id}`));
  const lines: string[] = [];
  for (let from = 0; from < commands.length; from += commandsPerLineMax) {
    lines.push(commands.slice(from, from + commandsPerLineMax).join(" "));
  }
  return lines.map(same);
}
