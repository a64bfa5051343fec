// What the bot keeps in small pieces, and accounts: on one node.
import { describe, expect, onTestFinished, test } from "vitest";
import type { BegunUpload } from "../../../src/store/journal.ts";
import { createEtcdStore, type EtcdStore } from "../../../src/store/etcd/etcd-store.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";

const dayMs = 24 * 60 * 60 * 1000;
const kept = { ageMaxMs: dayMs, clean: (text: string) => text };

function upload(key: string, messageId = 7): BegunUpload {
  return {
    key,
    config: "fees",
    file: "fees.yml",
    how: "upload",
    author: { id: 1001, name: "Anna" },
    reason: null,
    message: { chat_id: 5, message_id: messageId, bot_id: 1 },
    place: { chat_id: 5, reply_to: 7, message_id: null },
  };
}

describe.skipIf(etcdIsMissing)("one node", () => {
  const cluster = useCluster(1);

  function open(prefix: string, options: { user?: { name: string; password: string } } = {}) {
    const { endpoints } = cluster;
    const store: EtcdStore = createEtcdStore({
      endpoints,
      prefix,
      backupsMax: 0,
      report: () => {},
      ...options,
    });
    onTestFinished(() => store.close());
    return store;
  }

  test("a record survives a restart, is replaced whole, and can be removed", async () => {
    const prefix = cluster.freshPrefix();
    const records = await open(prefix).records("questions", kept);
    await records.write("-100_1", { question: "fees" });
    await Promise.all([records.write("-100_1", { question: "rates" }), records.write("b", null)]);
    const again = await open(prefix).records("questions", kept);
    expect(await again.read("-100_1")).toEqual({ question: "rates" });
    expect((await again.keys()).toSorted()).toEqual(["-100_1", "b"]);
    await again.write("-100_1", { question: "limits" });
    // The first one did not see that write.
    await records.remove("-100_1");
    await records.remove("never");
    expect(await again.read("-100_1")).toBeUndefined();
    expect(await again.keys()).toEqual(["b"]);
    const others = await open(prefix).records("choices", kept);
    expect(await others.keys()).toEqual([]);
  });

  test("a record of a megabyte and more than a page of them are read as they were written", async () => {
    const prefix = cluster.freshPrefix();
    const records = await open(prefix).records("parked", kept);
    const large = Buffer.alloc(1024 * 1024, "é").toString("base64");
    await records.write("large", large);
    const keys = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    await Promise.all(keys.map((key) => records.write(key, key)));
    expect(await records.read("large")).toBe(large);
    expect((await records.keys()).toSorted()).toEqual([...keys, "large"].toSorted());
  });

  test("a record that was not written for too long is forgotten at the next start", async () => {
    const prefix = cluster.freshPrefix();
    const records = await open(prefix).records("choices", kept);
    await records.write("a", 1);
    expect(await (await open(prefix).records("choices", { ...kept, ageMaxMs: -1 })).keys()).toEqual(
      [],
    );
  });

  test("every record is cleaned on its way to etcd, and a key is never more than a key", async () => {
    const clean = (text: string): string => text.replaceAll("secret", "[token]");
    const records = await open(cluster.freshPrefix()).records("a", { ...kept, clean });
    await records.write("a", { url: "botsecret/x" });
    expect(await records.read("a")).toEqual({ url: "bot[token]/x" });
    await expect(records.write("../x", 1)).rejects.toThrow("not a key");
  });

  test("the journal knows at the next start what has begun and not ended, and what was delivered and not handled", async () => {
    const prefix = cluster.freshPrefix();
    const journal = await open(prefix).journal();
    expect(journal.unfinished).toEqual([]);
    await journal.delivered([
      { key: "document:1:5:7", bot_id: 1, delivery: { text: "ü\n" } },
      { key: "document:1:5:8", bot_id: 1, delivery: 2 },
      { key: "document:1:5:9", bot_id: 1, delivery: 3 },
    ]);
    journal.handled("document:1:5:8");
    await journal.began(upload("apply:1:5:8", 8));
    await journal.began(upload("two"));
    const place = { chat_id: 6, reply_to: 7, message_id: 8 };
    journal.shown("two", place);
    journal.ended("apply:1:5:8");
    await journal.close();

    const second = await open(prefix).journal();
    expect(second.unfinished).toMatchObject([{ upload: upload("two"), place }]);
    expect(second.unhandled).toMatchObject([
      { key: "document:1:5:7", delivery: { text: "ü\n" }, again: false, begun: true },
      { key: "document:1:5:9", delivery: 3, again: false, begun: false },
    ]);
    const keys = ["document:1:5:8", "apply:1:5:8", "two", "never"];
    expect(keys.map((key) => second.knows(key))).toEqual([true, true, true, false]);
    await second.handlesAgain("document:1:5:9");
    second.ended("two");
    await second.close();
    const third = await open(prefix).journal();
    expect(third.unfinished).toEqual([]);
    expect(third.unhandled).toMatchObject([{ key: "document:1:5:9", again: true }]);
  });

  test("with accounts: a token that etcd gave is renewed when it is refused, and a wrong password is said", async () => {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const user = { name: "root", password: "geheim" };
    const prefix = cluster.freshPrefix();
    const before = await open(prefix, { user }).records("a", kept);
    await before.write("a", "without accounts");
    await cluster.ask(node, "/v3/auth/user/add", user);
    await cluster.ask(node, "/v3/auth/role/add", { name: "root" });
    await cluster.ask(node, "/v3/auth/user/grant", { user: "root", role: "root" });
    await cluster.ask(node, "/v3/auth/enable", {});
    await before.write("a", "with accounts");
    // The node forgets every token that it gave.
    await node.kill();
    await node.start();
    expect(await before.read("a")).toBe("with accounts");
    const wrong = open(prefix, { user: { ...user, password: "falsch" } });
    await expect(wrong.records("a", kept)).rejects.toMatchObject({
      trouble: { code: "store_account_unknown" },
    });
    const none = open(prefix);
    await expect(none.records("a", kept)).rejects.toMatchObject({
      trouble: { code: "store_account_missing" },
    });
  });
});
