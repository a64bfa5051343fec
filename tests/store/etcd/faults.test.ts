// What goes wrong in a cluster: nodes that die, nodes that hang, answers that are lost, another process that commits at the same time.
// Compares with the texts that the test sent, and with what a store opened afterwards has.
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { versionOf } from "../../../src/model/version.ts";
import type { Candidate, CommitEnd, CommitOptions, ConfigStore } from "../../../src/store/port.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";
import { startLossyGateway } from "./lossy-gateway.ts";
import { openEtcdFixture } from "./store-fixture.ts";

function commit(
  config: ConfigStore,
  text: string,
  {
    key = "faults",
    ...options
  }: Partial<CommitOptions<string>> & Pick<Partial<Candidate>, "key"> = {},
): Promise<CommitEnd<string>> {
  return config.commit<string>(
    {
      version: versionOf(Buffer.from(text)),
      how: "upload",
      author: { id: 1001, name: "Anna" },
      reason: null,
      message: null,
      key,
    },
    {
      signal: new AbortController().signal,
      onProgress: () => {},
      admit: () => undefined,
      ...options,
    },
  );
}

/** All that were live, oldest first. */
async function textsOf(config: ConfigStore): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let revision = 1; ; revision += 1) {
    const found = await config.find(revision);
    if (found.kind !== "found") return texts;
    texts.push(Buffer.from(found.version.bytes).toString("utf8"));
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error("it did not happen");
    await sleep(20);
  }
}

describe.skipIf(etcdIsMissing)("three nodes", () => {
  const cluster = useCluster();
  afterEach(() => cluster.heal());

  for (const { name, strike } of [
    { name: "the leader killed", strike: async () => (await cluster.leader()).kill() },
    { name: "the leader hanging", strike: async () => (await cluster.leader()).pause() },
  ]) {
    test(`with ${name} in the middle, every change is applied once, and is there afterwards`, async () => {
      // The one that is struck is asked first.
      const leader = await cluster.leader();
      const endpoints = [leader.url, ...cluster.endpoints.filter((url) => url !== leader.url)];
      const prefix = cluster.freshPrefix();
      const { config } = await openEtcdFixture({ endpoints, prefix });
      const texts = Array.from({ length: 12 }, (_, n) => `${n}\n`);
      for (const [n, text] of texts.entries()) {
        const strikeNow = async (): Promise<undefined> => {
          if (n === 5) await strike();
        };
        expect(await commit(config, text, { admit: strikeNow })).toMatchObject({
          kind: "applied",
          entry: { revision: n + 1 },
        });
      }
      await cluster.heal();
      expect(await textsOf((await openEtcdFixture({ endpoints, prefix })).config)).toEqual(texts);
    });
  }

  test("without a majority nothing final is said of a change on its way; it is settled once there is one", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints, nodes } = cluster;
    const { config } = await openEtcdFixture({ endpoints, prefix });
    await commit(config, "one\n");
    let end: CommitEnd<string> | undefined;
    const committing = commit(config, "two\n", {
      admit: async () => {
        await Promise.all(nodes.slice(1).map((node) => node.kill()));
        return undefined;
      },
    }).then((ended) => (end = ended));
    // Longer than whatever is asked without having been sent may take.
    await sleep(13_000);
    expect(end).toBeUndefined();
    await cluster.heal();
    expect(await committing).toMatchObject({ kind: "applied", entry: { revision: 2 } });
    const again = (await openEtcdFixture({ endpoints, prefix })).config;
    expect(await textsOf(again)).toEqual(["one\n", "two\n"]);
  });

  for (const losses of [["503"], ["cut"], ["a proxy's page"], ["503", "503", "cut"]] as const) {
    test(`a change whose answers are lost (${losses.join(", ")}) is known as applied, once`, async () => {
      const gateway = await startLossyGateway(cluster.nodes[0]?.url ?? new URL("x:"));
      const prefix = cluster.freshPrefix();
      const { config } = await openEtcdFixture({ endpoints: [gateway.url], prefix });
      await commit(config, "one\n");
      gateway.lose(...losses);
      expect(await commit(config, "two\n")).toMatchObject({
        kind: "applied",
        entry: { revision: 2 },
        replaced: { revision: 1 },
      });
      expect(config.newest?.revision).toBe(2);
      await commit(config, "three\n");
      const { endpoints } = cluster;
      const again = (await openEtcdFixture({ endpoints, prefix })).config;
      expect(await textsOf(again)).toEqual(["one\n", "two\n", "three\n"]);
    });
  }

  test("two processes that commit at once lose nothing of each other, and each is asked about what it replaces", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    const one = (await openEtcdFixture({ endpoints, prefix })).config;
    const other = (await openEtcdFixture({ endpoints, prefix })).config;
    const asked = new Map<string, (string | undefined)[]>();
    const texts = Array.from({ length: 20 }, (_, n) => `${n}\n`);
    const ends = await Promise.all(
      texts.map((text, n) =>
        commit(n % 2 === 0 ? one : other, text, {
          admit: (head) => {
            asked.set(text, [...(asked.get(text) ?? []), head?.sha256]);
            return undefined;
          },
        }),
      ),
    );
    expect(ends.map(({ kind }) => kind)).toEqual(Array(20).fill("applied"));
    const all = (await openEtcdFixture({ endpoints, prefix })).config;
    const made = await textsOf(all);
    expect(made.toSorted()).toEqual(texts.toSorted());
    for (const [index, text] of made.entries()) {
      const replaced = index === 0 ? undefined : versionOf(Buffer.from(made[index - 1] ?? ""));
      expect(asked.get(text)?.at(-1)).toBe(replaced?.sha256);
    }
  });

  test("a process whose knowledge is old is asked again before it refuses", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    const one = (await openEtcdFixture({ endpoints, prefix })).config;
    const other = (await openEtcdFixture({ endpoints, prefix })).config;
    await commit(one, "one\n");
    await commit(other, "two\n");
    await commit(one, "three\n");
    expect(await commit(other, "two\n")).toMatchObject({ kind: "applied", entry: { revision: 4 } });
  });

  test("others' changes are noticed, also over a compaction and with the watched node hanging", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints, nodes } = cluster;
    const writer = (await openEtcdFixture({ endpoints: endpoints.slice(0, 1), prefix })).config;
    const reader = (await openEtcdFixture({ endpoints, prefix })).config;
    const told: number[] = [];
    reader.watch(({ revision }) => told.push(revision));
    await commit(writer, "1\n");
    await until(() => told.length === 1);
    const [first] = nodes;
    if (first === undefined) throw new Error("no node");
    const status = (await cluster.ask(first, "/v3/kv/range", { key: "eA==" })) as {
      readonly header: { readonly revision: string };
    };
    const { revision } = status.header;
    await cluster.ask(first, "/v3/kv/compaction", { revision, physical: true });
    await commit(writer, "2\n");
    await until(() => told.length === 2);
    nodes[2]?.pause();
    for (let n = 3; n <= 6; n += 1) await commit(writer, `${n}\n`);
    await until(() => told.length === 6);
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("what nobody may go back to is removed, and what is kept can still be had", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    const { config, store } = await openEtcdFixture({ endpoints, prefix, backupsMax: 2 });
    for (const text of ["a", "b", "a", "c", "d"]) await commit(config, `${text}\n`);
    await store.close();
    const again = (await openEtcdFixture({ endpoints, prefix, backupsMax: 2 })).config;
    const kinds = await Promise.all([1, 2, 3, 4, 5].map(async (n) => (await again.find(n)).kind));
    expect(kinds).toEqual(["found", "pruned", "found", "found", "found"]);
    // Its bytes are put there again.
    expect(await commit(again, "b\n")).toMatchObject({ kind: "applied" });
    expect(Buffer.from((await again.readLive())?.bytes ?? []).toString()).toBe("b\n");
  });

  test("once another process said that an attempt changed nothing, it never does", async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    const before = await openEtcdFixture({ endpoints, prefix });
    const after = await openEtcdFixture({ endpoints, prefix });
    const upload = (key: string) => ({
      key,
      config: "fees",
      file: "fees.yml",
      how: "upload" as const,
      author: null,
      reason: null,
      message: null,
      place: null,
    });
    const at = new Date().toISOString();
    const unfinished = ["done", "late"].map((key) => ({ upload: upload(key), at, place: null }));
    await commit(before.config, "one\n", { key: "done" });
    let found: readonly unknown[] = [];
    const late = await commit(before.config, "two\n", {
      key: "late",
      // It hangs between its look and its transaction, while another one takes over.
      admit: async () => {
        found = await after.store.findInterrupted(unfinished);
        return undefined;
      },
    });
    expect(found).toMatchObject([{ entry: { revision: 1 } }, { entry: undefined }]);
    expect(late).toEqual({ kind: "cancelled", by: "stop" });
    expect(await textsOf(after.config)).toEqual(["one\n"]);
    expect(await commit(before.config, "three\n", { key: "next" })).toMatchObject({
      kind: "applied",
    });
  });
});
