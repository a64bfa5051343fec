import { expect, test } from "vitest";
import { Bot } from "grammy";
import { callRaw, refusalOf, startSandbox } from "./sandbox.ts";

test("an update comes back until a higher offset confirms it", async () => {
  const { api, anna } = await startSandbox();
  anna.send("one");
  const [one] = await api.getUpdates();
  expect(await api.getUpdates()).toHaveLength(1);
  anna.send("two");
  const rest = await api.getUpdates({ offset: (one?.update_id ?? 0) + 1 });
  expect(rest.map((update) => update.message?.text)).toEqual(["two"]);
});

test("a negative offset keeps only the newest updates", async () => {
  const { api, anna } = await startSandbox();
  for (const text of ["one", "two", "three"]) {
    anna.send(text);
  }
  const newest = await api.getUpdates({ offset: -2 });
  expect(newest.map((update) => update.message?.text)).toEqual(["two", "three"]);
  expect(await api.getUpdates()).toHaveLength(2);
});

test("a long poll ends as soon as somebody writes", async () => {
  const { api, anna, server } = await startSandbox();
  const cursor = server.requestCursor();
  const polled = api.getUpdates({ timeout: 50 });
  await server.waitForRequest(({ method }) => method === "getUpdates", { since: cursor });
  anna.send("hello");
  expect((await polled).map((update) => update.message?.text)).toEqual(["hello"]);
});

test("a second poller ends the first with 409", async () => {
  const { api, anna, server } = await startSandbox();
  const cursor = server.requestCursor();
  const first = refusalOf(api.getUpdates({ timeout: 50 }));
  await server.waitForRequest(({ method }) => method === "getUpdates", { since: cursor });
  const second = api.getUpdates({ timeout: 50 });
  expect(await first).toBe(
    "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  );
  anna.send("hello");
  expect(await second).toHaveLength(1);
});

test("allowed_updates is remembered and decides when an update is made", async () => {
  const { api, anna } = await startSandbox();
  await api.getUpdates({ allowed_updates: ["callback_query"] });
  const message = anna.send("unseen");
  await api.getUpdates({ allowed_updates: [] });
  anna.send("seen");
  anna.edit(message, "unseen no more");
  const updates = await api.getUpdates();
  expect(updates.map((update) => update.message?.text ?? update.edited_message?.text)).toEqual([
    "seen",
    "unseen no more",
  ]);
});

test("an update can be delivered twice under the same id", async () => {
  const { api, anna, server } = await startSandbox();
  const message = anna.send("one");
  const [first] = await api.getUpdates();
  const offset = (first?.update_id ?? 0) + 1;
  expect(await api.getUpdates({ offset })).toEqual([]);
  server.redeliver(message);
  expect(await api.getUpdates({ offset })).toEqual([first]);
  expect(await api.getUpdates({ offset })).toEqual([]);
});

test("grammY's own bot runs on it", async () => {
  const { anna, server } = await startSandbox();
  const bot = new Bot(server.token, { client: { apiRoot: server.root } });
  bot.command("help", (ctx) => ctx.reply(`You are ${ctx.from?.first_name}`));
  const running = bot.start();
  anna.send("/help@Airlock_Bot");
  const answer = await anna.waitForText("You are");
  expect(answer.text).toBe("You are Anna");
  await bot.stop();
  await running;
});

test("a wrong token is unauthorized, an unknown method not found", async () => {
  const { server } = await startSandbox();
  expect(await callRaw(server, "/bot1:wrong/getMe")).toEqual({
    status: 401,
    body: { ok: false, error_code: 401, description: "Unauthorized" },
  });
  expect(await callRaw(server, `/bot${server.token}/setWebhook`)).toEqual({
    status: 404,
    body: { ok: false, error_code: 404, description: "Not Found" },
  });
});

for (const { name, query, init } of [
  { name: "a query", query: "?chat_id=1001&text=hi", init: {} },
  {
    name: "JSON",
    query: "",
    init: {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"chat_id":1001,"text":"hi"}',
    },
  },
]) {
  test(`parameters are read from ${name}`, async () => {
    const { server } = await startSandbox();
    const { body } = await callRaw(server, `/bot${server.token}/SENDMESSAGE${query}`, init);
    expect(body).toMatchObject({ ok: true, result: { text: "hi", chat: { id: 1001 } } });
  });
}

test("a request over 50 MB is refused", async () => {
  const { server } = await startSandbox();
  const init = { method: "POST", body: Buffer.alloc(50 * 1024 * 1024 + 1) };
  expect(await callRaw(server, `/bot${server.token}/sendDocument`, init)).toMatchObject({
    status: 413,
    body: { description: "Request Entity Too Large" },
  });
});

test("every request is in the log with its status, and the token is not", async () => {
  const { api, anna, server } = await startSandbox();
  await api.sendMessage(anna.chatId, "hi");
  await refusalOf(api.sendMessage(5, "hi"));
  expect(server.requests.slice(-2)).toMatchObject([
    { method: "sendMessage", params: { chat_id: 1001, text: "hi" }, status: 200 },
    { method: "sendMessage", params: { chat_id: 5 }, status: 400 },
  ]);
  expect(JSON.stringify(server.requests)).not.toContain(server.token);
});

test("a wait in vain prints the chat", async () => {
  const { anna } = await startSandbox();
  await expect(anna.waitFor(() => false, { timeoutMs: 1 })).rejects.toThrow("Anna: /start");
});
