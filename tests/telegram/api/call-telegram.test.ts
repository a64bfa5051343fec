import type { RequestListener } from "node:http";
import { Api, InputFile } from "grammy";
import { expect, test } from "vitest";
import { parseMultipart } from "../../../sandbox/bot-api/multipart.ts";
import { callTelegram, NoAnswer, ownCalls } from "../../../src/telegram/api/call-telegram.ts";
import { serve as serveAnyone } from "../../local-server.ts";

const answersMax = 32 * 1024 * 1024;

async function serve(answer: RequestListener): Promise<string> {
  return `${await serveAnyone(answer)}/bot1:secret`;
}

const me = { id: 1, is_bot: true, first_name: "Airlock", username: "airlock_bot" };
const meText = JSON.stringify({ ok: true, result: me });

async function failureOf(call: Promise<unknown>): Promise<NoAnswer> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NoAnswer)) throw new Error(`expected NoAnswer, got ${String(error)}`);
  return error;
}

test("an answer of exactly the largest size is read, and one byte more ends the call", async () => {
  for (const [more, isRead] of [
    [0, true],
    [1, false],
  ] as const) {
    const url = await serve((_, response) => {
      response.end(meText + " ".repeat(answersMax - meText.length + more));
    });
    const call = callTelegram(url, "getMe", {});
    if (isRead) expect(await call).toEqual({ ok: true, result: me });
    else expect(await failureOf(call)).toMatchObject({ method: "getMe", status: 200 });
  }
});

test("fields arrive as JSON, a file as a part of its own that its field names, and the connection is used again", async () => {
  const seen: { type: string; body: Buffer; port: number | undefined }[] = [];
  const sent = JSON.stringify({ ok: true, result: { message_id: 7 } });
  const url = await serve((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const { method, url: path, headers, socket } = request;
      expect([method, path]).toEqual(["POST", expect.stringMatching(/^\/bot1:secret\/send/)]);
      const type = headers["content-type"] ?? "";
      seen.push({ type, body: Buffer.concat(parts), port: socket.remotePort });
      response.end(sent);
    })();
  });
  await callTelegram(url, "sendMessage", { chat_id: 1, text: "ä", left: undefined });
  const name = '5%20 or ä;"b"\r\n.yml';
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
  const document = new InputFile(bytes, name);
  const caption_entities = [{ type: "bold", offset: 0, length: 1 }];
  await callTelegram(url, "sendDocument", {
    chat_id: 1,
    document,
    caption_entities,
    left: undefined,
  });
  const [asJson, asForm] = seen;
  expect(asForm?.port).toBe(asJson?.port);
  expect([asJson?.type, asJson?.body.toString()]).toEqual([
    "application/json",
    '{"chat_id":1,"text":"ä"}',
  ]);
  const read = parseMultipart(
    asForm?.body ?? Buffer.of(),
    /boundary=(.+)/.exec(asForm?.type ?? "")?.[1] ?? "",
  );
  expect(read?.fields).toEqual(
    new Map([
      ["chat_id", "1"],
      ["document", "attach://document_file"],
      ["caption_entities", JSON.stringify(caption_entities)],
    ]),
  );
  expect(read?.files).toEqual(new Map([["document_file", { name, bytes }]]));
});

for (const { name, begin } of [
  { name: "before an answer", begin: false },
  { name: "in the middle of the answer", begin: true },
]) {
  test(`a signal ends a call ${name}`, async () => {
    const ending = new AbortController();
    const url = await serve((_, response) => {
      if (begin) response.write(meText.slice(0, 10), () => setImmediate(() => ending.abort()));
      else ending.abort();
    });
    const failure = await failureOf(callTelegram(url, "getMe", {}, ending.signal));
    expect(failure).toMatchObject({ method: "getMe" });
  });
}

test("a signal that has ended before the call lets nothing out", async () => {
  let requests = 0;
  const url = await serve(() => (requests += 1));
  await failureOf(callTelegram(url, "getMe", {}, AbortSignal.abort()));
  expect(requests).toBe(0);
});

test("a file that is not made of bytes is a bug, and nothing is sent of it", async () => {
  const file = new InputFile(new URL("http://127.0.0.1:9/"));
  const call = callTelegram("http://127.0.0.1:9", "sendDocument", { document: file });
  await expect(call).rejects.toThrow("only bytes are sent as files");
});

test("once another bot leads, nothing is sent any more", async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    requests += 1;
    response.end(meText);
  });
  const silenced = new AbortController();
  const api = new Api("1:token");
  api.config.use(ownCalls(url, silenced.signal));
  expect(await api.getMe()).toEqual(me);
  silenced.abort();
  await expect(api.getMe()).rejects.toThrow("another bot leads");
  expect(requests).toBe(1);
});

test("what is answered instead is told by its status, type and length, not by its words", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-type": `text/html${"x".repeat(200)}` });
    response.end("<p>the password is hunter2");
  });
  const failure = await failureOf(callTelegram(url, "getMe", {}));
  expect(failure.message).toBe(
    `getMe was answered with status 200 and a body (text/html${"x".repeat(71)}, 26 characters) that is not JSON`,
  );
});
