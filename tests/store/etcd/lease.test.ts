// A lease: what is under it stays while it is held, and is gone when it ends, however it ends.
import { setTimeout as sleep } from "node:timers/promises";
import { once } from "node:events";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { createGateway, type Gateway } from "../../../src/store/etcd/gateway.ts";
import { createKv, type Kv, put } from "../../../src/store/etcd/kv.ts";
import { takeLease } from "../../../src/store/etcd/lease.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";

const report = (): void => {};

describe.skipIf(etcdIsMissing)("one node", () => {
  const cluster = useCluster(1);
  afterEach(() => cluster.heal());

  function open(): { readonly gateway: Gateway; readonly kv: Kv } {
    const gateway = createGateway({ endpoints: cluster.endpoints, report });
    onTestFinished(() => gateway.close());
    return { gateway, kv: createKv(gateway) };
  }

  async function isThere(kv: Kv, key: string): Promise<boolean> {
    return (await kv.range(key)).kvs.length > 0;
  }

  test("what is under a lease outlasts it while it is held, and goes with it", async () => {
    const { gateway, kv } = open();
    const key = `${cluster.freshPrefix()}x`;
    const lease = await takeLease(gateway, 2, report);
    await kv.transact({ compare: [], success: [put(key, "x", lease.id)] });
    // Twice as long as it lasts without being renewed.
    await sleep(4000);
    expect(await isThere(kv, key)).toBe(true);
    expect(await lease.isHeld()).toBe(true);
    await lease.release();
    expect(await isThere(kv, key)).toBe(false);
    expect(await lease.isHeld()).toBe(false);
    await lease.release();
  });

  test("whoever holds a lease that etcd ended is told, and not because etcd does not answer", async () => {
    const { gateway } = open();
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const lease = await takeLease(gateway, 2, report);
    await node.kill();
    expect(await lease.isHeld({ withinMs: 1500 })).toBeUndefined();
    expect(lease.ended.aborted).toBe(false);
    await node.start();
    await cluster.heal();
    await cluster.ask(node, "/v3/lease/revoke", { ID: lease.id });
    if (!lease.ended.aborted) await once(lease.ended, "abort");
    expect(await lease.isHeld()).toBe(false);
    await lease.release();
  });
});
