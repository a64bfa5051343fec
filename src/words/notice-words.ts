// What is said of others' changes to whoever has to do with the same config.
import type { Author } from "../model/revision.ts";
import { t, code, type Spoken, countEn, countRu, formRu } from "./line.ts";
import type { Text } from "./text.ts";

export function notice(author: Author, fileName: string, details: Text): Text {
  return [
    {
      en: t`🔔 ${author.name} changed ${code(fileName)}`,
      ru: t`🔔 ${code(fileName)} изменён: ${author.name}`,
    },
    ...details,
  ];
}

/** For somebody for whom too many notices have piled up. */
export function noticesLeftOut(changes: number): Spoken {
  const are = countEn(changes, "earlier change is", "earlier changes are");
  const more = countRu(changes, "изменение", "изменения", "изменений");
  const fit = formRu(changes, "не вошло", "не вошли", "не вошли");
  return {
    en: t`🔔 ${are} not listed here; /history_… has ${changes === 1 ? "it" : "them"}.`,
    ru: t`🔔 Ещё ${more} сюда ${fit}: смотрите /history_…`,
  };
}

export const muted: Spoken = {
  en: "Muted: no notices of other admins' changes. /unmute to get them again.",
  ru: "Уведомления о чужих изменениях выключены. Включить: /unmute",
};

export const unmuted: Spoken = {
  en: "Unmuted: you get notices of other admins' changes.",
  ru: "Уведомления о чужих изменениях включены.",
};
