import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { createCast } from "../../sandbox/cast.ts";

test("a stranger has a chat, the same one each time, and no role, also for a bot that is started afterwards", async () => {
  const telegram = await startTelegramServer();
  onTestFinished(() => telegram.close());
  let changes = 0;
  const cast = createCast(telegram, () => (changes += 1));
  const stranger = cast.openStranger();
  expect(cast.openStranger()).toBe(stranger);
  expect(changes).toBe(1);
  const names = (people: typeof cast.all) => people.map(({ account }) => account.first_name);
  expect(names(cast.all)).toEqual(["Anna", "Boris", "Mallory"]);
  expect(names(cast.admins)).toEqual(["Anna", "Boris"]);
});
