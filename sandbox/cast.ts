// Who plays: two admins, and a stranger once somebody wants one.
import type { Person } from "./bot-api/people.ts";
import type { TelegramServer } from "./bot-api/telegram-server.ts";

/** What a person can set their app to. */
export const appLanguages = ["en", "ru"] as const;

export interface Cast {
  readonly anna: Person;
  readonly boris: Person;
  /** Those with a role, whoever else is there. */
  readonly admins: readonly Person[];
  /** In the order in which their chats stand. */
  readonly all: readonly Person[];
  /** Opens a chat for somebody without a role, unless there is one. */
  openStranger(): Person;
  /** Of this person's app; the bot hears of it with what they send next. */
  setLanguage(person: Person, code: (typeof appLanguages)[number]): void;
  /** As every chat with a bot begins in Telegram; the bot greets the admins, and sets their command menus. */
  beginChats(): void;
}

export function createCast(telegram: Pick<TelegramServer, "user">, onChange: () => void): Cast {
  const anna = telegram.user({ id: 1001, firstName: "Anna" });
  const boris = telegram.user({ id: 1002, firstName: "Boris" });
  const admins = [anna, boris];
  let stranger: Person | undefined;
  return {
    anna,
    boris,
    admins,
    get all() {
      return stranger === undefined ? admins : [...admins, stranger];
    },
    openStranger() {
      if (stranger !== undefined) return stranger;
      stranger = telegram.user({ id: 6660, firstName: "Mallory" });
      onChange();
      return stranger;
    },
    setLanguage(person, code) {
      person.setLanguage(code);
      onChange();
    },
    beginChats() {
      for (const admin of admins) admin.send("/start");
    },
  };
}
