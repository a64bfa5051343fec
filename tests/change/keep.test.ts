// Keep or go back on a real disk, with the deadline in the test's own hand. Long: each step at which a crash or somebody else can come between
// is one test.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createKeeps, type Keeps } from "../../src/change/after/keep.ts";
import type { Acted } from "../../src/change/deadlines.ts";
import type { Frozen } from "../../src/change/gates/gates.ts";
import type { KeepEvent } from "../../src/model/keep-event.ts";
import { createApplies, type ServedEnd } from "../../src/change/after/apply.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import { versionOf } from "../../src/model/version.ts";
import { noRules } from "../../src/model/rules.ts";
import { openJournal } from "../../src/store/local/journal.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import { type Keep, longer } from "../../src/change/after/keep-record.ts";
import { before, diskCalls, failing, resetDisk } from "../faulty-disk.ts";
import { anna, boris, type ConfigFixture, openFixture } from "../store/local/config-fixture.ts";
import { inertInspector } from "./inert-inspector.ts";

vi.mock("node:fs/promises", async () => (await import("../faulty-disk.ts")).faultyDisk());

interface Bench {
  readonly fixture: ConfigFixture;
  readonly live: ConfigStore;
  readonly keeps: Keeps;
  readonly events: KeepEvent[];
  /** What is due, by its key. */
  readonly due: Map<string, () => Promise<Acted>>;
  commit(text: string): Promise<ServedEnd<string>>;
  /** The revision that waits. */
  waiting(): number | undefined;
  records(): Promise<readonly string[]>;
  /** As the next process does; `telling` where it can. */
  again(): Promise<Bench>;
}

interface BenchOptions {
  /** Whether anybody can be told, so that what is told can be forgotten. */
  readonly isTelling?: boolean;
  readonly frozen?: () => Frozen | undefined;
  readonly fixture?: ConfigFixture;
}

async function open({
  isTelling = true,
  frozen = () => undefined,
  fixture: given,
}: BenchOptions = {}): Promise<Bench> {
  const fixture = given ?? (await openFixture({ content: "0\n" }));
  const config = { ...fixture.live.config, rules: { ...noRules, keepMs: 600_000 } };
  const live: ConfigStore = Object.create(fixture.live, { config: { value: config } });
  const events: KeepEvent[] = [];
  const due = new Map<string, () => Promise<Acted>>();
  const folder = join(fixture.folder, "state", "keeps");
  const journalPath = join(fixture.folder, "state", "journal.jsonl");
  const journal = await openJournal(journalPath, () => {});
  const report = (what: string, error: unknown): never => {
    throw new Error(what, { cause: error });
  };
  const applies = await createApplies({
    store: await openStateStore(join(fixture.folder, "state", "services"), {
      clean: (text) => text,
    }),
    prove: () => Promise.reject(new Error("its rules ask for no proof")),
    journal,
    tell: () => {},
    report,
    onPutBack: () => Promise.resolve(),
  });
  const keeps = createKeeps({
    applies,
    store: await openStateStore(folder, { clean: (text) => text }),
    deadlines: {
      set: (key, _atMs, act) => void due.set(key, act),
      clear: (key) => void due.delete(key),
      leftMs: () => 0,
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
    journal,
    inspector: inertInspector,
    frozen,
    report,
    tell: isTelling ? (event) => Promise.resolve(void events.push(event)) : undefined,
    now: Date.now,
  });
  await keeps.load([live]);
  return {
    fixture,
    live,
    keeps,
    events,
    due,
    commit: (text) =>
      keeps.commit<string>(
        live,
        {
          version: versionOf(Buffer.from(text)),
          how: "upload",
          author: anna,
          reason: null,
          message: null,
          key: "bench",
        },
        { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
      ),
    waiting: () => keeps.pending(config.id)?.revision,
    records: () => readdir(folder),
    again: async () => open({ fixture: await fixture.reopen() }),
  };
}

/** Lets the deadline of what waits pass. */
function pass({ due }: Bench): Promise<Acted> {
  const [act] = due.values();
  if (act === undefined) throw new Error("nothing is due");
  return act();
}

const kinds = ({ events }: Bench): readonly string[] => events.map(({ kind }) => kind);

beforeEach(resetDisk);
afterEach(resetDisk);

describe("of two who decide in one instant exactly one wins", () => {
  for (const { name, other } of [
    {
      name: "Keep and the deadline",
      other: ({ keeps, live }: Bench, revision: number) => keeps.keep(live, revision, boris),
    },
    {
      name: "Revert now and the deadline",
      other: ({ keeps, live }: Bench, revision: number) => keeps.takeBack(live, revision, boris),
    },
    {
      name: "more time and the deadline",
      other: ({ keeps, live }: Bench, revision: number) => keeps.extend(live, revision, boris),
    },
  ]) {
    test(name, async () => {
      const bench = await open();
      const { fixture, keeps, live, events } = bench;
      for (let round = 1; round <= 12; round += 1) {
        const before = await fixture.read();
        const candidate = `round ${round}\n`;
        const end = await bench.commit(candidate);
        if (end.kind !== "applied") throw new Error(`it was ${end.kind}`);
        const { revision } = end.entry;
        events.length = 0;
        const deadline = pass(bench);
        const acts =
          round % 2 === 0 ? [deadline, other(bench, revision)] : [other(bench, revision), deadline];
        await Promise.all(acts);
        await keeps.idle();
        const lines = (await fixture.history()) as readonly Readonly<Record<string, unknown>>[];
        const reverts = lines.filter((line) => line["reverts"] === revision);
        const isKept = lines.some((line) => line["kept"] === revision);
        const isWaiting = bench.waiting() === revision;
        expect(reverts.length + Number(isKept) + Number(isWaiting)).toBe(1);
        expect(await fixture.read()).toBe(reverts.length === 1 ? before : candidate);
        expect(kinds(bench)).toEqual([
          reverts.length === 1 ? "reverted" : isKept ? "kept" : "extended",
        ]);
        if (isWaiting) await keeps.keep(live, revision, boris);
        await keeps.idle();
      }
    });
  }
});

test("what waits is on disk, synced, before the change goes live", async () => {
  const bench = await open();
  resetDisk();
  await bench.commit("1\n");
  const calls = diskCalls.map(({ name, path, to }) => `${name} ${to ?? path}`);
  const written = calls.findIndex((call) => /^rename .*\/keeps\/fees-2\.json$/.test(call));
  const live = calls.findIndex((call) => /^rename .*\/config\/fees\.yml$/.test(call));
  const synced = calls.findIndex((call) => /^sync .*\/keeps\/[^/]*fees-2\.json/.test(call));
  expect(synced).toBeGreaterThan(-1);
  expect(written).toBeGreaterThan(synced);
  expect(live).toBeGreaterThan(written);
});

test("a change that does not go live waits for nothing, and leaves no record", async () => {
  const bench = await open();
  const broken = failing(
    "ENOSPC",
    ({ name, to }) => name === "rename" && to?.endsWith("fees.yml") === true,
  );
  expect(await bench.commit("1\n")).toMatchObject({ kind: "failed", live: "old" });
  broken.stop();
  expect(bench.waiting()).toBeUndefined();
  expect(bench.due.size).toBe(0);
  expect(await bench.records()).toEqual([]);
});

test("a change whose record cannot be written does not go live", async () => {
  const bench = await open();
  const full = failing("ENOSPC", ({ name, path }) => name === "open" && path.includes("/keeps/"));
  expect(await bench.commit("1\n")).toMatchObject({
    kind: "failed",
    live: "old",
    trouble: { code: "disk_full" },
  });
  full.stop();
  expect(await bench.fixture.read()).toBe("0\n");
  expect(bench.waiting()).toBeUndefined();
});

for (const { name, refuses } of [
  { name: "the live file's disk", refuses: /\/config\// },
  { name: "the backups' disk", refuses: /\/backups\// },
  { name: "STATE_DIR's disk", refuses: /\/state\// },
]) {
  test(`while ${name} is full at the deadline, it waits on and that is told once; with room it goes back`, async () => {
    const bench = await open();
    await bench.commit("1\n");
    const full = failing(
      "ENOSPC",
      ({ name: call, path }) => ["open", "write", "writeFile"].includes(call) && refuses.test(path),
    );
    expect(await pass(bench)).toBe("again");
    expect(await pass(bench)).toBe("again");
    expect(kinds(bench)).toEqual(["stuck"]);
    expect(bench.events[0]).toMatchObject({ trouble: { code: "disk_full" } });
    expect(bench.waiting()).toBe(2);
    full.stop();
    expect(await bench.fixture.read()).toBe("1\n");
    expect(await pass(bench)).toBe("done");
    await bench.keeps.idle();
    expect(kinds(bench)).toEqual(["stuck", "reverted"]);
    expect(await bench.fixture.read()).toBe("0\n");
    expect(bench.waiting()).toBeUndefined();
    expect(await bench.records()).toEqual([]);
  });
}

test("where only the line of history cannot be written, it has gone back, and that is told", async () => {
  const bench = await open();
  await bench.commit("1\n");
  const full = failing("ENOSPC", ({ name, path }) => name === "write" && /history/.test(path));
  expect(await pass(bench)).toBe("done");
  await bench.keeps.idle();
  expect(kinds(bench)).toEqual(["reverted"]);
  expect(await bench.fixture.read()).toBe("0\n");
  full.stop();
});

test("where Keep cannot be written down, nothing is decided, and the deadline holds", async () => {
  const bench = await open();
  await bench.commit("1\n");
  const full = failing("ENOSPC", ({ name, path }) => name === "write" && /history/.test(path));
  const { keeps, live } = bench;
  expect(await keeps.keep(live, 2, boris)).toEqual({
    kind: "failed",
    trouble: { code: "disk_full" },
  });
  full.stop();
  expect(bench.waiting()).toBe(2);
  expect(await pass(bench)).toBe("done");
  expect(await bench.fixture.read()).toBe("0\n");
});

describe("after a crash history and the live file say what became of it, and that is told", () => {
  test("it was kept", async () => {
    const bench = await open({ isTelling: false });
    await bench.commit("1\n");
    await bench.keeps.keep(bench.live, 2, boris);
    const next = await bench.again();
    await next.keeps.idle();
    expect(next.events).toMatchObject([{ kind: "kept", revision: 2, by: boris }]);
    expect(next.waiting()).toBeUndefined();
    expect(await next.records()).toEqual([]);
  });

  test("it went back", async () => {
    const bench = await open({ isTelling: false });
    await bench.commit("1\n");
    await pass(bench);
    const next = await bench.again();
    await next.keeps.idle();
    expect(next.events).toMatchObject([
      { kind: "reverted", revision: 2, entry: { revision: 3, author: null, reverts: 2 } },
    ]);
    expect(next.waiting()).toBeUndefined();
    expect(await next.records()).toEqual([]);
  });

  test("somebody changed it on the server", async () => {
    const bench = await open();
    await bench.commit("1\n");
    await writeFile(bench.fixture.path, "by hand\n");
    const next = await bench.again();
    await next.keeps.idle();
    expect(kinds(next)).toEqual(["moved"]);
    expect(await next.fixture.read()).toBe("by hand\n");
    expect(next.due.size).toBe(0);
  });

  test("it still waits, until the same instant", async () => {
    const bench = await open();
    await bench.commit("1\n");
    const { id } = bench.live.config;
    const until = bench.keeps.pending(id)?.until;
    const next = await bench.again();
    expect(next.keeps.pending(id)).toMatchObject({ revision: 2, until });
    expect(await pass(next)).toBe("done");
    expect(await next.fixture.read()).toBe("0\n");
  });

  test("it never went live", async () => {
    const bench = await open();
    await bench.commit("1\n");
    const { folder } = bench.fixture;
    const record = {
      configId: "fees",
      revision: 3,
      sha256: "b".repeat(64),
      previous: { revision: 2, sha256: "a".repeat(64) },
      author: anna,
      until: "2026-11-23T14:05:09.123Z",
      extended: 0,
    };
    await writeFile(join(folder, "state", "keeps", "fees-3.json"), JSON.stringify(record));
    const next = await bench.again();
    expect(next.waiting()).toBe(2);
    expect(next.events).toEqual([]);
    expect(await next.records()).toEqual(["fees-2.json"]);
  });
});

test("a deadline, a Keep and a Revert now leave an edit by hand alone that came meanwhile", async () => {
  const bench = await open();
  const { keeps, live } = bench;
  const decisions = [
    () => pass(bench),
    () => keeps.keep(live, bench.waiting() ?? 0, boris),
    () => keeps.takeBack(live, bench.waiting() ?? 0, boris),
  ];
  for (const [round, decide] of decisions.entries()) {
    await bench.commit(`${round}, sent\n`);
    await writeFile(bench.fixture.path, `${round}, by hand\n`);
    await decide();
    await keeps.idle();
    expect(await bench.fixture.read()).toBe(`${round}, by hand\n`);
    expect(bench.waiting()).toBeUndefined();
  }
  expect(kinds(bench)).toEqual(["moved", "moved", "moved"]);
});

test("an edit by hand that a change replaces has its own number, and is what that change goes back to", async () => {
  const bench = await open();
  await writeFile(bench.fixture.path, "by hand\n");
  await bench.commit("1\n");
  expect(bench.keeps.waits(bench.live.config.id, 3)).toMatchObject({ backTo: 2 });
  expect(await pass(bench)).toBe("done");
  expect(await bench.fixture.read()).toBe("by hand\n");
});

test("an edit by hand of the last instant before it goes live is what it goes back to, on disk too", async () => {
  const bench = await open();
  before(
    ({ name, to }) => name === "rename" && to === bench.fixture.path,
    () => writeFile(bench.fixture.path, "by hand\n"),
  );
  await bench.commit("1\n");
  expect(bench.keeps.waits(bench.live.config.id, 3)).toMatchObject({ backTo: 2 });
  expect(await bench.records()).toEqual(["fees-3.json"]);
  expect(await pass(bench)).toBe("done");
  expect(await bench.fixture.read()).toBe("by hand\n");
});

test("more time is added to what is left, or to none where its time is over", () => {
  const nowMs = Date.parse("2026-11-23T14:00:00.000Z");
  const keep = { extended: 0 } as Keep;
  expect(longer(keep, nowMs, 60_000).until).toBe("2026-11-23T14:11:00.000Z");
  expect(longer(keep, nowMs, -60_000).until).toBe("2026-11-23T14:10:00.000Z");
});

test("there is no more time for what was changed on the server meanwhile", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await writeFile(bench.fixture.path, "by hand\n");
  expect(await bench.keeps.extend(bench.live, 2, boris)).toEqual({ kind: "moved" });
  expect(bench.waiting()).toBeUndefined();
});

test("a freeze stops who would take it back, and not the deadline", async () => {
  let freeze: Frozen | undefined;
  const bench = await open({ frozen: () => freeze });
  await bench.commit("1\n");
  freeze = { by: boris, until: null, reason: null };
  expect(await bench.keeps.takeBack(bench.live, 2, boris)).toMatchObject({ kind: "blocked" });
  expect(await bench.fixture.read()).toBe("1\n");
  expect(await pass(bench)).toBe("done");
  expect(await bench.fixture.read()).toBe("0\n");
});
