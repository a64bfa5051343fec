import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../../local-server.ts";
import { sendRequest } from "../../../src/telegram/api/http-request.ts";

test("an answer that is too long is read no further", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const url = await serve((_, response) => {
    closed = once(response, "close");
    const more = (): boolean => response.write("x".repeat(100_000));
    response.on("drain", more);
    more();
  });
  const answer = await sendRequest(url, { method: "GET" });
  expect(await answer.read(100)).toBeUndefined();
  await closed;
});

test("an answer that breaks off is none, and a signal is let go of once a call has ended", async () => {
  const url = await serve(({ url: path }, response) => {
    if (path === "/whole") return void response.end("whole");
    response.writeHead(200, { "content-length": "10" });
    return void response.write("half", () => response.destroy());
  });
  const { signal } = new AbortController();
  const broken = await sendRequest(url, { method: "GET", signal });
  await expect(broken.read(100)).rejects.toThrow();
  const whole = await sendRequest(`${url}/whole`, { method: "GET", signal });
  expect(String(await whole.read(100))).toBe("whole");
  await expect.poll(() => getEventListeners(signal, "abort")).toEqual([]);
});

test("calls go over one connection, which is closed by the bot and not by the server when it idles", async () => {
  const server = createServer((_, response) => response.end("{}"));
  const neverMs = 0;
  server.keepAliveTimeout = neverMs;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server's address is that of a socket file only where it listens on one.
  const { port } = server.address() as AddressInfo;
  const call = async (): Promise<void> => {
    const answer = await sendRequest(`http://127.0.0.1:${port}/`, { method: "POST", body: "{}" });
    await answer.read(10);
  };
  await call();
  const [first] = sockets;
  if (first === undefined) throw new Error("nothing connected");
  const closed = once(first, "close");
  await call();
  expect(sockets).toHaveLength(1);
  await closed;
  await call();
  expect(sockets).toHaveLength(2);
});
