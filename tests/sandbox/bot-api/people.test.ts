import { expect, test } from "vitest";
import { refusalOf, startSandbox } from "./sandbox.ts";

test("commands in texts and captions are found, counted in UTF-16 units", async () => {
  const { anna } = await startSandbox();
  const text = anna.send("🔒 /set_fees@airlock_bot now, not/this");
  expect(text.entities).toEqual([{ type: "bot_command", offset: 3, length: 21 }]);
  const upload = anna.upload("fees.yml", "x", { caption: "/set_fees because" });
  expect(upload.caption_entities).toEqual([{ type: "bot_command", offset: 0, length: 9 }]);
});

test("a person whose app changes its language says so from then on, in what they send and press", async () => {
  const { anna, api } = await startSandbox();
  const question = await api.sendMessage(1001, "?", {
    reply_markup: { inline_keyboard: [[{ text: "Yes", callback_data: "yes" }]] },
  });
  const before = anna.send("before");
  anna.setLanguage("ru");
  anna.send("after");
  anna.press(question, "Yes");
  const updates = await api.getUpdates();
  const told = updates.map(({ message, callback_query: press }) => (message ?? press)?.from);
  expect(told.map((from) => from?.language_code)).toEqual(["en", "ru", "ru"]);
  expect(before.from?.language_code).toBe("en");
});

test("a document may lack its name, type and size", async () => {
  const { anna } = await startSandbox();
  const { document } = anna.upload(undefined, "x", { mimeType: null, fileSize: null });
  expect(Object.keys(document ?? {}).toSorted()).toEqual(["file_id", "file_unique_id"]);
});

test("an album is several messages with one id", async () => {
  const { anna, api } = await startSandbox();
  anna.sendAlbum([
    { kind: "document", name: "fees.yml", bytes: Buffer.from("x"), caption: "/set_fees" },
    { kind: "photo" },
  ]);
  const updates = await api.getUpdates();
  const [first, second] = updates.map((update) => update.message?.media_group_id);
  expect(first).toMatch(/^\d+$/);
  expect(second).toBe(first);
});

test("anonymous admins, channels and forwards arrive as Telegram writes them", async () => {
  const { anna, api, server } = await startSandbox();
  const group = server.group({ title: "Ops", privacy: false });
  const channel = server.channel({ title: "News" });
  anna.send("a", { in: group, asAnonymousAdmin: true });
  anna.send("b", { in: group, asChannel: channel });
  anna.send("c", { forwardFrom: "Somebody" });
  channel.post("d");
  const [anonymous, asChannel, forwarded, post] = await api.getUpdates();
  expect(anonymous?.message).toMatchObject({
    from: { id: 1087968824, is_bot: true },
    sender_chat: { id: group.chatId },
  });
  expect(asChannel?.message).toMatchObject({
    from: { id: 136817688 },
    sender_chat: { id: channel.chatId },
  });
  expect(forwarded?.message?.forward_origin).toMatchObject({ type: "hidden_user" });
  expect(post?.channel_post).toMatchObject({ text: "d", sender_chat: { id: channel.chatId } });
  expect(post?.channel_post).not.toHaveProperty("from");
});

test("with privacy on, a bot in a group sees commands, replies to it and mentions, nothing else", async () => {
  const { anna, api, server } = await startSandbox();
  const group = server.group({ title: "Ops" });
  const asked = await api.sendMessage(group.chatId, "the file?", {
    reply_markup: { force_reply: true, selective: true },
  });
  anna.send("chatter", { in: group });
  anna.send("hey @airlock_bot", { in: group });
  anna.send("/set_fees", { in: group });
  anna.send("/set_fees@other_bot", { in: group });
  anna.send("/set_fees@Airlock_bot", { in: group });
  anna.upload("a.yml", "x", { in: group });
  anna.upload("b.yml", "x", { in: group, caption: "/set_fees" });
  anna.upload("c.yml", "x", { in: group, replyTo: asked });
  const seen = (await api.getUpdates()).map(
    ({ message }) => message?.text ?? message?.document?.file_name,
  );
  expect(seen).toEqual([
    "hey @airlock_bot",
    "/set_fees",
    "/set_fees@Airlock_bot",
    "b.yml",
    "c.yml",
  ]);
});

test("a group that becomes a supergroup refuses its old id and tells the new one", async () => {
  const { anna, api, server } = await startSandbox();
  const group = server.group({ title: "Ops" });
  anna.send("/help", { in: group });
  const oldId = group.chatId;
  group.migrate();
  const updates = await api.getUpdates();
  expect(updates.map(({ message }) => message?.migrate_to_chat_id)).toContain(group.chatId);
  const call = api.sendMessage(oldId, "x");
  await expect(call).rejects.toMatchObject({
    error_code: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    parameters: { migrate_to_chat_id: group.chatId },
  });
  await api.sendMessage(group.chatId, "x");
});

test("each person sees the narrowest menu that was set", async () => {
  const { anna, api, server } = await startSandbox();
  const boris = server.user({ id: 1002, firstName: "Boris" });
  await api.setMyCommands([{ command: "help", description: "Help" }]);
  const own = [{ command: "set_fees", description: "Change fees.yml" }];
  await api.setMyCommands(own, { scope: { type: "chat", chat_id: anna.chatId } });
  expect(server.menu(anna.chatId, anna.account.id)).toEqual(own);
  expect(server.menu(boris.chatId, boris.account.id)).toMatchObject([{ command: "help" }]);
  await api.deleteMyCommands({ scope: { type: "chat", chat_id: anna.chatId } });
  expect(server.menu(anna.chatId, anna.account.id)).toMatchObject([{ command: "help" }]);
});

for (const { name, commands, refusal } of [
  {
    name: "a command in capitals",
    commands: [{ command: "Help", description: "x" }],
    refusal: "BOT_COMMAND_INVALID",
  },
  {
    name: "a command of 33 characters",
    commands: [{ command: "x".repeat(33), description: "x" }],
    refusal: "command length must not exceed 32",
  },
  {
    name: "an empty description",
    commands: [{ command: "help", description: " " }],
    refusal: "command description must be non-empty",
  },
  {
    name: "a hundred and one commands",
    commands: Array.from({ length: 101 }, (_, i) => ({ command: `c${i}`, description: "x" })),
    refusal: "BOT_COMMANDS_TOO_MUCH",
  },
]) {
  test(`${name} is refused in a menu`, async () => {
    const { api } = await startSandbox();
    expect(await refusalOf(api.setMyCommands(commands))).toBe(`400 Bad Request: ${refusal}`);
  });
}

test("a menu cannot be set for a person who never wrote to the bot", async () => {
  const { api, server } = await startSandbox();
  server.user({ id: 1002, firstName: "Boris" });
  const scope = { type: "chat" as const, chat_id: 1002 };
  expect(await refusalOf(api.setMyCommands([], { scope }))).toBe("400 Bad Request: chat not found");
});
