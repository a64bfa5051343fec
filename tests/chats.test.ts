// Whatever the contract says that an admin reads first stands in a golden chat of each language. A new way to end does not compile without a line here.
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Outcome } from "../src/model/outcome.ts";

type Lines = Readonly<Record<string, { readonly en: RegExp; readonly ru: RegExp }>>;

const stages = {
  downloading: { en: /⏳ Downloading and validating\.\.\./, ru: /⏳ Загружаю и проверяю\.\.\./ },
  saving: { en: /🔒 Acquiring lock and saving\.\.\./, ru: /🔒 Жду блокировку и сохраняю\.\.\./ },
  "waiting for the service": {
    en: /🚚 fees\.yml is in place\. Waiting for the service to take it\.\.\./,
    ru: /🚚 fees\.yml/,
  },
} satisfies Lines;

const outcomes = {
  applied: { en: /✅ fees\.yml updated successfully!/, ru: /✅ fees\.yml обновлён!/ },
  unchanged: {
    en: /👌 fees\.yml is already exactly this file\. Nothing changed\./,
    ru: /👌 fees\.yml уже точно такой\. Ничего не изменено\./,
  },
  invalid: {
    en: /❌ fees\.yml was not changed: \d+ problems found\./,
    ru: /❌ fees\.yml не изменён: найдено \d+ проблем[ы]?\./,
  },
  stale: {
    en: /⚠️ fees\.yml has changed since you took it\. Nothing was changed yet\./,
    ru: /⚠️ fees\.yml изменился с тех пор, как вы его взяли\. Пока ничего не изменено\./,
  },
  cancelled: {
    en: /🚫 Cancelled\. fees\.yml was not changed\./,
    ru: /🚫 Отменено\. fees\.yml не изменён\./,
  },
  failed: { en: /💥 fees\.yml was not changed: /, ru: /💥 fees\.yml не изменён: / },
  pending: {
    en: /🕓 fees\.yml waits for approval\. Nothing was changed yet\./,
    ru: /🕓 fees\.yml/,
  },
  scheduled: {
    en: /🗓 fees\.yml will change at \{<time>\}\. Nothing was changed yet\./,
    ru: /🗓 fees\.yml/,
  },
  reverted: {
    en: /↩️ fees\.yml went back to revision \d+: the service did not take it\./,
    ru: /↩️ fees\.yml вернулся к ревизии \d+: .*сервис/,
  },
  blocked: {
    en: /⏸ fees\.yml was not changed: the change by Anna waits for Keep until \{<clock>\}\./,
    ru: /⏸ fees\.yml не изменён: /,
  },
  checked: { en: /✔️ fees\.yml is valid\. Nothing was changed\./, ru: /✔️ fees\.yml/ },
} satisfies Record<Outcome["kind"], Lines[string]>;

const others = {
  "one problem": {
    en: /❌ fees\.yml was not changed: 1 problem found\./,
    ru: /❌ fees\.yml не изменён: найдена 1 проблема\./,
  },
  "failed after the new file was in place": {
    en: /⚠️ fees\.yml was replaced, but /,
    ru: /⚠️ fees\.yml заменён, но /,
  },
  "interrupted before": {
    en: /🔁 The bot restarted\. fees\.yml was not changed\./,
    ru: /🔁 Бот перезапустился\. fees\.yml не изменён\./,
  },
  "interrupted after": {
    en: /🔁 The bot restarted\. fees\.yml was updated successfully\./,
    ru: /🔁 Бот перезапустился\. fees\.yml обновлён\./,
  },
  "the others are told": { en: /🔔 Anna changed fees\.yml/, ru: /🔔 fees\.yml изменён: Anna/ },
  "somebody's change was set back": {
    en: /It set back the change of Anna:/,
    ru: /Anna/,
  },
  "one's own change was set back": { en: /This set back your change:/, ru: /Ваше изменение/ },
  "a button that no longer fits": {
    en: /This button is out of date\./,
    ru: /Эта кнопка устарела\./,
  },
  "approvers are asked": { en: /🕓 Anna wants to change fees\.yml\./, ru: /🕓 .*Anna/ },
  "its author must confirm": {
    en: /✋ fees\.yml holds a change beyond its limit\. Nothing was changed yet\./,
    ru: /✋ .*fees\.yml/,
  },
  "the new value is asked for": {
    en: /To apply it, answer with the new value of `maker_percent`\./,
    ru: /`maker_percent`/,
  },
  "the guard fails before": {
    en: /✋ fees\.yml was not changed yet: its guard fails\./,
    ru: /✋ .*fees\.yml/,
  },
  rejected: {
    en: /🚫 Rejected by Carol\. fees\.yml was not changed\./,
    ru: /🚫 .*Carol.*fees\.yml не изменён\./,
  },
  expired: {
    en: /⌛ Nobody approved in 6 seconds\. fees\.yml was not changed\./,
    ru: /⌛ .*fees\.yml не изменён\./,
  },
  withdrawn: {
    en: /🚫 Withdrawn\. fees\.yml was not changed\./,
    ru: /🚫 Отозвано\. fees\.yml не изменён\./,
  },
  "nobody pressed Keep": {
    en: /↩️ fees\.yml went back to revision \d+: nobody pressed Keep\./,
    ru: /↩️ fees\.yml вернулся к ревизии \d+: никто/,
  },
  "the guard failed": {
    en: /↩️ fees\.yml went back to revision \d+: the guard failed\./,
    ru: /↩️ fees\.yml вернулся к ревизии \d+: проверка/,
  },
  "somebody took it back": {
    en: /↩️ fees\.yml went back to revision \d+: Boris took it back\./,
    ru: /↩️ fees\.yml вернулся к ревизии \d+: .*Boris/,
  },
  "the service did not take a first file": {
    en: /⚠️ fees\.yml was replaced, but the service did not take it\./,
    ru: /⚠️ fees\.yml заменён, но .*сервис/,
  },
  frozen: {
    en: /❄️ fees\.yml was not changed: Anna froze it\./,
    ru: /❄️ fees\.yml не изменён: .*Anna/,
  },
  "frozen until": {
    en: /❄️ fees\.yml was not changed: Anna froze it until \{<time>\}\./,
    ru: /❄️ fees\.yml не изменён: .*\{<time>\}.*Anna/,
  },
  "it goes back unless somebody presses Keep": {
    en: /It goes back to revision \d+ at \{<clock>\} unless somebody presses Keep\./,
    ru: /вернётся к ревизии \d+/,
  },
  kept: { en: /Kept by Boris/, ru: /Оставлено: Boris/ },
  approved: { en: /Approved by Boris and Carol\./, ru: /Boris и Carol/ },
  proven: { en: /The service runs with it\./, ru: /Сервис работает/ },
  "only told": { en: /The service was told\./, ru: /Сервису/ },
  "an edit on the server": {
    en: /✏️ fees\.yml was changed on the server\./,
    ru: /✏️ fees\.yml изменили на сервере\./,
  },
} satisfies Lines;

async function chatsIn(folder: URL): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md"));
  const texts = names.map(
    async (name) => [name, await readFile(new URL(name, folder), "utf8")] as const,
  );
  return new Map(await Promise.all(texts));
}

const english = new URL("chats/", import.meta.url);
const russian = new URL("chats/ru/", import.meta.url);

for (const { language, folder } of [
  { language: "en", folder: english },
  { language: "ru", folder: russian },
] as const) {
  test(`every outcome is in a golden chat of "${language}"`, async () => {
    const text = [...(await chatsIn(folder)).values()].join("\n");
    const missing = Object.entries<Lines[string]>({ ...stages, ...outcomes, ...others })
      .filter(([, line]) => !line[language].test(text))
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });
}

test("every golden chat is there in both languages", async () => {
  const [en, ru] = await Promise.all([chatsIn(english), chatsIn(russian)]);
  expect([...ru.keys()].toSorted()).toEqual([...en.keys()].toSorted());
});
