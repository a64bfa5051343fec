// A version for services to take, and servers that say whether they did.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { type ConfigId, parseConfigId } from "../../src/model/config-id.ts";

const sha256 = "0123456789abcdef".repeat(4);
export const version = { configId: fees(), filePath: "/srv/fees.yml", revision: 12, sha256 };

function fees(): ConfigId {
  const id = parseConfigId("fees");
  if (id === undefined) throw new Error("fees is an id");
  return id;
}

/** @returns its address */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}
