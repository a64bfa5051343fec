import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sendRequest } from "../../../src/telegram/api/http-request.ts";

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
