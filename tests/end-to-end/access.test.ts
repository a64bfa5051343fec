import { describe, expect, test } from "vitest";
import { openSharedStage } from "./shared-stage.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

/** Everything that was sent before it has been handled when this is answered. */
async function settled({ anna }: Stage): Promise<void> {
  const since = anna.cursor();
  anna.send("/whoami");
  await anna.waitForText("Your id is 1001", { since });
}

async function expectNothingChanged({ airlock, server }: Stage): Promise<void> {
  expect(await airlock.history("fees")).toHaveLength(1);
  expect(server.requests.filter(({ method }) => method === "getFile")).toEqual([]);
}

test("commands, documents and presses of strangers do nothing, and are counted and logged", async () => {
  const stage = await openStage();
  const { server, airlock, anna, eve } = stage;
  anna.upload("fees.yml", feesFile(1));
  const question = await anna.waitForText("Which config");
  const [button] = question.reply_markup?.inline_keyboard.flat() ?? [];
  const data = button !== undefined && "callback_data" in button ? button.callback_data : "";
  const answers = server.requests.length;
  eve.send("/set_fees");
  eve.send("/get_fees");
  eve.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  eve.pressData(question, data);
  await airlock.waitForLog(
    ({ msg, what, user_id: id }) => msg === "access_denied" && what === "button" && id === 6660,
  );
  expect(await airlock.metric("access_denied_total")).toBe(4);
  await settled(stage);
  const toEve = server.requests.slice(answers).filter(({ params }) => params["chat_id"] === 6660);
  expect(toEve).toEqual([]);
  expect(eve.messages().filter(({ from }) => from?.is_bot)).toEqual([]);
  expect(
    anna.messages().find(({ message_id: id }) => id === question.message_id)?.reply_markup,
  ).toBeDefined();
  await expectNothingChanged(stage);
});

test("anonymous admins, channels and forwarded authors are nobody", async () => {
  const stage = await openStage({ adminIds: [1001, 7777] });
  const { server, airlock, anna, eve } = stage;
  const group = server.group({ title: "Ops", privacy: false });
  const channel = server.channel({ title: "News" });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees", in: group, asAnonymousAdmin: true });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees", in: group, asChannel: channel });
  eve.upload("fees.yml", feesFile(1), { caption: "/set_fees", forwardFrom: anna.account });
  server.user({ id: 7777, firstName: "Robot", isBot: true }).send("/get_fees", { in: group });
  channel.post("/set_fees");
  await airlock.waitForLog(
    ({ msg, what, user_id: id }) => msg === "access_denied" && what === "document" && id === 6660,
  );
  await settled(stage);
  await expectNothingChanged(stage);
  expect(group.messages().filter(({ from }) => from?.username === "airlock_bot")).toEqual([]);
});

test("a file that an admin forwards is the admin's own, and the stranger's caption no command", async () => {
  const stage = await openStage();
  const { anna, eve } = stage;
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees", forwardFrom: eve.account });
  await anna.waitForText("Which config");
  await expectNothingChanged(stage);
});

describe("forged button data is out of date, and the buttons are removed, where it is", () => {
  const sharedStage = openSharedStage();
  for (const { name, data } of [
    { name: "of no known kind", data: "delete:everything" },
    { name: "with an id that was never given", data: "set:AAAAAAAAAAAAAAAA:fees" },
    { name: "with a path for an id", data: "set:../../../../etc:fees" },
    { name: "for a config that there is not", data: "set:AAAAAAAAAAAAAAAA:passwd" },
  ]) {
    test(name, async () => {
      const stage = sharedStage();
      const { anna } = stage;
      const since = anna.cursor();
      anna.upload("fees.yml", feesFile(1));
      const question = await anna.waitForText("Which config", { since });
      expect(await anna.pressData(question, data).answered).toMatchObject({
        text: "This button is out of date.",
      });
      await anna.waitFor(
        ({ message_id: id, reply_markup: markup }) =>
          id === question.message_id && markup === undefined,
      );
      await expectNothingChanged(stage);
    });
  }
});

test("in a group, the question asks for a reply, and each admin has a question of their own", async () => {
  const { server, airlock, anna, boris } = await openStage();
  const group = server.group({ title: "Ops" });
  anna.send("/set_fees", { in: group });
  const question = await group.waitForText("Send me the new fees.yml");
  const asked = server.requests.find(({ method }) => method === "sendMessage");
  expect(asked?.params["reply_markup"]).toMatchObject({ force_reply: true, selective: true });
  expect(question.reply_to_message?.from?.id).toBe(1001);
  boris.send("/set_rates@airlock_bot", { in: group });
  await group.waitForText("Send me the new rates.yml");
  // What admins say among themselves is no answer.
  anna.send("are you there?", { in: group, replyTo: boris.send("hello", { in: group }) });
  anna.send("not yet", { in: group, replyTo: question });
  await group.waitForText("That is a text message.");
  anna.upload("fees.yml", feesFile(1), { in: group, replyTo: question });
  await group.waitForText("✅ fees.yml");
  boris.send("/cancel", { in: group });
  await group.waitForText("🚫 Cancelled. rates.yml was not changed.");
  expect(await airlock.history("rates")).toHaveLength(1);
});

test("a command for another bot is not ours", async () => {
  const stage = await openStage();
  const group = stage.server.group({ title: "Ops", privacy: false });
  stage.anna.send("/set_fees@other_bot", { in: group });
  stage.anna.upload("fees.yml", feesFile(1), { caption: "/set_fees@other_bot", in: group });
  // What comes after both is answered, and they were not.
  stage.anna.upload("fees.yml", feesFile(2), { in: group });
  await group.waitForText("Which config");
  expect(group.messages().filter(({ text }) => text?.includes("Which config"))).toHaveLength(1);
  await expectNothingChanged(stage);
});

test("a person's name is data: it is shown as it is, on one line", async () => {
  const { server, airlock, boris } = await openStage();
  const hacker = server.user({ id: 1001, firstName: "<b>An\nna</b>\u202E", lastName: "{{7*7}}" });
  hacker.upload("fees.yml", feesFile(1), { caption: "/set_fees because\n<i>\u0007x" });
  await hacker.waitForText("✅");
  boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  const done = await boris.waitForText("✅");
  expect(done.text).toContain("This replaced <b>An na</b> {{7*7}}'s version from ");
  expect((await airlock.history("fees"))[1]).toMatchObject({
    author: { id: 1001, name: "<b>An na</b> {{7*7}}" },
    reason: "because <i> x",
  });
});
