// A change and its service on a real disk, with the service in the test's own hand: every step at which the process can end. Long: as many steps
// as tests.
import { readdirSync, readFileSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Applies, createApplies, type ServedEnd } from "../../src/change/after/apply.ts";
import { noRules } from "../../src/model/rules.ts";
import type { ServiceFault, ServiceProof } from "../../src/model/service-proof.ts";
import { versionOf } from "../../src/model/version.ts";
import { openJournal } from "../../src/store/local/journal.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import type { Records } from "../../src/store/records.ts";
import { deferred } from "../deferred.ts";
import { anna, boris, type ConfigFixture, openFixture } from "../store/local/config-fixture.ts";

const fault: ServiceFault = {
  step: "run",
  why: { code: "exited", exitCode: 3 },
  output: "fee too high",
};
const refused: ServiceProof = { kind: "refused", fault };
const proven: ServiceProof = { kind: "proven" };
const neverProven = (): Promise<ServiceProof> => new Promise(() => {});

interface Bench {
  readonly fixture: ConfigFixture;
  readonly live: ConfigStore;
  readonly applies: Applies;
  /** The revisions that the service was told of. */
  readonly asked: readonly number[];
  readonly putBack: readonly number[];
  commit(text: string, how?: "upload" | "reverted"): Promise<ServedEnd<string>>;
  /** As the next process does. */
  next(prove: BenchOptions["prove"]): Promise<Bench>;
}

interface BenchOptions {
  /** What the service answers when it is told of this revision. */
  readonly prove: (
    revision: number,
    bench: Pick<Bench, "live" | "fixture">,
  ) => Promise<ServiceProof> | ServiceProof;
  readonly content?: string | undefined;
  readonly fixture?: ConfigFixture;
  readonly around?: (records: Records) => Records;
}

async function open({
  prove,
  fixture: given,
  around = (records) => records,
  ...rest
}: BenchOptions): Promise<Bench> {
  const fixture = given ?? (await openFixture({ content: "0\n", ...rest }));
  const apply = { run: ["reload"], verify: null, withinMs: 1000 };
  const config = { ...fixture.live.config, rules: { ...noRules, apply } };
  const live = withRules(fixture, config);
  const asked: number[] = [];
  const putBack: number[] = [];
  const state = join(fixture.folder, "state");
  const applies = await createApplies({
    store: around(await openStateStore(join(state, "services"), { clean: (text) => text })),
    async prove(_held, { revision }) {
      asked.push(revision);
      return prove(revision, { live, fixture });
    },
    journal: await openJournal(join(state, "journal.jsonl"), () => {}),
    tell: () => {},
    report: () => {},
    onPutBack: (_held, revision) => Promise.resolve(void putBack.push(revision)),
  });
  return {
    fixture,
    live,
    applies,
    asked,
    putBack,
    commit: (text, how = "upload") =>
      applies.commit<string>(
        live,
        {
          version: versionOf(Buffer.from(text)),
          how,
          author: how === "upload" ? anna : null,
          reason: null,
          message: null,
          key: `key of ${text.trim()}`,
        },
        { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
      ),
    next: async (again) => open({ prove: again, fixture: await fixture.reopen() }),
  };
}

/** The fixture's config under other rules, also while it is held. */
function withRules({ live }: ConfigFixture, config: ConfigStore["config"]): ConfigStore {
  const under = (store: ConfigStore): ConfigStore =>
    Object.create(store, { config: { value: config } });
  const holding: ConfigStore["holding"] = (holder, options, act) =>
    live.holding?.(holder, options, (held) => act(under(held))) ??
    Promise.reject(new Error("none"));
  return Object.create(under(live), { holding: { value: holding } });
}

/** Resolves when the service was told of these revisions, in this order. */
async function told(bench: Bench, revisions: readonly number[]): Promise<void> {
  await expect.poll(() => bench.asked, { timeout: 20_000 }).toEqual(revisions);
}

test("it is live, and its lock held, while the service is asked, and no other change goes on", async () => {
  const gate = deferred();
  const bench = await open({ prove: () => gate.promise.then(() => proven) });
  const { applies, live, fixture } = bench;
  const ending = bench.commit("1\n");
  await told(bench, [2]);
  expect([await fixture.read(), live.holder]).toEqual(["1\n", anna]);
  expect(applies.state(live)).toEqual({ kind: "asking", revision: 2 });
  const other = bench.commit("2\n");
  gate.resolve();
  expect(await ending).toMatchObject({
    kind: "applied",
    entry: { revision: 2 },
    service: "proven",
  });
  expect(await other).toMatchObject({ kind: "applied", entry: { revision: 3 }, service: "proven" });
  expect(live.holder).toBeUndefined();
  expect([applies.isOk(live), await applies.endOf(live.config.id, "key of 2")]).toEqual([
    true,
    { kind: "taken", as: "proven" },
  ]);
});

test("the version before goes back by the same path, and the service takes that", async () => {
  const bench = await open({ prove: (revision) => (revision === 2 ? refused : proven) });
  const end = { kind: "put_back", fault, backTo: 1, revision: 3, again: null };
  expect(await bench.commit("1\n")).toMatchObject({
    kind: "reverted",
    entry: { revision: 2 },
    end,
  });
  expect(bench.asked).toEqual([2, 3]);
  expect(bench.putBack).toEqual([2]);
  expect(await bench.fixture.read()).toBe("0\n");
  expect(await bench.fixture.backups()).toEqual(["0\n", "1\n"]);
  expect((await bench.fixture.history()).at(-1)).toMatchObject({
    revision: 3,
    how: "reverted",
    author: null,
    reverts: 2,
  });
  expect(bench.applies.isOk(bench.live)).toBe(true);
});

test("where it takes neither, that is known until it takes a change, over restarts too", async () => {
  const bench = await open({ prove: () => refused });
  expect(await bench.commit("1\n")).toMatchObject({ end: { kind: "put_back", again: fault } });
  expect(bench.applies.isOk(bench.live)).toBe(false);
  const next = await bench.next(() => proven);
  expect(next.applies.isOk(next.live)).toBe(false);
  await next.commit("2\n");
  expect(next.applies.isOk(next.live)).toBe(true);
});

for (const { name, content, how, prove, because, text } of [
  {
    name: "a first version stays",
    content: undefined,
    prove: () => refused,
    because: "first",
    text: "1\n",
  },
  {
    name: "what is itself a going back stays",
    content: "0\n",
    how: "reverted",
    prove: () => refused,
    because: "going_back",
    text: "1\n",
  },
  {
    name: "an edit on the server meanwhile stays",
    content: "0\n",
    prove: async (_revision, { fixture }) => {
      await writeFile(fixture.path, "by hand\n");
      return refused;
    },
    because: "moved",
    text: "by hand\n",
  },
  {
    name: "without the bytes of the version before, it stays",
    content: "0\n",
    prove: async (_revision, { fixture }) => {
      const folder = join(fixture.folder, "backups");
      for (const name of await fixture.backupNames()) await rm(join(folder, name));
      return refused;
    },
    because: "not_kept",
    text: "1\n",
  },
] satisfies readonly {
  readonly name: string;
  readonly content: string | undefined;
  readonly how?: "reverted";
  readonly prove: BenchOptions["prove"];
  readonly because: string;
  readonly text: string;
}[]) {
  test(`${name}, and that is said`, async () => {
    const bench = await open({ prove, content });
    expect(await bench.commit("1\n", how)).toEqual({
      kind: "failed",
      live: "new",
      trouble: { code: "service_refused", params: { fault, because } },
    });
    expect(await bench.fixture.read()).toBe(text);
    expect(bench.applies.isOk(bench.live)).toBe(false);
  });
}

test("bytes that are live already are not told to the service again", async () => {
  const bench = await open({ prove: () => proven });
  expect(await bench.commit("0\n")).toEqual({ kind: "unchanged" });
  expect(bench.asked).toEqual([]);
});

test("a process that ends before the rename leaves nothing to finish", async () => {
  const written = deferred();
  const bench = await open({
    prove: () => proven,
    around: (records) => ({
      ...records,
      async write(key, value) {
        await records.write(key, value);
        written.resolve();
        return new Promise(() => {});
      },
    }),
  });
  void bench.commit("1\n");
  await written.promise;
  const next = await bench.next(() => proven);
  expect(next.applies.state(next.live)).toEqual({ kind: "asking", revision: 2 });
  next.applies.finish([next.live]);
  expect(await next.applies.endOf(next.live.config.id, "key of 1")).toBeUndefined();
  expect([next.asked, next.applies.state(next.live)]).toEqual([[], undefined]);
});

test("a process that ends before the proof has the next one ask again, before the next change", async () => {
  const bench = await open({ prove: neverProven });
  void bench.commit("1\n");
  await told(bench, [2]);
  const gate = deferred();
  const next = await bench.next(() => gate.promise.then(() => proven));
  next.applies.finish([next.live]);
  const change = next.commit("2\n");
  await told(next, [2]);
  expect(next.live.holder).toEqual(anna);
  gate.resolve();
  expect(await next.applies.endOf(next.live.config.id, "key of 1")).toEqual({
    kind: "taken",
    as: "proven",
  });
  expect(await change).toMatchObject({ entry: { revision: 3 }, service: "proven" });
});

test("one that ends while the version before goes back has the next one go on with that", async () => {
  const bench = await open({ prove: (revision) => (revision === 2 ? refused : neverProven()) });
  void bench.commit("1\n");
  await told(bench, [2, 3]);
  const next = await bench.next(() => proven);
  expect(next.applies.putsBack(next.live.config.id, 2)).toBe(true);
  next.applies.finish([next.live]);
  const end = { kind: "put_back", fault, backTo: 1, revision: 3, again: null };
  expect(await next.applies.endOf(next.live.config.id, "key of 1")).toEqual(end);
  // What is known already is not asked again, and nothing goes back twice.
  expect(next.asked).toEqual([3]);
  expect(next.putBack).toEqual([2]);
  expect(next.live.newest?.revision).toBe(3);
  expect(await next.fixture.read()).toBe("0\n");
});

test("an edit by hand while the bot was down is left alone, and the service is not asked about it", async () => {
  const bench = await open({ prove: neverProven });
  void bench.commit("1\n");
  await told(bench, [2]);
  await writeFile(bench.fixture.path, "by hand\n");
  const next = await bench.next(() => refused);
  next.applies.finish([next.live]);
  expect(await next.applies.endOf(next.live.config.id, "key of 1")).toBeUndefined();
  expect([next.asked, await next.fixture.read()]).toEqual([[], "by hand\n"]);
});

test("a config without a service writes nothing down, and waits for nobody", async () => {
  const fixture = await openFixture({ content: "0\n" });
  const bench = await open({ prove: () => refused, fixture });
  const end = await bench.applies.commit<string>(
    fixture.live,
    {
      version: versionOf(Buffer.from("1\n")),
      how: "upload",
      author: boris,
      reason: null,
      message: null,
      key: "key",
    },
    { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
  );
  expect(end).toMatchObject({ kind: "applied", service: null });
  expect(await readdir(join(fixture.folder, "state", "services"))).toEqual([]);
});

test("nothing else commits to a store, so that no change passes its service by", () => {
  // A machine that follows has its service take the file by itself.
  const commits = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => /^(?!store\/|follow\/).*\.ts$/.test(path))
    .flatMap((path) =>
      [...readFileSync(join("src", path), "utf8").matchAll(/(\w+)\.commit[<(]/g)].map(
        ([, by = ""]) => `${path}: ${by}`,
      ),
    )
    .filter((commit) => !/: (?:applies|keeps)$/.test(commit));
  expect(commits.toSorted()).toEqual([
    "change/after/apply.ts: held",
    "change/after/apply.ts: live",
    "change/after/take.ts: held",
  ]);
});
