// What commands answer that show something, or cannot be done.
import type { Config } from "../model/config.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { liveAsOf } from "./store-words.ts";
import { whoLine } from "./history-words.ts";
import { code, type Line, t, time } from "./line.ts";
import type { Text } from "./text.ts";
import { troubleLine } from "./trouble-words.ts";

/** @param last - the newest revision that was live once */
export function noFile({ id, fileName }: Config, last: Revision | undefined): Line {
  const name = code(fileName);
  return last === undefined
    ? {
        en: t`There is no ${name} yet. /set_${id} creates it.`,
        ru: t`Файла ${name} пока нет. /set_${id} его создаст.`,
      }
    : {
        en: t`${name} is no longer on the server. /rollback_${id} brings back revision ${last.revision}.`,
        ru: t`Файла ${name} на сервере больше нет. /rollback_${id} вернёт ревизию ${last.revision}.`,
      };
}

/** Under what would stand under the file: Telegram takes none without a byte in it. */
export const emptyFile: Line = {
  en: "It is empty, so it cannot be sent as a file.",
  ru: "Файл пуст, поэтому прислать его нельзя.",
};

export function unreadable(fileName: string, trouble: Trouble): Line {
  const [name, why] = [code(fileName), troubleLine(trouble)];
  return {
    en: t`${name} could not be read: ${why}. Nothing was changed.`,
    ru: t`Не удалось прочитать ${name}: ${why}. Ничего не изменено.`,
  };
}

/** For what is not an upload: those tell their own fate. */
export function diskRefused(trouble: Trouble): Line {
  const why = troubleLine(trouble);
  return {
    en: t`That could not be done: ${why}. No config was changed. Please tell the operator, and try again.`,
    ru: t`Не получилось: ${why}. Ни один конфиг не изменён. Сообщите администратору бота и попробуйте ещё раз.`,
  };
}

export const somethingWentWrong: Line = {
  en: "Something went wrong inside the bot, and its log has the details. Please try again; if it happens again, tell the operator.",
  ru: "В боте что-то сломалось, подробности в его журнале. Попробуйте ещё раз; если повторится, сообщите администратору бота.",
};

/** No answer of Telegram's came to a file or a picture. */
export const fileUnconfirmed: Line = {
  en: "Telegram did not confirm that what you asked for was delivered. If you cannot see it here, please ask for it again.",
  ru: "Telegram не подтвердил доставку того, что вы запросили. Если здесь этого нет, запросите ещё раз.",
};

export const fileRefused: Line = {
  en: "Telegram did not accept the file, so it could not be sent. Please ask for it again in a few minutes; if that does not help, tell the operator.",
  ru: "Telegram не принял файл, поэтому отправить его не удалось. Запросите его ещё раз через несколько минут; если не поможет, сообщите администратору бота.",
};

export function readOnly({ fileName }: Config): Line {
  const name = code(fileName);
  return {
    en: t`You may read ${name}, but not change it. Nothing was changed.`,
    ru: t`Вам можно читать ${name}, но не менять. Ничего не изменено.`,
  };
}

/** @param nearest - the command that is probably meant */
export function unknownCommand(command: string, nearest: string | undefined): Line {
  return nearest === undefined
    ? { en: `I do not know ${command}.`, ru: `Не знаю команды ${command}.` }
    : {
        en: `I do not know ${command}: did you mean ${nearest}?`,
        ru: `Не знаю команды ${command}. Может быть, ${nearest}?`,
      };
}

/** Behind it, where there is no other text. */
export function withHelpHint(line: Line): Line {
  return {
    en: t`${line} /help lists what I can do.`,
    ru: t`${line} Что я умею: /help`,
  };
}

export const notYourWords: Line = {
  en: "I only take commands that you type yourself, not forwarded messages or messages sent through another bot. /help lists what I can do.",
  ru: "Я принимаю команды только от вас самих, а не из пересланных сообщений и не через других ботов. Что я умею: /help",
};

export const notUnderstood: Line = {
  en: "Send me a config as a file, or see /help for what I can do.",
  ru: "Пришлите конфиг файлом. Что я умею: /help",
};

/** As many digits as tell two versions apart. */
const hashDigits = 12;

/** The caption of a file from /get. */
export function liveCaption(
  fileName: string,
  version: {
    readonly sha256: string;
    readonly modifiedAt: string;
    readonly revision: number | undefined;
    readonly asOf?: string;
  },
  entry: Revision | undefined,
): Text {
  const hash = t`sha256 ${code(version.sha256.slice(0, hashDigits))}`;
  const below: Text = [
    { en: hash, ru: hash },
    ...(version.asOf === undefined ? [] : [liveAsOf(version.asOf)]),
  ];
  const name = code(fileName);
  if (version.revision === undefined) {
    const at = time(version.modifiedAt);
    const first: Line =
      entry === undefined
        ? { en: t`${name}, changed on disk ${at}`, ru: t`${name}, изменён на сервере ${at}` }
        : {
            en: t`${name}, changed on disk ${at}, after revision ${entry.revision}`,
            ru: t`${name}, изменён на сервере ${at}, после ревизии ${entry.revision}`,
          };
    return [first, ...below];
  }
  const first: Line = {
    en: t`${name}, revision ${version.revision}`,
    ru: t`${name}, ревизия ${version.revision}`,
  };
  if (entry?.revision !== version.revision) return [first, ...below];
  const who = t`${whoLine(entry)}, ${time(entry.at)}`;
  return [first, { en: who, ru: who }, ...below];
}

/** The caption of a schema; the line is what the YAML language server looks for. */
export function schemaCaption(fileName: string, schemaName: string): Text {
  const name = code(fileName);
  if (/\.json$/i.test(fileName)) {
    return [
      {
        en: t`The schema of ${name}, for your editor.`,
        ru: t`Схема для редактора: что может быть в ${name}.`,
      },
    ];
  }
  const modeline = [code(`# yaml-language-server: $schema=${schemaName}`)];
  return [
    {
      en: t`The schema of ${name}, for your editor. Keep both files in one folder, and begin ${name} with this line to get completion:`,
      ru: t`Схема для редактора: что может быть в ${name}. Если оба файла лежат в одной папке, подсказки включит такая первая строка:`,
    },
    { en: modeline, ru: modeline },
  ];
}
