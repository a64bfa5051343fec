// Several processes that write and read one config while nodes are killed, hang and come back in an order that chance chooses: whatever was
// acknowledged is there once, in an order that fits all answers. More rounds by ETCD_ROUNDS, one again by ETCD_SEED.
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { versionOf } from "../../../src/model/version.ts";
import type { ConfigStore } from "../../../src/store/port.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";
import { type Operation, oddities } from "./linearizable.ts";
import { openEtcdFixture } from "./store-fixture.ts";

const rounds = Number(process.env["ETCD_ROUNDS"] ?? "2");
const seed = Number(process.env["ETCD_SEED"] ?? Date.now() % 2 ** 31);
const processes = 3;

type Fault = "none" | "kill" | "hang" | "heal";
interface Step {
  readonly fault: Fault;
  readonly node: number;
  /** Whether each process writes, or else reads. */
  readonly writes: readonly boolean[];
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    fault: fc.constantFrom<Fault>("none", "none", "kill", "hang", "heal"),
    node: fc.nat({ max: 2 }),
    writes: fc.array(fc.boolean(), { minLength: processes, maxLength: processes }),
  }),
  { minLength: 4, maxLength: 8 },
);

test("the checker finds what cannot have been so, and nothing else", () => {
  const write = (text: string, revision: number | undefined, at: number): Operation => ({
    calledMs: at,
    answeredMs: at + 1,
    act: { kind: "write", text, revision },
  });
  const read = (text: string, revision: number, at: number): Operation => ({
    calledMs: at,
    answeredMs: at + 1,
    act: { kind: "read", text, revision },
  });
  const unanswered: Operation = { ...write("c", undefined, 6), answeredMs: undefined };
  const fine = [write("a", 1, 0), write("b", 2, 2), read("b", 2, 4), unanswered];
  expect(oddities(fine, ["a", "b"])).toEqual([]);
  expect(oddities(fine, ["a", "b", "c"])).toEqual([]);
  expect(oddities(fine, ["a"])).toHaveLength(2);
  expect(oddities(fine, ["a", "b", "x"])).toHaveLength(1);
  expect(oddities(fine, ["a", "b", "c", "c"])).toHaveLength(1);
  expect(oddities([...fine, read("a", 1, 8)], ["a", "b"])).toHaveLength(2);
  expect(oddities([write("a", 2, 0), write("b", 1, 2)], ["b", "a"])).toHaveLength(1);
});

describe.skipIf(etcdIsMissing)("three nodes", () => {
  const cluster = useCluster();
  afterEach(() => cluster.heal());

  async function run(schedule: readonly Step[]): Promise<void> {
    await cluster.heal();
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    const opened = await Promise.all(
      Array.from({ length: processes }, () => openEtcdFixture({ endpoints, prefix })),
    );
    const operations: Operation[] = [];
    let written = 0;

    async function act(config: ConfigStore, writes: boolean): Promise<void> {
      const calledMs = performance.now();
      if (!writes) {
        const live = await config.readLive();
        const answeredMs = performance.now();
        // What is only known of before is not read now.
        if (live?.asOf !== undefined) return;
        const text = live && Buffer.from(live.bytes).toString();
        operations.push({
          calledMs,
          answeredMs,
          act: { kind: "read", text, revision: live?.revision },
        });
        return;
      }
      const text = `${(written += 1)}`;
      const end = await config.commit(
        {
          version: versionOf(Buffer.from(text)),
          how: "upload",
          author: { id: 1001, name: "Anna" },
          reason: null,
          message: null,
          key: text,
        },
        { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
      );
      const answeredMs = performance.now();
      // A majority stood all the time.
      expect(end.kind).toBe("applied");
      const revision = end.kind === "applied" ? end.entry.revision : undefined;
      operations.push({ calledMs, answeredMs, act: { kind: "write", text, revision } });
    }

    let isAway = false;
    for (const { fault, node, writes } of schedule) {
      const acting = opened.map(({ config }, index) => act(config, writes[index] ?? true));
      if (fault === "heal" || (isAway && fault !== "none")) await cluster.heal();
      isAway = fault === "kill" || fault === "hang" || (isAway && fault === "none");
      if (fault === "kill") await cluster.nodes[node]?.kill();
      if (fault === "hang") cluster.nodes[node]?.pause();
      await Promise.all(acting);
    }
    await cluster.heal();
    const { config } = await openEtcdFixture({ endpoints, prefix });
    const texts: string[] = [];
    for (let revision = 1; ; revision += 1) {
      const found = await config.find(revision);
      if (found.kind !== "found") break;
      texts.push(Buffer.from(found.version.bytes).toString());
    }
    expect(oddities(operations, texts)).toEqual([]);
    expect(texts).toHaveLength(written);
    await Promise.all(opened.map(({ store }) => store.close()));
  }

  test(
    `whatever befalls one node at a time, all answers fit (seed ${seed})`,
    async () => {
      await fc.assert(fc.asyncProperty(steps, run), {
        numRuns: rounds,
        seed,
        endOnFailure: true,
      });
    },
    120_000 * rounds,
  );
});
