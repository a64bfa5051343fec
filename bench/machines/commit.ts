// What a commit costs against etcd's own put, both through the JSON gateway, one after the other in one run.
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { startEtcdCluster } from "../../sandbox/etcd-cluster.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import { noRules } from "../../src/model/rules.ts";
import { versionOf } from "../../src/model/version.ts";
import { createEtcdStore } from "../../src/store/etcd/etcd-store.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import type { Figure } from "../figure.ts";
import { percentile, short, timed } from "../statistics.ts";

const rounds = 200;
const bytesPerFile = 2000;

export const commit: Figure = {
  id: "commit",
  group: "machines",
  title: "A commit to etcd against etcd's own put",
  about:
    "Three nodes of etcd on one disk. The floor is one put of 2 kB by the JSON gateway over a connection that is open already. A commit puts the bytes, and then compares and writes history and head in one transaction: two of etcd's writes, one after the other.",
  async measure() {
    const cluster = await startEtcdCluster(3);
    const [endpoint] = cluster.endpoints;
    if (endpoint === undefined) throw new Error("no node");
    const store = createEtcdStore({
      endpoints: cluster.endpoints,
      prefix: "/airlock/",
      backupsMax: 100,
      report: () => {},
    });
    const agent = new Agent({ keepAlive: true });
    try {
      const live = await opened(store);
      const puts: number[] = [];
      const commits: number[] = [];
      for (let round = -20; round < rounds; round += 1) {
        const [putMs, commitMs] = [
          await timed(() => put(endpoint, agent)),
          await timed(() => commitOne(live)),
        ];
        if (round < 0) continue;
        puts.push(putMs);
        commits.push(commitMs);
      }
      const ratio = percentile(commits, 0.5) / percentile(puts, 0.5);
      const row = (name: string, values: readonly number[]): readonly string[] => [
        name,
        ...[0.5, 0.99, 1].map((fraction) => `${short(percentile(values, fraction))} ms`),
      ];
      return {
        table: {
          head: ["2 kB", "median", "p99", "longest"],
          rows: [row("put", puts), row("commit", commits)],
        },
        verdicts: [
          {
            text: `${short(ratio)} times a put, must be at most 3: two writes, and what they are made of`,
            holds: ratio <= 3,
          },
        ],
      };
    } finally {
      agent.destroy();
      await store.close();
      await cluster.stop();
    }
  },
};

async function opened(store: ReturnType<typeof createEtcdStore>): Promise<ConfigStore> {
  const id = parseConfigId("rates");
  if (id === undefined) throw new Error("rates");
  const config = {
    id,
    fileName: "rates.yml",
    path: "/nowhere/rates.yml",
    title: null,
    schema: "builtin:rates" as const,
    rules: noRules,
  };
  const [end] = await store.open([config]);
  if (end?.kind !== "opened") throw new Error("not opened");
  return end.config;
}

async function commitOne(live: ConfigStore): Promise<void> {
  const end = await live.commit(
    {
      version: versionOf(randomBytes(bytesPerFile)),
      how: "upload",
      author: { id: 1, name: "Anna" },
      reason: null,
      message: null,
      key: "bench",
    },
    { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
  );
  if (end.kind !== "applied") throw new Error(JSON.stringify(end));
}

async function put(endpoint: URL, agent: Agent): Promise<void> {
  const body = JSON.stringify({
    key: Buffer.from("floor").toString("base64"),
    value: randomBytes(bytesPerFile).toString("base64"),
  });
  const headers = { "content-length": Buffer.byteLength(body) };
  await new Promise<void>((resolve, reject) => {
    const url = new URL("/v3/kv/put", endpoint);
    const sent = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume().once("end", resolve);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
