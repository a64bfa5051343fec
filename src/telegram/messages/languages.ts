// In which language somebody is spoken to: the one that they chose, that of their Telegram app where that was chosen, else the one that the
// operator has set for everybody.
import type { User } from "grammy/types";
import { z } from "zod";
import { createRecentMap } from "../../change/recent.ts";
import type { Records } from "../../store/records.ts";
import {
  type Language,
  type LanguageChoice,
  languageChoices,
  languages,
} from "../../words/line.ts";

/** So many people are remembered without asking the disk. */
const rememberedMax = 1000;

const recordSchema = z.object({
  /** Null where this person leaves it to the operator. */
  choice: z.enum(languageChoices).nullable(),
  /** Of their app, as it was told last; null where it never was. */
  app: z.enum(languages).nullable(),
});
type Person = Readonly<z.infer<typeof recordSchema>>;

export interface Languages {
  /** Of whoever sent something: what their app told with it is remembered where it matters. Does not reject. */
  heard(person: Pick<User, "id" | "language_code">): Promise<Language>;
  /** Of somebody who is nobody here, of whom nothing is remembered. */
  ofStranger(person: Pick<User, "language_code">): Language;
  /** Of whoever reads that chat, in a group of whoever is meant. Does not reject. */
  inChat(chatId: number, readerId: number | undefined): Promise<Language>;
  /** What somebody chose, or is set for everybody. Does not reject. */
  choiceOf(personId: number): Promise<LanguageChoice>;
  choose(personId: number, choice: LanguageChoice): Promise<void>;
  /**
   * Of somebody's menus: Telegram shows that of their app's language, or the one for all other apps. Who chose nothing reads it as they
   * read their app. Does not reject.
   */
  ofMenu(personId: number): Promise<(app: Language | undefined) => Language>;
}

/** @param setting - for everybody who chose nothing */
export function createLanguages(
  store: Records,
  setting: LanguageChoice,
  onTrouble: (what: string, error: unknown) => void,
): Languages {
  const known = createRecentMap<number, Person>(rememberedMax);

  async function read(id: number): Promise<Person> {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    try {
      const kept = recordSchema.safeParse(await store.read(String(id))).data;
      // They may have chosen meanwhile.
      const person = known.get(id) ?? kept ?? { choice: null, app: null };
      known.set(id, person);
      return person;
    } catch (error) {
      onTrouble("reading in which language somebody is spoken to", error);
      return { choice: null, app: null };
    }
  }

  async function write(id: number, person: Person): Promise<void> {
    known.set(id, person);
    await store.write(String(id), person);
  }

  function languageOf({ choice, app }: Person): Language {
    const chosen = choice ?? setting;
    if (chosen !== "auto") return chosen;
    return app ?? (setting === "auto" ? "en" : setting);
  }

  return {
    async heard({ id, language_code: code }) {
      const person = await read(id);
      const app = languageOfApp(code);
      const isAuto = (person.choice ?? setting) === "auto";
      if (!isAuto || app === null || app === person.app) return languageOf({ ...person, app });
      try {
        await write(id, { ...person, app });
      } catch (error) {
        onTrouble("remembering the language of somebody's app", error);
      }
      return app;
    },
    ofStranger: ({ language_code: code }) => languageOf({ choice: null, app: languageOfApp(code) }),
    async inChat(chatId, readerId) {
      // A private chat has the number of the person in it.
      const id = chatId > 0 ? chatId : readerId;
      return languageOf(id === undefined ? { choice: null, app: null } : await read(id));
    },
    async choiceOf(personId) {
      return (await read(personId)).choice ?? setting;
    },
    async ofMenu(personId) {
      const { choice } = await read(personId);
      if (choice !== null && choice !== "auto") return () => choice;
      const otherwise = choice === null && setting !== "auto" ? setting : "en";
      return (app) => app ?? otherwise;
    },
    async choose(personId, choice) {
      await write(personId, { ...(await read(personId)), choice });
    },
  };
}

/** @param code - an IETF language tag. @returns null where the app told none. Whatever is not spoken here is answered in English. */
function languageOfApp(code: string | undefined): Language | null {
  if (code === undefined) return null;
  return languages.find((each) => new RegExp(`^${each}\\b`, "i").test(code)) ?? "en";
}
