// Three real nodes of etcd: started once for a test file, ended with it. Where etcd is missing, the tests that need it are left out, which
// is said aloud; never in CI, which sets REQUIRE_ETCD.
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll } from "vitest";
import {
  type EtcdCluster,
  type EtcdNode,
  startEtcdCluster,
} from "../../../sandbox/etcd-cluster.ts";

export const etcdIsMissing =
  process.env["REQUIRE_ETCD"] !== "1" &&
  spawnSync("etcd", ["--version"], { stdio: "ignore" }).status !== 0;

if (etcdIsMissing) {
  process.stderr.write(
    "Left out: the tests of the store in etcd. They need etcd (on Debian: apt-get install etcd-server).\n",
  );
}

/** Shorter than the defaults by half: a test waits for elections. */
const quickElections = ["--heartbeat-interval=50", "--election-timeout=500"];

export interface Cluster extends Pick<EtcdCluster, "nodes" | "endpoints" | "heal"> {
  /** The one that leads at this moment. */
  leader(): Promise<EtcdNode>;
  /** A prefix of its own for each that asks. */
  freshPrefix(): string;
  /** Asks the gateway as it is, with nothing of ours between. */
  ask(node: EtcdNode, path: string, body: object): Promise<unknown>;
}

/** Call at the top of a test file; the nodes run from before its first test to after its last. */
export function useCluster(size = 3): Cluster {
  let started: EtcdCluster | undefined;
  let prefixes = 0;
  const running = (): EtcdCluster => {
    if (started === undefined) throw new Error("the nodes run from before the first test on");
    return started;
  };

  beforeAll(async () => {
    started = await startEtcdCluster(size, quickElections);
  });
  afterAll(() => started?.stop());

  return {
    get nodes() {
      return running().nodes;
    },
    get endpoints() {
      return running().endpoints;
    },
    async leader() {
      for (;;) {
        for (const node of running().nodes) {
          const status = await statusOf(node.url);
          if (status?.leader !== undefined && status.leader === status.header.member_id) {
            return node;
          }
        }
      }
    },
    freshPrefix: () => `/airlock-${(prefixes += 1)}/`,
    heal: () => running().heal(),
    async ask(node, path, body) {
      const answer = await fetch(new URL(path, node.url), {
        method: "POST",
        body: JSON.stringify(body),
      });
      return answer.json();
    },
  };
}

async function statusOf(
  url: URL,
): Promise<{ leader?: string; header: { member_id: string } } | undefined> {
  try {
    const answer = await fetch(new URL("/v3/maintenance/status", url), {
      method: "POST",
      body: "{}",
      signal: AbortSignal.timeout(2000),
    });
    return (await answer.json()) as { leader?: string; header: { member_id: string } };
  } catch {
    return undefined;
  }
}
