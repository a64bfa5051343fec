// Machines that report to a real etcd: two with one name, and one whose clock is wrong.
import { describe, expect, onTestFinished, test } from "vitest";
import { createEtcdStore } from "../../../src/store/etcd/etcd-store.ts";
import { followEtcd } from "../../../src/store/etcd/etcd-followed.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";

const report = (): void => {};

describe.skipIf(etcdIsMissing)("machines", () => {
  const cluster = useCluster(1);

  function watched(prefix: string) {
    const store = createEtcdStore({ endpoints: cluster.endpoints, prefix, backupsMax: 0, report });
    const machines = store.machines();
    onTestFinished(async () => {
      await machines.close();
      await store.close();
    });
    return machines;
  }

  function follow(prefix: string, machine: string, onNameShared: () => void) {
    const { endpoints } = cluster;
    const followed = followEtcd({ endpoints, prefix, machine, isSeen: true, onNameShared, report });
    followed.report({});
    onTestFinished(() => followed.close());
    return followed;
  }

  test("two with one name are told of each other and shown as such; one that was replaced by itself is not", async () => {
    const prefix = cluster.freshPrefix();
    const machines = watched(prefix);
    const told: string[] = [];
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    // What a life before left, which was killed.
    const left = JSON.stringify({ name: "web-1", configs: {}, process: "killed" });
    const key = base64(`${prefix}machines/reports/web-1`);
    await cluster.ask(node, "/v3/kv/put", { key, value: base64(left) });
    await follow(prefix, "web-1", () => told.push("the second life")).reported();
    await expect.poll(() => machines.all.map(({ name }) => name)).toEqual(["web-1"]);
    expect(told).toEqual([]);
    follow(prefix, "web-2", () => told.push("web-2"));
    follow(prefix, "web-1", () => told.push("another machine"));
    await expect.poll(() => told.toSorted()).toEqual(["another machine", "the second life"]);
    await expect
      .poll(() => machines.all.map(({ name, isNameShared }) => [name, isNameShared]))
      .toEqual([
        ["web-1", true],
        ["web-2", false],
      ]);
  });

  test("one that reports is not forgotten, however far behind its clock is", async () => {
    const prefix = cluster.freshPrefix();
    const machines = watched(prefix);
    await follow(prefix, "web-1", () => {}).reported();
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const keyOf = (name: string): string => base64(`${prefix}machines/seen/${name}`);
    const lookedAgain = async (name: string): Promise<void> => {
      const value = base64(new Date().toISOString());
      await cluster.ask(node, "/v3/kv/put", { key: keyOf(name), value });
      await expect.poll(() => machines.all.map((each) => each.name)).toContain(name);
    };
    const lastYear = base64("2025-01-01T00:00:00.000Z");
    await cluster.ask(node, "/v3/kv/put", { key: keyOf("web-1"), value: lastYear });
    await cluster.ask(node, "/v3/kv/put", { key: keyOf("web-gone"), value: lastYear });
    await lookedAgain("web-2");
    await lookedAgain("web-3");
    const there = async (name: string): Promise<boolean> =>
      ((await cluster.ask(node, "/v3/kv/range", { key: keyOf(name) })) as { kvs?: unknown }).kvs !==
      undefined;
    expect([await there("web-1"), await there("web-gone")]).toEqual([true, false]);
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
