import { expect, test } from "vitest";
import { HttpError } from "grammy";
import { refusalOf, startSandbox } from "./sandbox.ts";

test("a fault befalls only the chat and the number of calls that it was made for", async () => {
  const { anna, api, server } = await startSandbox();
  const boris = server.user({ id: 1002, firstName: "Boris" });
  boris.send("/start");
  const fault = server.fault({
    method: "sendMessage",
    when: ({ chatId }) => chatId === anna.chatId,
    times: 1,
    kind: "too_many",
    retryAfterSeconds: 7,
  });
  await api.sendMessage(boris.chatId, "x");
  const refused = api.sendMessage(anna.chatId, "x");
  await expect(refused).rejects.toMatchObject({
    error_code: 429,
    description: "Too Many Requests: retry after 7",
    parameters: { retry_after: 7 },
  });
  await api.sendMessage(anna.chatId, "x");
  expect(fault.hits).toBe(1);
});

for (const { effect, count } of [
  { effect: "before", count: 1 },
  { effect: "after", count: 2 },
] as const) {
  test(`a connection cut ${effect} the effect leaves ${count} messages`, async () => {
    const { anna, api, server } = await startSandbox();
    server.fault({ method: "sendMessage", kind: "reset", effect });
    await expect(api.sendMessage(anna.chatId, "x")).rejects.toThrow(HttpError);
    expect(anna.messages()).toHaveLength(count);
    expect(server.requests.at(-1)?.status).toBeUndefined();
  });

  test(`a refusal ${effect} the effect leaves ${count} messages`, async () => {
    const { anna, api, server } = await startSandbox();
    const description = "Internal Server Error: Request aborted";
    server.fault({ method: "sendMessage", kind: "refuse", code: 500, description, effect });
    expect(await refusalOf(api.sendMessage(anna.chatId, "x"))).toBe(`500 ${description}`);
    expect(anna.messages()).toHaveLength(count);
  });

  test(`a gate ${effect} the effect holds the call with ${count} messages in the chat`, async () => {
    const { anna, api, server } = await startSandbox();
    const gate = server.fault({ method: "sendMessage", kind: "gate", effect });
    const sending = api.sendMessage(anna.chatId, "x");
    await gate.reached;
    expect(anna.messages()).toHaveLength(count);
    gate.open();
    await sending;
    expect(anna.messages()).toHaveLength(2);
  });
}

test("a call that hangs ends when the caller gives up, without effect", async () => {
  const { anna, server } = await startSandbox();
  const hang = server.fault({ method: "sendMessage", kind: "hang" });
  const caller = new AbortController();
  const url = `${server.root}/bot${server.token}/sendMessage?chat_id=${anna.chatId}&text=x`;
  const sending = fetch(url, { signal: caller.signal });
  await hang.reached;
  caller.abort();
  await expect(sending).rejects.toThrow("aborted");
  expect(anna.messages()).toHaveLength(1);
});

test("a fault that was removed does no more harm", async () => {
  const { anna, api, server } = await startSandbox();
  const fault = server.fault({ method: "*", kind: "reset" });
  fault.remove();
  fault.remove();
  await api.sendMessage(anna.chatId, "x");
});

test("closing the server ends calls that hang, wait at gates or poll", async () => {
  const { anna, api, server } = await startSandbox();
  const gate = server.fault({ method: "sendMessage", kind: "gate" });
  const calls = [api.sendMessage(anna.chatId, "x"), api.getUpdates({ timeout: 50 })];
  const ended = Promise.allSettled(calls);
  await gate.reached;
  await server.waitForRequest(({ params }) => params["timeout"] === 50);
  await server.close();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
