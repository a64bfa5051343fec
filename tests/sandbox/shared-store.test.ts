import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { watchStore } from "../../sandbox/shared-store.ts";

test("a store that is closed in the middle of an answer ends quietly: its rejection would end the sandbox, and leave etcd behind", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write('{"kvs":[');
    server.emit("half an answer");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const endpoint = new URL(`http://127.0.0.1:${address.port}`);
  const store = watchStore(
    { endpoints: [endpoint], prefix: "/stage-1/" },
    { historyMax: 1, onChange: () => expect.unreachable() },
  );
  await once(server, "half an answer");
  // Its headers have come as well.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await store.close();
  expect(store.facts.newest.size).toBe(0);
});
