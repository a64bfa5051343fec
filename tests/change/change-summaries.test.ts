import { expect, test } from "vitest";
import { createChangeSummaries } from "../../src/change/change-summaries.ts";
import type { Comparison } from "../../src/model/comparison.ts";
import type { Revision } from "../../src/model/revision.ts";
import { versionOf } from "../../src/model/version.ts";
import type { ConfigReader } from "../../src/store/port.ts";
import { revisionsOf } from "./revisions-of.ts";

const texts = ["a: 1\n", "a: 2\n", "a: 3\n"];

function historyWithout(pruned: ReadonlySet<number>): {
  readonly entries: readonly Revision[];
  readonly config: ConfigReader;
} {
  const versions = texts.map((text) => versionOf(Buffer.from(text)));
  const entries = revisionsOf(versions);
  const config = {
    replacedBy: ({ revision }: Revision) =>
      Promise.resolve(pruned.has(revision - 1) ? undefined : versions[revision - 2]),
    find: (revision: number) => {
      const [entry, version] = [entries[revision - 1], versions[revision - 1]];
      return Promise.resolve(
        entry === undefined || version === undefined
          ? { kind: "unknown" }
          : { kind: "found", entry, version },
      );
    },
  };
  return { entries, config: config as unknown as ConfigReader };
}

const changed: Comparison = {
  kind: "keys",
  changes: [{ path: ["a"], what: { kind: "changed", before: "1", after: "2" }, line: 1 }],
  total: 4,
};

test("what two versions differ in is looked up once, and of the first and of what is pruned nothing is said", async () => {
  const pruned = new Set([1]);
  const { entries, config } = historyWithout(pruned);
  let compared = 0;
  const summaries = createChangeSummaries(
    {
      compare: () => {
        compared += 1;
        return Promise.resolve(changed);
      },
    },
    () => {},
  );
  const read = async () =>
    [...(await summaries.of(config, entries))].map(([{ revision }, summary]) => ({
      revision,
      total: summary.kind === "keys" ? summary.total : 0,
    }));
  expect(await read()).toEqual([{ revision: 3, total: 4 }]);
  expect(await read()).toEqual([{ revision: 3, total: 4 }]);
  expect(compared).toBe(1);
  // Its bytes are there again, as where a folder was not mounted.
  pruned.clear();
  expect((await read()).map(({ revision }) => revision)).toEqual([2, 3]);
  expect(compared).toBe(2);
});

test("what takes too long is left out, and there when it is asked for again", async () => {
  const { entries, config } = historyWithout(new Set());
  let end: (comparison: Comparison) => void = () => {};
  const slow = new Promise<Comparison>((resolve) => (end = resolve));
  const summaries = createChangeSummaries({ compare: () => slow }, () => {}, 1);
  expect((await summaries.of(config, entries)).size).toBe(0);
  end(changed);
  await slow;
  await expect.poll(async () => (await summaries.of(config, entries)).size).toBe(2);
});

test("what cannot be compared is reported, and tried again", async () => {
  const { entries, config } = historyWithout(new Set());
  const reported: string[] = [];
  let works = false;
  const summaries = createChangeSummaries(
    { compare: () => (works ? Promise.resolve(changed) : Promise.reject(new Error("no"))) },
    (what) => reported.push(what),
  );
  expect((await summaries.of(config, entries)).size).toBe(0);
  expect(reported).toHaveLength(2);
  works = true;
  expect((await summaries.of(config, entries)).size).toBe(2);
});
