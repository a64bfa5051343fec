import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { checkedFetch, NoAnswer } from "../../src/telegram/checked-fetch.ts";

const answersMax = 32 * 1024 * 1024;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/bot1:secret/getMe`;
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
    const call = checkedFetch(url, {}).then((answer) => answer.json());
    if (isRead) expect(await call).toEqual({ ok: true, result: me });
    else expect(await failureOf(call)).toMatchObject({ method: "getMe", status: 200 });
  }
});

test("headers and a body that is a stream arrive as they were given, and the connection is used again", async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const { method, headers, socket } = request;
      const body = Buffer.concat(parts).toString();
      seen.push([method, headers["content-type"], body, socket.remotePort]);
      response.end(meText);
    })();
  });
  for (const body of ["{}", Readable.from(["a", "b", "c"])]) {
    await checkedFetch(url, { headers: { "content-type": "x/y" }, body });
  }
  const [[, , , port] = []] = seen as readonly (readonly unknown[])[];
  expect(seen).toEqual([
    ["POST", "x/y", "{}", port],
    ["POST", "x/y", "abc", port],
  ]);
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
    const failure = await failureOf(checkedFetch(url, { signal: ending.signal }));
    expect(failure).toMatchObject({ method: "getMe" });
  });
}

test("a signal that has ended before the call lets nothing out", async () => {
  let requests = 0;
  const url = await serve(() => (requests += 1));
  await failureOf(checkedFetch(url, { signal: AbortSignal.abort() }));
  expect(requests).toBe(0);
});

test("what is answered instead is told by its status, type and length, not by its words", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-type": `text/html${"x".repeat(200)}` });
    response.end("<p>the password is hunter2");
  });
  const failure = await failureOf(checkedFetch(url, {}));
  expect(failure.message).toBe(
    `getMe was answered with status 200 and a body (text/html${"x".repeat(71)}, 26 characters) that is not JSON`,
  );
});
