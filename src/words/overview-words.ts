// Overviews: what is live, what a person may do here, who they are, and the command menu.
import type { ConfigCommand } from "../model/config-command.ts";
import type { Config } from "../model/config.ts";
import type { Revision } from "../model/revision.ts";
import { type Role, roles } from "../model/people.ts";
import type { Trouble } from "../model/trouble.ts";
import type { ServiceState } from "../model/service-proof.ts";
import type { Spread } from "../model/machine.ts";
import { spreadLines } from "./machine-words.ts";
import { serviceStatus } from "./service-words.ts";
import { frozenStatus } from "./freeze-words.ts";
import { troubleLine } from "./trouble-words.ts";
import {
  code,
  countEn,
  countRu,
  type Line,
  type Phrase,
  same,
  type Spoken,
  t,
  time,
} from "./line.ts";
import { duration } from "./numbers.ts";
import type { Text } from "./text.ts";
import { whoLine } from "./history-words.ts";

/** More names are better counted than read. */
const namesListedMax = 10;
/** Of file names, which have at most 255 characters, in one line of a message. */
const namesPerLineMax = 12;

/** `fees.yml, rates.yml and limits.yml`. */
function listOf(names: readonly string[]): Spoken {
  if (names.length > namesListedMax) {
    const number = names.length;
    return { en: countEn(number, "config"), ru: countRu(number, "конфиг", "конфига", "конфигов") };
  }
  const listIn = (word: string): Phrase =>
    names.map((name, index) => {
      const isLast = index === names.length - 1;
      const before = index === 0 ? "" : isLast ? ` ${word} ` : ", ";
      return [before, code(name)];
    });
  return { en: listIn("and"), ru: listIn("и") };
}

export interface ConfigStatus {
  readonly fileName: string;
  readonly last: Revision | undefined;
  /** When it was changed on disk since, ISO 8601. */
  readonly changedOnDiskAt: string | undefined;
  readonly missing: boolean;
  /** Why it cannot be read. */
  readonly trouble: Trouble | undefined;
  /** Who is saving it now. */
  readonly savedBy: string | undefined;
  /** What is known of its service; undefined where it has none, or was not asked yet. */
  readonly service: ServiceState | undefined;
  /** How far the newest revision has come; undefined where no machines follow. */
  readonly spread: Spread | undefined;
  /** In force now. */
  readonly freeze: Parameters<typeof frozenStatus>[0] | undefined;
}

function configStatus(status: ConfigStatus): readonly Line[] {
  const { last } = status;
  const service = status.service && serviceStatus(status.service, last);
  return [
    revisionLine(status.fileName, last),
    ...(status.missing ? [{ en: "  the file is missing", ru: "  файла нет" }] : []),
    ...(status.changedOnDiskAt === undefined
      ? []
      : [
          {
            en: t`  changed on disk since: ${time(status.changedOnDiskAt)}`,
            ru: t`  с тех пор изменён на сервере: ${time(status.changedOnDiskAt)}`,
          },
        ]),
    ...(status.trouble === undefined ? [] : [unreadableLine(status.trouble)]),
    ...(service === undefined ? [] : [indented(service)]),
    ...(status.spread === undefined ? [] : spreadLines(status.spread, false).map(indented)),
    ...(status.freeze === undefined ? [] : [indented(frozenStatus(status.freeze))]),
    ...(status.savedBy === undefined
      ? []
      : [
          {
            en: `  ${status.savedBy} is saving it now`,
            ru: `  сейчас сохраняет ${status.savedBy}`,
          },
        ]),
  ];
}

function revisionLine(fileName: string, last: Revision | undefined): Line {
  const name = code(fileName);
  if (last === undefined) {
    return { en: t`${name}: no revision yet`, ru: t`${name}: ревизий пока нет` };
  }
  const [at, who] = [time(last.at), whoLine(last)];
  return {
    en: t`${name}: revision ${last.revision}, ${at}, ${who}`,
    ru: t`${name}: ревизия ${last.revision}, ${at}, ${who}`,
  };
}

function unreadableLine(trouble: Trouble): Line {
  const why = troubleLine(trouble);
  return { en: t`  cannot be read: ${why}`, ru: t`  не читается: ${why}` };
}

function indented(line: Line): Line {
  return { en: ["  ", line], ru: ["  ", line] };
}

export function statusLines(
  configs: readonly ConfigStatus[],
  version: string,
  uptimeMs: number,
): readonly Line[] {
  const uptime = duration(uptimeMs);
  return [
    ...configs.flatMap(configStatus),
    same(""),
    {
      en: t`Airlock ${version}, up for ${uptime}`,
      ru: t`Airlock ${version}, работает ${uptime}`,
    },
  ];
}

/** A config that a person may do something with. */
export interface AllowedConfig {
  readonly config: Config;
  readonly role: Role;
}

/** Of the commands that begin with this, so many are named. */
const commandsNamedMax = 3;

function settable(allowed: readonly AllowedConfig[]): readonly Config[] {
  return allowed.filter(({ role }) => role === "write").map(({ config }) => config);
}

/** What this person may do here. */
export function greeting(allowed: readonly AllowedConfig[]): Line {
  const set = settable(allowed).map(({ fileName }) => fileName);
  if (set.length > 0) {
    const names = listOf(set);
    return {
      en: t`You can change ${names} of the live service here. Every file is checked first, and the previous version is backed up.`,
      ru: t`Здесь можно менять ${names} работающего сервиса. Каждый файл сначала проверяется, а прежняя версия сохраняется.`,
    };
  }
  const names = listOf(allowed.map(({ config }) => config.fileName));
  return {
    en: t`You can look at ${names} of the live service here.`,
    ru: t`Здесь можно смотреть ${names} работающего сервиса.`,
  };
}

function commandsOf(verb: string, configs: readonly Config[]): string {
  const named = configs.slice(0, commandsNamedMax).map(({ id }) => `/${verb}_${id}`);
  return [...named, ...(configs.length > commandsNamedMax ? ["…"] : [])].join(", ");
}

export const statusHelp: Line = {
  en: "/status – what is live, since when, and who is saving",
  ru: "/status — что сейчас действует, с каких пор и кто сохраняет",
};

/** What somebody needs to begin: six lines at the most. */
export function startLines(allowed: readonly AllowedConfig[]): readonly Line[] {
  const set = settable(allowed);
  const read = allowed.map(({ config }) => config);
  const [setting, getting] = [commandsOf("set", set), commandsOf("get", read)];
  return [
    greeting(allowed),
    same(""),
    ...(set.length === 0
      ? []
      : [
          {
            en: `${setting} – replace a file; or just send the file, and choose`,
            ru: `${setting} — заменить файл; или просто пришлите файл и выберите`,
          },
        ]),
    {
      en: `${getting} – download what is live`,
      ru: `${getting} — скачать то, что сейчас действует`,
    },
    statusHelp,
    {
      en: "/help – everything that you can do here",
      ru: "/help — всё, что здесь можно делать",
    },
  ];
}

const roleNames: Readonly<Record<Role, Spoken>> = {
  read: { en: "read", ru: "чтение" },
  write: { en: "write", ru: "изменение" },
};

export function whoAmILines(id: number, allowed: readonly AllowedConfig[]): readonly Line[] {
  const roleLines = roles.toReversed().flatMap((role) => {
    const names = allowed.filter((each) => each.role === role).map(({ config }) => config.fileName);
    return wrapped(names).map((few): Line => {
      const list = few.map((name, index): Phrase => [index === 0 ? "" : ", ", code(name)]);
      return {
        en: t`Your role: ${roleNames[role]} (${list}).`,
        ru: t`Ваши права: ${roleNames[role]} (${list}).`,
      };
    });
  });
  return [{ en: t`Your id is ${code(id)}.`, ru: t`Ваш id: ${code(id)}.` }, ...roleLines];
}

/** As one line, or where it would be too long for a message as several that are not. */
function wrapped(names: readonly string[]): readonly (readonly string[])[] {
  const lines: (readonly string[])[] = [];
  for (let from = 0; from < names.length; from += namesPerLineMax) {
    lines.push(names.slice(from, from + namesPerLineMax));
  }
  return lines;
}

export function whoAmIStranger(id: number): Text {
  return [
    { en: t`Your id is ${code(id)}.`, ru: t`Ваш id: ${code(id)}.` },
    {
      en: "You have no role here. To get one, send this number to an operator of this bot.",
      ru: "Прав здесь у вас нет. Чтобы их получить, пришлите этот номер администратору бота.",
    },
  ];
}

/** What the menu says of the commands that name a config. */
export const configMenuTexts: Readonly<Record<ConfigCommand, (fileName: string) => Spoken>> = {
  set: (name) => ({ en: `Replace ${name}`, ru: `Заменить ${name}` }),
  get: (name) => ({ en: `Download ${name}`, ru: `Скачать ${name}` }),
  check: (name) => ({
    en: `Check a ${name} without saving it`,
    ru: `Проверить ${name}, не сохраняя`,
  }),
  diff: (name) => ({ en: `What changed in ${name}`, ru: `Что изменилось в ${name}` }),
  history: (name) => ({
    en: `Who changed ${name}, and when`,
    ru: `Кто и когда менял ${name}`,
  }),
  chart: (name) => ({ en: `A number in ${name} over time`, ru: `График числа из ${name}` }),
  rollback: (name) => ({
    en: `Go back to an older ${name}`,
    ru: `Откатить ${name} к прежней ревизии`,
  }),
  schedule: (name) => ({
    en: `Replace ${name} at a later time`,
    ru: `Заменить ${name} в заданное время`,
  }),
  freeze: (name) => ({
    en: `Refuse changes to ${name} for a while`,
    ru: `На время запретить менять ${name}`,
  }),
  unfreeze: (name) => ({
    en: `Allow changes to ${name} again`,
    ru: `Снова разрешить менять ${name}`,
  }),
  schema: (name) => ({
    en: `The schema of ${name}, for your editor`,
    ru: `Схема ${name} для редактора`,
  }),
};

/** And of the others. */
export const menuTexts = {
  mute: { en: "Turn off notices of others' changes", ru: "Не уведомлять о чужих изменениях" },
  unmute: {
    en: "Turn notices of others' changes back on",
    ru: "Снова уведомлять о чужих изменениях",
  },
  pending: {
    en: "Changes that wait for a decision, or for their time",
    ru: "Что ждёт решения или своего времени",
  },
  status: { en: "What is live, and who is saving", ru: "Что действует и кто сохраняет" },
  cancel: { en: "End the question or the upload", ru: "Прервать начатое" },
  help: { en: "What you can do here", ru: "Что здесь можно делать" },
  language: { en: "English or Russian", ru: "Русский или английский" },
  whoami: { en: "Your id and what you may do", ru: "Ваш id и ваши права" },
  start: { en: "Start", ru: "Начать" },
} as const satisfies Readonly<Record<string, Spoken>>;
