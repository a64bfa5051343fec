// In which language the bot speaks to somebody: the choice, and what was chosen.
import type { LanguageChoice, Line, Spoken } from "./line.ts";

/** Each in its own words, whatever the language around it. */
export const languageNames: Readonly<Record<LanguageChoice, Spoken>> = {
  en: { en: "English", ru: "English" },
  ru: { en: "Русский", ru: "Русский" },
  auto: { en: "As in Telegram", ru: "Как в Telegram" },
};

/** @param choice - the one that holds now */
export function whichLanguage(choice: LanguageChoice): Line {
  const now = languageNames[choice];
  return {
    en: ["Which language should I write to you in? Now: ", now, "."],
    ru: ["На каком языке вам писать? Сейчас: ", now, "."],
  };
}

/** In the language that was chosen. */
export const languageChosen: Line = {
  en: "From now on I write to you in English.",
  ru: "Теперь я пишу вам по-русски.",
};

export const unknownLanguage: Line = {
  en: "I write English and Russian: /language en, /language ru, or /language auto for the language of your Telegram app.",
  ru: "Я пишу по-русски и по-английски: /language ru, /language en или /language auto — как в вашем Telegram.",
};
