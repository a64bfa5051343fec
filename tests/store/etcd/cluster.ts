// Three real nodes of etcd on loopback, in temporary folders: started once for a test file, ended with it. Where etcd is missing, the
// tests that need it are left out, which is said aloud; never in CI, which sets REQUIRE_ETCD.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export const etcdIsMissing =
  process.env["REQUIRE_ETCD"] !== "1" &&
  spawnSync("etcd", ["--version"], { stdio: "ignore" }).status !== 0;

if (etcdIsMissing) {
  process.stderr.write(
    "Left out: the tests of the store in etcd. They need etcd (on Debian: apt-get install etcd-server).\n",
  );
}

const startedWithinMs = 40_000;

interface EtcdNode {
  readonly url: URL;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** As one that hangs: its connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
}

export interface Cluster {
  readonly nodes: readonly EtcdNode[];
  readonly endpoints: readonly URL[];
  /** The one that leads at this moment. */
  leader(): Promise<EtcdNode>;
  /** A prefix of its own for each that asks. */
  freshPrefix(): string;
  /** Every node runs, and answers with a majority. */
  heal(): Promise<void>;
  /** Asks the gateway as it is, with nothing of ours between. */
  ask(node: EtcdNode, path: string, body: object): Promise<unknown>;
}

/** Call at the top of a test file; the nodes run from before its first test to after its last. */
export function useCluster(size = 3): Cluster {
  const nodes: EtcdNode[] = [];
  let folder: string | undefined;
  let prefixes = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "airlock-etcd-"));
    const ports = await freePorts(2 * size);
    const peers = ports.slice(0, size).map((port) => `http://127.0.0.1:${port}`);
    const clients = ports.slice(size).map((port) => `http://127.0.0.1:${port}`);
    const all = peers.map((peer, index) => `n${index}=${peer}`).join(",");
    for (const [index, client] of clients.entries()) {
      nodes.push(
        etcdNode(new URL(client), [
          `--name=n${index}`,
          `--data-dir=${join(folder, `n${index}`)}`,
          `--listen-client-urls=${client}`,
          `--advertise-client-urls=${client}`,
          `--listen-peer-urls=${peers[index]}`,
          `--initial-advertise-peer-urls=${peers[index]}`,
          `--initial-cluster=${all}`,
          "--initial-cluster-state=new",
          // Shorter than the defaults by half: a test waits for elections.
          "--heartbeat-interval=50",
          "--election-timeout=500",
        ]),
      );
    }
    await Promise.all(nodes.map((node) => node.start()));
    await healthy(nodes);
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  return {
    nodes,
    get endpoints() {
      return nodes.map(({ url }) => url);
    },
    async leader() {
      for (;;) {
        for (const node of nodes) {
          const status = await statusOf(node.url);
          if (status?.leader !== undefined && status.leader === status.header.member_id) {
            return node;
          }
        }
      }
    },
    freshPrefix: () => `/airlock-${(prefixes += 1)}/`,
    async heal() {
      for (const node of nodes) {
        node.resume();
        await node.start();
      }
      await healthy(nodes);
    },
    async ask(node, path, body) {
      const answer = await fetch(new URL(path, node.url), {
        method: "POST",
        body: JSON.stringify(body),
      });
      return answer.json();
    },
  };
}

function etcdNode(url: URL, options: readonly string[]): EtcdNode {
  let running: ChildProcess | undefined;
  return {
    url,
    async start() {
      if (running !== undefined) return;
      const started = spawn("etcd", options, { stdio: "ignore" });
      running = started;
      await once(started, "spawn");
      started.once("exit", () => {
        if (running === started) running = undefined;
      });
    },
    async kill() {
      const ended = running;
      running = undefined;
      if (ended === undefined) return;
      const exit = once(ended, "exit");
      ended.kill("SIGKILL");
      await exit;
    },
    pause: () => void running?.kill("SIGSTOP"),
    resume: () => void running?.kill("SIGCONT"),
  };
}

/** Each answers what only a majority can. */
async function healthy(nodes: readonly EtcdNode[]): Promise<void> {
  const deadline = Date.now() + startedWithinMs;
  for (const { url } of nodes) {
    for (;;) {
      const answer = await fetch(new URL("/v3/kv/range", url), {
        method: "POST",
        body: JSON.stringify({ key: "eA==" }),
        signal: AbortSignal.timeout(5000),
      }).catch(() => undefined);
      if (answer?.status === 200) break;
      if (Date.now() > deadline) throw new Error(`etcd at ${url.href} did not start`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
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

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => void server.close(closed))));
  return ports;
}
