// How endpoints of etcd are asked one after another, against servers of one's own that hang or refuse.
import type { RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createGateway } from "../../../src/store/etcd/gateway.ts";
import { createKv } from "../../../src/store/etcd/kv.ts";
import { serve } from "../../local-server.ts";

async function endpoint(answer: RequestListener): Promise<URL> {
  return new URL(await serve(answer));
}

test("an endpoint that hangs holds up nobody for long while another one is without a leader", async () => {
  const hanging = await endpoint(() => {});
  let asked = 0;
  const electing = await endpoint((_, response) => {
    asked += 1;
    if (asked < 3) response.statusCode = 503;
    response.end(JSON.stringify({ header: { revision: "1" } }));
  });
  const gateway = createGateway({
    endpoints: [hanging, electing],
    firstTryMs: 100,
    report: () => {},
  });
  onTestFinished(() => gateway.close());
  expect((await createKv(gateway).range("a", { withinMs: 4000 })).kvs).toEqual([]);
  expect(asked).toBe(3);
});
