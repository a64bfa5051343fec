// Where etcd lets nobody in with the settings that there are: said as what it is, and not as an etcd that does not answer.
import { once } from "node:events";
import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createGateway } from "../../../src/store/etcd/gateway.ts";
import { createKv } from "../../../src/store/etcd/kv.ts";
import { good, key, ofAnotherName, over } from "./certificates.ts";

/** What etcd answers where nothing is found. */
const nothing = JSON.stringify({ header: { revision: "1" } });

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  server.on("request", (_, response) => response.end(nothing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function opened(ports: readonly number[], ca: string) {
  const gateway = createGateway({
    endpoints: ports.map((port) => new URL(`https://127.0.0.1:${port}`)),
    ca,
    report: () => {},
  });
  onTestFinished(() => gateway.close());
  return { gateway, kv: createKv(gateway) };
}

describe("a certificate that cannot be trusted is said at once, and why", () => {
  for (const { name, shown, ca, why } of [
    { name: "of another authority", shown: good, ca: over, why: "authority" },
    { name: "for another name", shown: ofAnotherName, ca: ofAnotherName, why: "name" },
    { name: "that is over", shown: over, ca: over, why: "time" },
  ]) {
    test(name, async () => {
      const port = await listening(createServer({ key, cert: shown }));
      const { gateway, kv } = opened([port], ca);
      const trouble = { code: "store_not_trusted", params: { why } };
      await expect(kv.range("a")).rejects.toMatchObject({ trouble });
      expect(gateway.keptOut).toEqual(trouble);
      // What settles would ask for ever, had anything been sent.
      await expect(
        kv.transact({ compare: [], success: [] }, { settles: true }),
      ).rejects.toMatchObject({ trouble });
    });
  }
});

test("where there is no TLS at all, that is said", async () => {
  const { kv } = opened([await listening(createPlainServer())], good);
  await expect(kv.range("a")).rejects.toMatchObject({
    trouble: { code: "store_not_trusted", params: { why: "speaks_no_tls" } },
  });
});

test("one endpoint that can be trusted is enough, and what was said before is over", async () => {
  const odd = await listening(createServer({ key, cert: ofAnotherName }));
  const fine = await listening(createServer({ key, cert: good }));
  const { gateway, kv } = opened([odd, fine], good);
  expect((await kv.range("a")).kvs).toEqual([]);
  expect(gateway.keptOut).toBeUndefined();
});
