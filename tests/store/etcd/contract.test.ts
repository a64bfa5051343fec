// The store in etcd keeps what every store promises.
import { describe } from "vitest";
import { storeContract } from "../contract.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";
import { openEtcdFixture } from "./store-fixture.ts";

describe.skipIf(etcdIsMissing)("on three nodes", () => {
  const cluster = useCluster();

  storeContract("etcd", async () => {
    const { endpoints } = cluster;
    const prefix = cluster.freshPrefix();
    const { config } = await openEtcdFixture({ endpoints, prefix });
    return {
      config,
      reopen: async () => (await openEtcdFixture({ endpoints, prefix })).config,
    };
  });
});
