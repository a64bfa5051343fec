// What is said of others' changes to whoever has to do with the same config.
import type { Author } from "../model/revision.ts";
import { t, code, type Spoken, countEn, countRu } from "./line.ts";
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
  const were = countRu(changes, "прежнее изменение", "прежних изменения", "прежних изменений");
  return {
    en: t`🔔 ${are} not listed here; /history_… has ${changes === 1 ? "it" : "them"}.`,
    ru: t`🔔 Ещё ${were} здесь не показано; смотрите /history_….`,
  };
}

export const muted: Spoken = {
  en: "Muted: no notices of other admins' changes. /unmute to get them again.",
  ru: "Тихо: о чужих изменениях больше не сообщаю. Вернуть: /unmute",
};

export const unmuted: Spoken = {
  en: "Unmuted: you get notices of other admins' changes.",
  ru: "Снова сообщаю вам о чужих изменениях.",
};
