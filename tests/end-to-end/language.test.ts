// In which language the bot speaks to whom, and what becomes of a text on a server that does not know its entities.
import { expect, test, vi } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { feesFile, openStage, ratesFile } from "./stage.ts";

const spoken = {
  en: "From now on I write to you in English.",
  ru: "Теперь я пишу вам по-русски.",
} as const;

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

test("what waited while its reader chose another language is told in that one: a decision, a proposal, a schedule, Keep, a question", async () => {
  const { airlock, anna, boris } = await openStage({
    configFiles: { "fees.yml": feesFile(0), "rates.yml": ratesFile(1) },
    rootFiles: {
      "airlock.yml": `configs:
  fees: { file: fees.yml, schema: builtin:fees, approval: { when: always }, keep: 1h }
  rates: { file: rates.yml, schema: builtin:rates }
`,
    },
  });
  async function speak(person: Person, language: "en" | "ru"): Promise<void> {
    const since = person.cursor();
    person.send(`/language ${language}`);
    await person.waitForText(spoken[language], { since });
  }
  await speak(boris, "en");
  async function says(person: Person, message: Message, text: string): Promise<void> {
    const now = (): string =>
      person.messages().find(({ message_id: id }) => id === message.message_id)?.text ?? "";
    await vi.waitFor(() => expect(now()).toContain(text), 20_000);
    expect(/[а-яё]/i.test(now())).toBe(/[а-яё]/i.test(text));
  }

  // A stale file.
  anna.send("/get_rates");
  await anna.waitForText("rates.yml, revision 1");
  boris.upload("rates.yml", ratesFile(2), { caption: "/set_rates" });
  await boris.waitForText("✅ rates.yml updated successfully!");
  anna.upload("rates.yml", ratesFile(3), { caption: "/set_rates" });
  const stale = await anna.waitForText("⚠️ rates.yml has changed since you took it.");
  await speak(anna, "ru");
  await anna.press(stale, "Discard").answered;
  await says(anna, stale, "🚫 Отменено. rates.yml не изменён.");

  // A proposal, for its author and for who is asked.
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  const proposal = await anna.waitForText("🕓 fees.yml ждёт одобрения.");
  const asked = await boris.waitForText("🕓 Anna wants to change fees.yml.");
  await speak(anna, "en");
  await speak(boris, "ru");
  await boris.press(asked, "Approve").answered;
  await says(boris, asked, "Одобрено: Boris.");
  await says(anna, proposal, "It goes back to revision 1 at");

  // What waits for Keep.
  await speak(anna, "ru");
  const live = boris.messages().findLast(({ text }) => text?.startsWith("🔔") === true);
  expect(live?.text).toContain("Anna");
  await boris.press(live ?? expect.unreachable(), "Оставить").answered;
  await says(anna, proposal, "Оставлено: Boris.");

  // A schedule, and a question that was asked in another language.
  await speak(anna, "en");
  anna.send("/get_rates");
  await anna.waitForText("rates.yml, revision 2");
  const due = new Date(Date.now() + 3000).toISOString().slice(0, 19);
  anna.upload("rates.yml", ratesFile(4), { caption: `/schedule_rates ${due}` });
  const scheduled = await anna.waitForText("🗓 rates.yml will change at");
  anna.send("/set_rates");
  const question = await anna.waitForText("Send me the new rates.yml as a file.");
  await speak(anna, "ru");
  await says(anna, scheduled, "✅ rates.yml обновлён!");
  const since = anna.cursor();
  anna.upload("rates.yml", ratesFile(5), { replyTo: question });
  await anna.waitForText("✅ rates.yml обновлён!", { since });
  expect((await airlock.live("rates")).toString()).toBe(ratesFile(5));
});
