import { expect, test } from "vitest";
import type { Records } from "../../src/store/records.ts";
import { createLanguages } from "../../src/telegram/languages.ts";
import { deferred } from "../deferred.ts";

/** In memory; the first write ends when the test lets it. */
function slowRecords(): {
  readonly store: Records;
  readonly isWriting: Promise<void>;
  readonly letWrite: () => void;
} {
  const values = new Map<string, unknown>();
  const [begun, written] = [deferred(), deferred()];
  const store: Records = {
    keys: () => Promise.resolve([...values.keys()]),
    read: (key) => Promise.resolve(values.get(key)),
    async write(key, value) {
      begun.resolve();
      await written.promise;
      values.set(key, value);
    },
    remove: () => Promise.reject(new Error("nobody is forgotten")),
  };
  return { store, isWriting: begun.promise, letWrite: written.resolve };
}

const failOnTrouble = (_what: string, error: unknown): never => {
  throw error;
};

test("who writes again while the language of their app is written down is heard after that, and not before", async () => {
  const { store, isWriting, letWrite } = slowRecords();
  const languages = createLanguages(store, "auto", failOnTrouble);
  const heard: string[] = [];
  const hear = async (name: string, id: number, app?: string): Promise<void> => {
    const language = await languages.heard({
      id,
      ...(app !== undefined && { language_code: app }),
    });
    heard.push(`${name} ${language}`);
  };
  const first = hear("first", 1, "ru");
  await isWriting;
  const second = hear("second", 1, "ru");
  await hear("anna", 2);
  expect(heard).toEqual(["anna en"]);
  letWrite();
  await Promise.all([first, second]);
  expect(heard).toEqual(["anna en", "first ru", "second ru"]);
});
