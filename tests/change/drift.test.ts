// Edits on the server, on a real disk, with the time in the test's own hand. Long: each way in which an edit can end is one test.
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDrifts, type Drifts } from "../../src/change/drift.ts";
import { driftTag } from "../../src/change/edit-on-server.ts";
import type { DriftEvent } from "../../src/model/drift-event.ts";
import { type Validation, wholeDocument } from "../../src/model/problem.ts";
import { versionOf } from "../../src/model/version.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import { openRecordLog } from "../../src/store/local/record-log.ts";
import { boris, type ConfigFixture, openFixture } from "../store/local/config-fixture.ts";

const empty: Validation = {
  kind: "invalid",
  total: 1,
  problems: [wholeDocument({ code: "not_time" })],
};

interface Bench {
  readonly fixture: ConfigFixture;
  readonly live: ConfigStore;
  readonly drifts: Drifts;
  readonly events: DriftEvent[];
  /** Lets so much time pass, and whatever is due by then happen. */
  readonly pass: (seconds: number) => Promise<void>;
  /** As a stop and the next process do. */
  again(): Promise<Bench>;
}

/** Steps of a second; after each, what was set off has ended on the disk. */
function handClock() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    steadyMs: () => nowMs,
    wakeAfter(ms: number, wake: () => void) {
      const timer = { atMs: nowMs + ms, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    step(ms: number) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((each) => !due.includes(each));
      for (const { wake } of due) wake();
    },
  };
}

async function open(
  given?: ConfigFixture,
  { isTelling = true, content }: { isTelling?: boolean; content?: string } = { content: "0\n" },
): Promise<Bench> {
  const fixture = given ?? (await openFixture(content === undefined ? {} : { content }));
  const events: DriftEvent[] = [];
  const clock = handClock();
  const records = await openRecordLog(join(fixture.folder, "state", "drift"), {
    ageMaxMs: Infinity,
    clean: (text) => text,
    onTrouble: (error) => {
      throw new Error("records", { cause: error });
    },
  });
  // No hints: a look in any case is what is promised.
  const live: ConfigStore = Object.create(fixture.live, { watchLive: { value: () => () => {} } });
  const drifts = createDrifts({
    store: records,
    inspector: {
      check: (bytes) => Promise.resolve(bytes.length === 0 ? empty : { kind: "valid" }),
      compare: () => Promise.resolve({ kind: "same" }),
    },
    clock,
    report: (what, error) => {
      if (isTelling) throw new Error(what, { cause: error });
    },
    tell: (event) => {
      events.push(event);
      return isTelling ? Promise.resolve() : Promise.reject(new Error("killed"));
    },
  });
  drifts.follow([live]);
  return {
    fixture,
    live,
    drifts,
    events,
    async pass(seconds) {
      for (let second = 0; second < seconds; second += 1) {
        clock.step(1000);
        await drifts.idle();
      }
    },
    async again() {
      drifts.stop();
      return open(await fixture.reopen());
    },
  };
}

const kinds = ({ events }: Bench): readonly string[] => events.map(({ kind }) => kind);

function tagOf(text: string): string {
  return driftTag({ sha256: versionOf(Buffer.from(text)).sha256, before: null });
}

for (const { name, edit } of [
  { name: "in place", edit: ({ path }: ConfigFixture) => writeFile(path, "by hand\n") },
  {
    name: "by a rename",
    edit: async ({ path }: ConfigFixture) => {
      await writeFile(`${path}.new`, "by hand\n");
      await rename(`${path}.new`, path);
    },
  },
]) {
  test(`an edit ${name} is noticed within 60 seconds, told once, and stays as it is`, async () => {
    const bench = await open();
    const { fixture, live, drifts, events, pass } = bench;
    await pass(1);
    expect(drifts.isDrifting(live.config.id)).toBe(false);
    await edit(fixture);
    await pass(30);
    expect(drifts.isDrifting(live.config.id)).toBe(true);
    expect(events).toMatchObject([
      { kind: "noticed", problemsTotal: 0, drift: { before: { revision: 1 } } },
    ]);
    await pass(60);
    expect(kinds(bench)).toEqual(["noticed"]);
    expect(await fixture.read()).toBe("by hand\n");
    expect(await fixture.history()).toHaveLength(1);
  });
}

test("a file that is still being written is not told; the whole of it is", async () => {
  const bench = await open();
  const { fixture, events, pass } = bench;
  await pass(1);
  for (let second = 0; second < 40; second += 1) {
    await writeFile(fixture.path, "x".repeat(second));
    await pass(1);
  }
  expect(events).toEqual([]);
  await pass(30);
  expect(events).toMatchObject([
    { kind: "noticed", drift: { sha256: versionOf(Buffer.from("x".repeat(39))).sha256 } },
  ]);
});

test("the bot's own changes, and an edit that went away again, are not told", async () => {
  const bench = await open();
  const { fixture, pass } = bench;
  for (let round = 1; round <= 40; round += 1) {
    const changing = fixture.change(`round ${round}\n`);
    await pass(1);
    await changing;
  }
  await writeFile(fixture.path, "by hand\n");
  await pass(3);
  await writeFile(fixture.path, "round 40\n");
  await pass(60);
  expect(kinds(bench)).toEqual([]);
});

test("Keep makes it a revision, and says who; a second Keep comes too late", async () => {
  const bench = await open();
  const { fixture, live, drifts, events, pass } = bench;
  await writeFile(fixture.path, "by hand\n");
  await pass(30);
  const tag = tagOf("by hand\n");
  expect(await drifts.keep(live, tag, boris)).toEqual({ kind: "kept" });
  expect(await drifts.keep(live, tag, boris)).toEqual({ kind: "decided" });
  await pass(30);
  expect(events.slice(1)).toMatchObject([{ kind: "kept", by: boris, entry: { revision: 2 } }]);
  expect((await fixture.history()).at(-1)).toMatchObject({ how: "edited", author: null });
  expect(drifts.isDrifting(live.config.id)).toBe(false);
});

test("a button is bound to the edit that was shown: after another one it does nothing, and that one is told", async () => {
  const bench = await open();
  const { fixture, live, drifts, events, pass } = bench;
  await writeFile(fixture.path, "by hand\n");
  await pass(30);
  await writeFile(fixture.path, "again by hand\n");
  const tag = tagOf("by hand\n");
  expect(await drifts.keep(live, tag, boris)).toEqual({ kind: "moved" });
  expect(await drifts.putBack(live, tag)).toEqual({ kind: "moved" });
  expect(await fixture.history()).toHaveLength(1);
  await pass(10);
  expect(kinds(bench)).toEqual(["noticed", "edited_again", "noticed"]);
  expect(events[2]).toMatchObject({
    drift: { sha256: versionOf(Buffer.from("again by hand\n")).sha256, before: { revision: 1 } },
  });
  expect(await drifts.keep(live, tag, boris)).toEqual({ kind: "decided" });
});

test("what is put back is the revision before the edit, bound to the edit", async () => {
  const bench = await open();
  const { fixture, live, drifts, pass } = bench;
  await writeFile(fixture.path, "by hand\n");
  await pass(30);
  const found = await drifts.putBack(live, tagOf("by hand\n"));
  expect(found).toMatchObject({
    kind: "ready",
    base: { sha256: versionOf(Buffer.from("by hand\n")).sha256 },
  });
  expect(found.kind === "ready" && Buffer.from(found.version.bytes).toString()).toBe("0\n");
  await fixture.change("1\n");
  await pass(2);
  expect(bench.events.slice(1)).toMatchObject([{ kind: "replaced", entry: { revision: 3 } }]);
});

test("a file that is deleted is told, and can be put back", async () => {
  const bench = await open();
  const { fixture, live, drifts, events, pass } = bench;
  await rm(fixture.path);
  await pass(30);
  expect(events).toMatchObject([
    { kind: "noticed", drift: { sha256: null, before: { revision: 1 } } },
  ]);
  expect(await drifts.keep(live, "gone", boris)).toEqual({ kind: "decided" });
  expect(await drifts.putBack(live, "gone")).toMatchObject({ kind: "ready" });
});

test("a file that appears where there was none is told, and Keep makes it the first revision", async () => {
  const bench = await open(undefined, {});
  const { fixture, live, drifts, events, pass } = bench;
  await writeFile(fixture.path, "by hand\n");
  await pass(30);
  expect(events).toMatchObject([{ kind: "noticed", drift: { before: null } }]);
  expect(await drifts.keep(live, tagOf("by hand\n"), boris)).toEqual({ kind: "kept" });
  expect(await fixture.history()).toMatchObject([{ revision: 1, how: "found" }]);
});

test("what does not validate is told with its problems", async () => {
  const bench = await open();
  await writeFile(bench.fixture.path, "");
  await bench.pass(30);
  expect(bench.events).toMatchObject([{ kind: "noticed", problemsTotal: 1 }]);
});

test("after a restart the same edit, a revision by then, is not told again, and its buttons work", async () => {
  const before = await open();
  await writeFile(before.fixture.path, "by hand\n");
  await before.pass(30);
  const bench = await before.again();
  const { fixture, live, drifts, events, pass } = bench;
  await pass(60);
  expect(events).toEqual([]);
  expect(await fixture.history()).toHaveLength(2);
  expect(await drifts.putBack(live, tagOf("by hand\n"))).toMatchObject({ kind: "ready" });
  expect(await drifts.keep(live, tagOf("by hand\n"), boris)).toEqual({ kind: "kept" });
  expect(events).toMatchObject([{ kind: "kept", entry: { revision: 2 } }]);
  const next = await bench.again();
  await next.pass(60);
  expect(next.events).toEqual([]);
});

test("an edit that was made while no bot ran is told by the next one, once", async () => {
  const before = await open();
  await before.pass(1);
  before.drifts.stop();
  await writeFile(before.fixture.path, "by hand\n");
  const bench = await before.again();
  await bench.pass(60);
  expect(bench.events).toMatchObject([
    { kind: "noticed", drift: { before: { revision: 1 } }, changes: { kind: "same" } },
  ]);
  const next = await bench.again();
  await next.pass(60);
  expect(next.events).toEqual([]);
});

test("where a crash came before it was told, the next process tells it", async () => {
  const before = await open(undefined, { isTelling: false, content: "0\n" });
  await writeFile(before.fixture.path, "by hand\n");
  await before.pass(22);
  expect(kinds(before)).toEqual(["noticed"]);
  const bench = await before.again();
  await bench.pass(2);
  expect(kinds(bench)).toEqual(["noticed"]);
});

test("a hint has it told sooner than a look in any case", async () => {
  const bench = await open();
  const hints: (() => void)[] = [];
  bench.drifts.follow([]);
  const live: ConfigStore = Object.create(bench.live, {
    watchLive: { value: (onTouched: () => void) => (hints.push(onTouched), () => {}) },
  });
  bench.drifts.follow([live]);
  await bench.pass(1);
  await writeFile(bench.fixture.path, "by hand\n");
  hints[0]?.();
  await bench.pass(8);
  expect(kinds(bench)).toEqual(["noticed"]);
});

test("the folder gives hints of edits in place and by a rename", async () => {
  const fixture = await openFixture({ content: "0\n" });
  let hints = 0;
  const end = fixture.live.watchLive(() => (hints += 1));
  await writeFile(fixture.path, "by hand\n");
  await expect.poll(() => hints, { timeout: 20_000 }).toBeGreaterThan(0);
  hints = 0;
  await writeFile(`${fixture.path}.new`, "again\n");
  await rename(`${fixture.path}.new`, fixture.path);
  await expect.poll(() => hints, { timeout: 20_000 }).toBeGreaterThan(0);
  end();
});
