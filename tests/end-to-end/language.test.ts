// In which language the bot speaks to whom, and what becomes of a text on a server that does not know its entities.
import { expect, test } from "vitest";
import { feesFile, openStage } from "./stage.ts";

test("each person is spoken to in their own language, in messages, notices, buttons and menus, over a restart", async () => {
  const { server, anna, boris, airlock } = await openStage();
  const viktor = server.user({ id: 1002, firstName: "Boris", languageCode: "ru" });
  viktor.send("/start");
  await viktor.waitForText("You can change fees.yml and rates.yml");
  viktor.send("/language ru");
  await viktor.waitForText("Теперь я пишу вам по-русски.");
  anna.send("/start");
  await anna.waitForText("You can change");

  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  await boris.waitForText("🔔 fees.yml изменён: Anna");
  viktor.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  const applied = await viktor.waitForText("✅ fees.yml обновлён!");
  expect(applied.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual([
    "Показать изменения",
    "Отменить",
  ]);
  await anna.waitForText("🔔 Boris changed fees.yml");
  await expect
    .poll(() => server.menu(1002, 1002, "en").find(({ command }) => command === "get_fees"))
    .toMatchObject({ description: "Скачать fees.yml" });

  await airlock.restart();
  viktor.send("/cancel");
  await viktor.waitForText("Отменять нечего.");
  viktor.send("/language");
  const question = await viktor.waitForText("На каком языке вам писать? Сейчас: Русский.");
  const press = viktor.press(question, "English");
  await press.answered;
  await viktor.waitForText("From now on I write to you in English.");
  viktor.send("/cancel");
  await viktor.waitForText("There is nothing to cancel.");
  viktor.send("/language auto");
  await viktor.waitForText("Теперь я пишу вам по-русски.", { since: viktor.cursor() - 1 });
  viktor.send("/language fr");
  await viktor.waitForText("Я пишу по-русски и по-английски");
});

test("with LANGUAGE=auto people read the language of their app; what a login shell calls LANGUAGE is not meant", async () => {
  const { server, anna, eve, airlock } = await openStage({ env: { LANGUAGE: "auto" } });
  const viktor = server.user({ id: 1002, firstName: "Boris", languageCode: "ru-RU" });
  viktor.send("/cancel");
  await viktor.waitForText("Отменять нечего.");
  anna.send("/cancel");
  await anna.waitForText("There is nothing to cancel.");
  // What comes later, unasked, is in the language that was heard last.
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await viktor.waitForText("🔔 fees.yml изменён: Anna");
  expect(viktor.transcript()).toContain("строка 2");
  eve.send("/whoami");
  await eve.waitForText("Your id is 6660.");
  await airlock.restart({ LANGUAGE: "ru_RU:ru" });
  viktor.send("/cancel");
  await viktor.waitForText("There is nothing to cancel.");
});

test("where a server refuses entities that it does not know, every text arrives without them, and no call is refused twice", async () => {
  const { server, anna, boris, airlock } = await openStage();
  server.refuseEntities("date_time", "expandable_blockquote");
  boris.send("/start");
  await boris.waitForText("You can change");
  anna.send("/status");
  const status = await anna.waitForText("up for");
  expect(status.text).toMatch(/revision 1, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  expect(status.entities?.map(({ type }) => type)).not.toContain("date_time");
  expect(status.entities).toContainEqual(expect.objectContaining({ type: "bold" }));
  const many = Array.from({ length: 9 }, (_, index) => `x${index}: 1\n`).join("");
  anna.upload("fees.yml", feesFile(1) + many, { caption: "/set_fees" });
  const invalid = await anna.waitForText("❌ fees.yml was not changed: 9 problems found.");
  expect(invalid.entities).toContainEqual(expect.objectContaining({ type: "code" }));
  const refused = (): number => server.requests.filter(({ status: code }) => code === 400).length;
  const before = refused();
  anna.send("/get_fees");
  await anna.waitFor(({ caption }) => caption?.includes("revision 1") === true);
  anna.send("/status");
  await anna.waitForText("up for", { since: anna.cursor() - 1 });
  expect(refused()).toBe(before);

  server.refuseEntities("bold", "code");
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  const applied = await anna.waitForText("✅ fees.yml updated successfully!");
  expect(applied.entities ?? []).toEqual([]);
  await boris.waitForText("🔔 Anna changed fees.yml");
  expect(await airlock.history("fees")).toHaveLength(2);
});
