// What the bot says to get a config as a file: its questions, and what it says of what came instead.
import { code, countRu, languages, type Line, type Phrase, type Spoken, t } from "./line.ts";
import { reasonLines } from "./freeze-words.ts";
import { renderLine, type Text } from "./text.ts";

/** @param reason - of the change, as it was given with the command */
export function askForFile(fileName: string, reason: string | null): Text {
  return [question(fileName), ...reasonLines(reason)];
}

function question(fileName: string): Spoken {
  return {
    en: t`Send me the new ${code(fileName)} as a file. /cancel to stop.`,
    ru: t`Пришлите новый ${code(fileName)} файлом. Отменить: /cancel`,
  };
}

/** What came instead of a document. */
export type WrongThing = "text" | "photo" | "sticker" | "album" | "other";

function stillWaiting(fileName: string): Spoken {
  return {
    en: t`I am still waiting for ${code(fileName)} as a file. /cancel to stop.`,
    ru: t`Всё ещё жду ${code(fileName)} файлом. Отменить: /cancel`,
  };
}

/** Whether the bot asked for this file by this text. */
export function asksForFile(text: string, fileName: string): boolean {
  return languages.some((language) => {
    const said = (line: Line): string => renderLine(line, language).text;
    return (
      text.startsWith(said(question(fileName))) ||
      text === said(askForFileToCheck(fileName)) ||
      text.endsWith(said(stillWaiting(fileName)))
    );
  });
}

const notDocuments: Readonly<Record<WrongThing, Spoken>> = {
  text: { en: "That is a text message.", ru: "Это текст, а не файл." },
  photo: { en: "That is a photo.", ru: "Это фото." },
  sticker: { en: "That is a sticker.", ru: "Это стикер." },
  album: { en: "Please send one file at a time.", ru: "Присылайте по одному файлу." },
  other: { en: "That is not a document.", ru: "Это не файл." },
};

export function notADocument(wrong: WrongThing, fileName: string): Spoken {
  const parts: Phrase = t`${notDocuments[wrong]} ${stillWaiting(fileName)}`;
  return { en: parts, ru: parts };
}

export const oneFileAtATime: Spoken = {
  en: "Please send one file at a time. Nothing was changed.",
  ru: "Присылайте по одному файлу. Ничего не изменено.",
};

export interface LoneDocumentNotes {
  /** There are more configs than buttons. */
  readonly isCut: boolean;
  /** Its caption is somebody else's. */
  readonly isCaptionIgnored: boolean;
  /** What is wrong with the command in its caption. */
  readonly command: Line | undefined;
}

export function whichConfig(
  shownName: string,
  { isCut, isCaptionIgnored, command }: LoneDocumentNotes,
): Text {
  return [
    ...(command === undefined ? [] : [command]),
    {
      en: t`Which config is ${code(shownName)} for? Nothing was changed yet.`,
      ru: t`Для какого конфига файл ${code(shownName)}? Пока ничего не изменено.`,
    },
    ...(isCaptionIgnored
      ? [
          {
            en: "The caption is not yours, so it was not read as a command or a reason.",
            ru: "Подпись написана не вами, поэтому не считается ни командой, ни причиной.",
          },
        ]
      : []),
    ...(isCut
      ? [
          {
            en: "Not all of them fit here: for the others, send the file with its /set_… command as the caption.",
            ru: "Здесь поместились не все конфиги: для остальных пришлите файл с подписью /set_…",
          },
        ]
      : []),
  ];
}

export const nothingToSet: Spoken = {
  en: "There is no config here that you may change. Nothing was changed.",
  ru: "Здесь нет конфигов, которые вам можно менять. Ничего не изменено.",
};

export function setButton(fileName: string): Spoken {
  return { en: `Set ${fileName}`, ru: `Заменить ${fileName}` };
}

export function askForFileToCheck(fileName: string): Spoken {
  return {
    en: t`Send me the ${code(fileName)} to check, as a file. Nothing will be changed. /cancel to stop.`,
    ru: t`Пришлите ${code(fileName)} файлом, я его проверю и ничего не изменю. Отменить: /cancel`,
  };
}

export const tooMuchAtOnce: Spoken = {
  en: "That is more than I can handle at once. I have not looked at your latest messages: please send them again once the earlier ones are answered.",
  ru: "Слишком много сообщений сразу. Последние из них не прочитаны: пришлите их ещё раз, когда придут ответы на остальные.",
};

export function tooManyUploads(max: number): Spoken {
  return {
    en: t`You have ${max} uploads in progress already. This file was not accepted. Please send it again when they are done.`,
    ru: t`У вас уже ${countRu(max, "незаконченная загрузка", "незаконченные загрузки", "незаконченных загрузок")}. Этот файл не принят: пришлите его ещё раз, когда они закончатся.`,
  };
}

export function commandNeedsFile(fileName: string): Spoken {
  return {
    en: t`No file was attached. Please attach ${code(fileName)} as a file.`,
    ru: t`Файла нет. Приложите ${code(fileName)} как файл.`,
  };
}
