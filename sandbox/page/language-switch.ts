// The language of a person's app: Telegram tells it to the bot with all that they send.
import { button, element } from "./element.ts";
import { post } from "./requests.ts";

const appLanguages = [
  ["en", "English"],
  ["ru", "Русский"],
] as const;

export interface LanguageSwitch {
  readonly group: HTMLElement;
  /** What is set now, as a code: `en`, `ru`. */
  readonly current: () => string;
  readonly show: (language: string) => void;
}

export function createLanguageSwitch(person: {
  readonly id: number;
  readonly name: string;
  readonly language: string;
}): LanguageSwitch {
  let current = person.language;
  const buttons = appLanguages.map(([code, name]) => ({
    code,
    pressed: button(name, () => void post(`people/${person.id}/language/${code}`), { lang: code }),
  }));
  const show = (language: string): void => {
    current = language;
    for (const { code, pressed } of buttons) {
      pressed.setAttribute("aria-pressed", String(code === language));
    }
  };
  show(current);
  const group = element(
    "div",
    {
      class: "switch",
      role: "group",
      "aria-label": `Language of ${person.name}'s app`,
      title: `The language of ${person.name}'s app. The bot hears of it with the next message.`,
    },
    ...buttons.map(({ pressed }) => pressed),
  );
  return { group, current: () => current, show };
}
