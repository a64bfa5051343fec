// Real nodes of etcd on loopback, in a temporary folder: for tests, figures, and a sandbox with several machines.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const startedWithinMs = 40_000;

export interface EtcdNode {
  readonly url: URL;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Like one that hangs: its connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
}

export interface EtcdCluster {
  readonly nodes: readonly EtcdNode[];
  readonly endpoints: readonly URL[];
  /** Every node runs, and answers with a majority. */
  heal(): Promise<void>;
  /** Ends every node and removes what they stored. */
  stop(): Promise<void>;
}

/**
 * @param size - how many nodes
 * @param options - of each node, after those that make the cluster
 * @param isDetached - out of reach of a Ctrl-C in the terminal: whoever started them ends them, after those who use them
 */
export async function startEtcdCluster(
  size: number,
  options: readonly string[] = [],
  isDetached = false,
): Promise<EtcdCluster> {
  const folder = await mkdtemp(join(tmpdir(), "airlock-etcd-"));
  const ports = await freePorts(2 * size);
  const peers = ports.slice(0, size).map((port) => `http://127.0.0.1:${port}`);
  const clients = ports.slice(size).map((port) => `http://127.0.0.1:${port}`);
  const all = peers.map((peer, index) => `n${index}=${peer}`).join(",");
  const nodes = clients.map((client, index) =>
    etcdNode(
      new URL(client),
      [
        `--name=n${index}`,
        `--data-dir=${join(folder, `n${index}`)}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peers[index]}`,
        `--initial-advertise-peer-urls=${peers[index]}`,
        `--initial-cluster=${all}`,
        "--initial-cluster-state=new",
        ...options,
      ],
      isDetached,
    ),
  );
  await Promise.all(nodes.map((node) => node.start()));
  await healthy(nodes);
  return {
    nodes,
    endpoints: nodes.map(({ url }) => url),
    async heal() {
      for (const node of nodes) {
        node.resume();
        await node.start();
      }
      await healthy(nodes);
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function etcdNode(url: URL, options: readonly string[], isDetached: boolean): EtcdNode {
  let running: ChildProcess | undefined;
  return {
    url,
    async start() {
      if (running !== undefined) return;
      const started = spawn("etcd", options, { stdio: "ignore", detached: isDetached });
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
      await sleep(50);
    }
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
