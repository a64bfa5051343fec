// Why something could not be done, in words that fit after "was not changed: ". Long: each reason is one sentence in every language.
import type { Distrust, PlainTrouble, TriedTrouble, Trouble } from "../model/trouble.ts";
import { code, countRu, formRu, type Spoken, t } from "./line.ts";
import { duration, numberRu } from "./numbers.ts";
import { english } from "./text.ts";

const plainTexts: Readonly<Record<PlainTrouble, Spoken>> = {
  disk_full: { en: "the disk is full", ru: "диск заполнен" },
  disk_quota_used_up: { en: "the disk quota is used up", ru: "квота диска исчерпана" },
  disk_read_only: { en: "the disk is read-only", ru: "диск доступен только для чтения" },
  writing_not_allowed: {
    en: "the bot is not allowed to write there",
    ru: "боту не разрешено туда писать",
  },
  disk_error: { en: "the disk reported an error", ru: "диск сообщил об ошибке" },
  busy_mount: {
    en: "the file is mounted by itself, so it cannot be replaced (mount its folder instead)",
    ru: "файл смонтирован отдельно, и заменить его нельзя (смонтируйте его папку)",
  },
  something_gone: {
    en: "a folder or file that it needs is gone",
    ru: "нужной папки или файла больше нет",
  },
  folder_gone: { en: "its folder is gone", ru: "его папки больше нет" },
  name_taken: { en: "something else is in its place", ru: "на его месте что-то другое" },
  folder_in_place: { en: "a folder is in its place", ru: "на его месте папка" },
  link_circle: { en: "its links form a loop", ru: "его ссылки замкнуты в круг" },
  too_many_files_of_bot: {
    en: "the bot has too many files open",
    ru: "у бота открыто слишком много файлов",
  },
  too_many_files_of_server: {
    en: "the server has too many files open",
    ru: "на сервере открыто слишком много файлов",
  },
  network_disk_lost_file: { en: "the network disk lost the file", ru: "сетевой диск потерял файл" },
  disk_timed_out: { en: "the disk did not answer in time", ru: "диск не ответил вовремя" },
  not_a_file: {
    en: "something that is not a file is in its place",
    ru: "на его месте не файл",
  },
  too_large_for_config: {
    en: "the file is too large to be a config",
    ru: "файл слишком велик для конфига",
  },
  written_all_the_time: {
    en: "another program keeps writing to the file",
    ru: "другая программа всё время пишет в этот файл",
  },
  owner_not_given: {
    en: "the bot may not give the new file the owner of the old one, so its readers could not open it",
    ru: "бот не может отдать новый файл прежнему владельцу, а читателям он был бы недоступен",
  },
  access_list_not_given: {
    en: "the bot may not give the new file the access control list of the old one",
    ru: "бот не может перенести на новый файл список доступа прежнего",
  },
  attributes_not_given: {
    en: "the bot may not give the new file the extended attributes of the old one",
    ru: "бот не может перенести на новый файл расширенные атрибуты прежнего",
  },
  attributes_not_readable: {
    en: "access control lists and extended attributes cannot be read on this machine, so they could be lost",
    ru: "списки доступа и расширенные атрибуты на этом сервере не прочесть, и они могли бы пропасть",
  },
  created_meanwhile: {
    en: "another program created it at the same moment (send the file again)",
    ru: "его только что создала другая программа (пришлите файл ещё раз)",
  },
  version_not_kept: {
    en: "the previous version is no longer kept",
    ru: "прежняя версия больше не хранится",
  },
  no_backup_name: {
    en: "no free name for the backup was found",
    ru: "для резервной копии не нашлось свободного имени",
  },
  folder_shared: {
    en: "others need the folder too (choose one for Airlock alone)",
    ru: "папка нужна и другим (выберите отдельную для Airlock)",
  },
  no_such_file: { en: "no such file", ru: "такого файла нет" },
  not_regular: { en: "it is not a regular file", ru: "это не обычный файл" },
  not_text: { en: "it cannot be read as text", ru: "это не прочесть как текст" },
  is_folder: { en: "it is a folder", ru: "это папка" },
  something_else: { en: "it is something else", ru: "это что-то другое" },
  telegram_lost_document: {
    en: "Telegram did not hand out the document",
    ru: "Telegram не отдал файл",
  },
  telegram_unreachable: { en: "Telegram could not be reached", ru: "Telegram недоступен" },
  local_files_unnamed: {
    en: "the Bot API server keeps it on its own disk, and TELEGRAM_FILES_DIR does not say where that may be read (please tell the operator)",
    ru: "сервер Bot API хранит его на своём диске, а TELEGRAM_FILES_DIR не говорит, где его можно прочесть (сообщите администратору бота)",
  },
  local_file_outside: {
    en: "the Bot API server keeps it outside TELEGRAM_FILES_DIR (please tell the operator)",
    ru: "сервер Bot API хранит его за пределами TELEGRAM_FILES_DIR (сообщите администратору бота)",
  },
  local_file_irregular: {
    en: "the Bot API server's copy of it is not a regular file",
    ru: "его копия на сервере Bot API — не обычный файл",
  },
  local_file_gone: {
    en: "the Bot API server's copy of it is gone (send the file again)",
    ru: "его копии на сервере Bot API больше нет (пришлите файл ещё раз)",
  },
  local_file_not_allowed: {
    en: "the bot is not allowed to read the Bot API server's copy of it (please tell the operator)",
    ru: "боту не разрешено читать его копию на сервере Bot API (сообщите администратору бота)",
  },
  store_no_majority: { en: "the store has no majority", ru: "у хранилища нет большинства узлов" },
  store_other_leads: { en: "another bot has taken over", ru: "теперь работает другой бот" },
  store_changed_meanwhile: {
    en: "the store was changed at the same time (try again)",
    ru: "хранилище тем временем изменилось (попробуйте ещё раз)",
  },
  store_full: {
    en: "the store is full (please tell the operator)",
    ru: "хранилище заполнено (сообщите администратору бота)",
  },
  store_account_unknown: {
    en: "the store does not accept Airlock's user name and password (please tell the operator)",
    ru: "хранилище не принимает имя и пароль Airlock (сообщите администратору бота)",
  },
  store_account_missing: {
    en: "the store asks for a user name and a password, and Airlock has none (please tell the operator)",
    ru: "хранилище требует имя и пароль, а у Airlock их нет (сообщите администратору бота)",
  },
  store_not_permitted: {
    en: "Airlock's account may not read and write in the store (please tell the operator)",
    ru: "учётной записи Airlock не разрешено читать и писать в хранилище (сообщите администратору бота)",
  },
  store_unreadable: {
    en: "what the store holds of it cannot be read (please tell the operator)",
    ru: "то, что лежит в хранилище, не прочесть (сообщите администратору бота)",
  },
  unexpected: {
    en: "an unexpected error (the log has the details)",
    ru: "непредвиденная ошибка (подробности в журнале)",
  },
};

const triedTexts: Readonly<Record<TriedTrouble, Spoken>> = {
  history_cannot_be_written: { en: "its history cannot be written", ru: "его историю не записать" },
  making_durable_failed: {
    en: "making it durable failed",
    ru: "не удалось надёжно записать его на диск",
  },
  keeping_last_edit_failed: {
    en: "keeping an edit made by hand at the last moment failed",
    ru: "не удалось сохранить правку, сделанную на сервере в последний миг",
  },
  writing_history_failed: {
    en: "writing its history failed",
    ru: "не удалось записать его историю",
  },
  finishing_failed: { en: "finishing failed", ru: "не удалось завершить" },
  local_file_not_read: {
    en: "the Bot API server's copy of it cannot be read",
    ru: "его копию на сервере Bot API не прочесть",
  },
};

const distrustTexts: Readonly<Record<Distrust, Spoken>> = {
  authority: {
    en: "the store's certificate is not from an authority that Airlock trusts (please tell the operator)",
    ru: "сертификат хранилища выдан центром, которому Airlock не доверяет (сообщите администратору бота)",
  },
  name: {
    en: "the store's certificate is for another name (please tell the operator)",
    ru: "сертификат хранилища выдан на другое имя (сообщите администратору бота)",
  },
  time: {
    en: "the store's certificate has expired, or is not valid yet (please tell the operator)",
    ru: "срок действия сертификата хранилища истёк или ещё не наступил (сообщите администратору бота)",
  },
  speaks_no_tls: {
    en: "the store does not speak TLS, and ETCD_ENDPOINTS says https (please tell the operator)",
    ru: "хранилище не отвечает по TLS, а в ETCD_ENDPOINTS указан https (сообщите администратору бота)",
  },
};

/** @param name - of the machine where that bot runs */
export function otherBotLeads(name: string): string {
  return english(answersElsewhere(name));
}

function answersElsewhere(name: string): Spoken {
  const [en, ru] = name === "" ? ["another machine", "другой машине"] : [name, name];
  return {
    en: t`the bot on ${en} answers at the moment: run the command there`,
    ru: t`сейчас работает бот на ${ru}: выполните команду там`,
  };
}

function askedToWait(waitMs: number | null): Spoken {
  if (waitMs === null) {
    return {
      en: "Telegram asked the bot to wait (send the file again in a few minutes)",
      ru: "Telegram попросил бота подождать (пришлите файл ещё раз через несколько минут)",
    };
  }
  const { en, ru } = duration(waitMs, "up");
  return {
    en: t`Telegram asked the bot to wait ${en} (send the file again after that)`,
    ru: t`Telegram попросил бота подождать ${ru} (потом пришлите файл ещё раз)`,
  };
}

/** `1 048 576 байт`. */
function bytesRu(bytes: number): string {
  return `${numberRu(bytes)} ${formRu(bytes, "байт", "байта", "байт")}`;
}

/** In English, without marks, as {@link troubleLine}. */
export function troubleText(trouble: Trouble): string {
  return english(troubleLine(trouble));
}

/** Without a full stop, a path or a capital at its start. */
export function troubleLine(trouble: Trouble): Spoken {
  switch (trouble.code) {
    case "disk_refused":
      return {
        en: t`the disk refused (${trouble.params.errno})`,
        ru: t`диск ответил отказом (${trouble.params.errno})`,
      };
    case "link_moved": {
      const fileName = code(trouble.params.fileName);
      return {
        en: t`a link on the way to ${fileName} leads somewhere else than when the bot started (point it back, or restart the bot to follow it)`,
        ru: t`ссылка на пути к ${fileName} ведёт не туда, куда вела при запуске бота (верните её или перезапустите бота)`,
      };
    }
    case "mounted_alone": {
      const fileName = code(trouble.params.fileName);
      return {
        en: t`${fileName} is mounted by itself, so it cannot be replaced in one step: mount its folder instead`,
        ru: t`${fileName} смонтирован отдельно, и одним шагом его не заменить: смонтируйте его папку`,
      };
    }
    case "too_many_bytes": {
      const { bytes, bytesMax } = trouble.params;
      return {
        en: t`it has ${bytes} bytes, and at most ${bytesMax} are allowed`,
        ru: t`в нём ${bytesRu(bytes)}, а допускается не больше ${numberRu(bytesMax)}`,
      };
    }
    case "store_not_trusted":
      return distrustTexts[trouble.params.why];
    case "store_led_elsewhere":
      return answersElsewhere(trouble.params.name);
    case "service_refused":
      return { en: "the service did not take it", ru: "сервис не принял файл" };
    case "store_refused":
      return {
        en: t`the store refused it (${trouble.params.text})`,
        ru: t`хранилище ответило отказом (${trouble.params.text})`,
      };
    case "system_refused":
      return { en: trouble.params.text, ru: trouble.params.text };
    case "download_cut_short": {
      const { arrivedBytes, sizeBytes } = trouble.params;
      if (arrivedBytes > sizeBytes) {
        return {
          en: t`what arrived is not the file that was sent, ${arrivedBytes} bytes instead of ${sizeBytes}`,
          ru: t`пришёл не тот файл, который отправлен: ${bytesRu(arrivedBytes)} вместо ${numberRu(sizeBytes)}`,
        };
      }
      return {
        en: t`the download was cut short, ${arrivedBytes} of ${sizeBytes} bytes arrived`,
        ru: t`загрузка оборвалась: пришло ${bytesRu(arrivedBytes)} из ${numberRu(sizeBytes)}`,
      };
    }
    case "download_too_slow": {
      const seconds = trouble.params.limitMs / 1000;
      return {
        en: t`downloading it took longer than ${seconds} seconds`,
        ru: t`загрузка шла дольше ${seconds} ${formRu(seconds, "секунды", "секунд", "секунд")}`,
      };
    }
    case "telegram_asks_to_wait":
      return askedToWait(trouble.params.waitMs);
    case "too_many_proposals": {
      const { max } = trouble.params;
      return {
        en: t`${max} of your changes are already waiting, which is the limit; withdraw one first`,
        ru: t`решения уже ${formRu(max, "ждёт", "ждут", "ждут")} ${countRu(max, "ваше изменение", "ваших изменения", "ваших изменений")}, больше не хранится: сначала отзовите одно`,
      };
    }
    case "history_cannot_be_written":
    case "making_durable_failed":
    case "keeping_last_edit_failed":
    case "writing_history_failed":
    case "finishing_failed":
    case "local_file_not_read": {
      const [tried, cause] = [triedTexts[trouble.code], troubleLine(trouble.cause)];
      return { en: t`${tried}: ${cause}`, ru: t`${tried}: ${cause}` };
    }
    default:
      return plainTexts[trouble.code];
  }
}
