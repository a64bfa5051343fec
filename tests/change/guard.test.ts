// A guarded change on a real disk: what its query answers, and the time, in the test's own hand. Long: each answer of a query at each moment is
// one test.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApplies, type ServedEnd } from "../../src/change/after/apply.ts";
import { createGuards, type Guards } from "../../src/change/after/guard.ts";
import { createKeeps, type Keeps } from "../../src/change/after/keep.ts";
import type { Acted, Deadlines } from "../../src/change/deadlines.ts";
import type { GuardReading, GuardUnknown } from "../../src/model/guard.ts";
import type { KeepEvent } from "../../src/model/keep-event.ts";
import { type Guard, noRules } from "../../src/model/rules.ts";
import { versionOf } from "../../src/model/version.ts";
import { openJournal } from "../../src/store/local/journal.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import { anna, boris, type ConfigFixture, openFixture } from "../store/local/config-fixture.ts";
import { inertInspector } from "./inert-inspector.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

const everyMs = 15_000;
const duringMs = 60_000;
const guard: Guard = {
  prometheus: "http://127.0.0.1:9090",
  query: "sum(rate(errors_total[1m]))",
  fails: { operator: ">", bound: 5 },
  duringMs,
  everyMs,
};

interface Bench {
  readonly fixture: ConfigFixture;
  readonly live: ConfigStore;
  readonly keeps: Keeps;
  readonly events: KeepEvent[];
  /** How often the query was asked so far. */
  readonly asked: () => number;
  commit(text: string): Promise<ServedEnd<string>>;
  /** As the next question is due: it is asked, and answered with this. */
  answer(...answers: readonly Answer[]): Promise<void>;
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>;
  /** Sets the wall clock alone. */
  setWallBy(ms: number): void;
  again(options?: { readonly laterMs?: number }): Promise<Bench>;
}

/** A number, or why there is none. */
type Answer = number | GuardUnknown;

function readingOf(answer: Answer, nowMs: number): GuardReading {
  if (typeof answer !== "number") return { kind: "unknown", because: answer };
  const at = new Date(nowMs).toISOString();
  return { kind: answer > 5 ? "fails" : "passes", value: String(answer), at };
}

interface Options {
  readonly fixture?: ConfigFixture;
  readonly keepMs?: number | null;
  readonly laterMs?: number;
}

async function open({ fixture: given, keepMs = null, laterMs = 0 }: Options = {}): Promise<Bench> {
  const fixture = given ?? (await openFixture({ content: "0\n" }));
  const config = { ...fixture.live.config, rules: { ...noRules, keepMs, guard } };
  const live: ConfigStore = Object.create(fixture.live, { config: { value: config } });
  const events: KeepEvent[] = [];
  vi.setSystemTime(Date.now() + laterMs);
  const nowMs = (): number => Date.now();
  let setByMs = 0;
  const clock = { wallMs: () => nowMs() + setByMs, steadyMs: nowMs };
  const due = new Map<string, { readonly atMs: number; readonly act: () => Promise<Acted> }>();
  const deadlines: Deadlines = {
    set: (key, atMs, act) => void due.set(key, { atMs: atMs - setByMs, act }),
    clear: (key) => void due.delete(key),
    leftMs: () => 0,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const records = (name: string) =>
    openStateStore(join(fixture.folder, "state", name), { clean: (text) => text });
  const report = (what: string, error: unknown): void => {
    throw new Error(what, { cause: error });
  };
  const journal = await openJournal(join(fixture.folder, "state", "journal.jsonl"), () => {});
  const applies = await createApplies({
    store: await records("services"),
    prove: () => Promise.reject(new Error("there is no service")),
    journal,
    tell: () => {},
    report,
    onPutBack: () => Promise.resolve(),
  });
  const keeps = createKeeps({
    applies,
    store: await records("keeps"),
    deadlines,
    journal,
    inspector: inertInspector,
    frozen: () => undefined,
    report,
    tell: (event) => Promise.resolve(void events.push(event)),
    now: nowMs,
  });
  let answers: Answer[] = [];
  let asked = 0;
  const guards: Guards = createGuards({
    store: await records("guards"),
    deadlines,
    keeps,
    ask() {
      asked += 1;
      const next = answers.shift();
      if (next === undefined) throw new Error("nobody expected that it is asked now");
      return Promise.resolve(readingOf(next, nowMs()));
    },
    isServing: () => false,
    clock,
    report,
  });
  await keeps.load([live]);
  await guards.follow([live]);
  const idle = async (): Promise<void> => {
    await guards.idle();
    await keeps.idle();
  };
  async function pass(ms: number): Promise<void> {
    vi.setSystemTime(Date.now() + ms);
    for (;;) {
      const next = [...due].find(([, { atMs }]) => atMs <= nowMs());
      if (next === undefined) return;
      const [key, { act }] = next;
      due.delete(key);
      expect(await act()).toBe("done");
      await idle();
    }
  }
  return {
    fixture,
    live,
    keeps,
    events,
    asked: () => asked,
    pass,
    setWallBy(ms) {
      setByMs += ms;
    },
    async commit(text) {
      const end = await keeps.commit<string>(
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
      );
      // Its line is a little later than its backup.
      if (end.kind === "applied") vi.setSystemTime(Date.parse(end.entry.at));
      await idle();
      return end;
    },
    async answer(...given) {
      for (const each of given) {
        answers = [each];
        await pass(everyMs);
      }
    },
    async again({ laterMs: moreMs = 0 } = {}) {
      guards.stop();
      return open({ fixture: await fixture.reopen(), keepMs, laterMs: moreMs });
    },
  };
}

const kinds = ({ events }: Bench): readonly string[] => events.map(({ kind }) => kind);

for (const { name, answers } of [
  { name: "one after the other", answers: [6, 7] },
  { name: "with something unknown between", answers: [6, "no_series", 7] },
  { name: "after it passed", answers: [1, 6, 7] },
] as const) {
  test(`two fails ${name} take the change back, and say query, values and times`, async () => {
    const bench = await open();
    await bench.commit("1\n");
    await bench.answer(...answers);
    expect(await bench.fixture.read()).toBe("0\n");
    expect((await bench.fixture.history()).at(-1)).toMatchObject({
      revision: 3,
      how: "reverted",
      author: null,
      reverts: 2,
    });
    expect(bench.events).toMatchObject([
      {
        kind: "reverted",
        revision: 2,
        note: { backTo: 1 },
        failure: { query: guard.query, answers: [{ value: "6" }, { value: "7" }] },
      },
    ]);
    await bench.pass(10 * duringMs);
    expect(bench.asked()).toBe(answers.length);
  });
}

for (const { name, jumpMs } of [
  { name: "back", jumpMs: -3_600_000 },
  { name: "forward", jumpMs: 3_600_000 },
]) {
  test(`it is asked as often, and for as long, where the wall clock is set ${name} meanwhile`, async () => {
    const bench = await open();
    await bench.commit("1\n");
    await bench.answer(1);
    bench.setWallBy(jumpMs);
    await bench.answer(1, 6);
    expect(bench.asked()).toBe(3);
    await bench.answer(7);
    expect(bench.events).toMatchObject([{ kind: "reverted", failure: { answers: [{}, {}] } }]);
  });
}

test("a fail between passes changes nothing; after its time it is asked no more", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer(6, 1, 6, 1);
  await bench.pass(10 * duringMs);
  expect(bench.asked()).toBe(4);
  expect(await bench.fixture.read()).toBe("1\n");
  expect(bench.events).toEqual([]);
});

test("unknown is no success: with more of it than passes, Keep is asked for, and without a word it goes back", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer(1, "too_slow", "no_series", "no_answer");
  const [asked] = bench.events;
  expect(asked).toMatchObject({
    kind: "asked",
    revision: 2,
    doubt: { passes: 1, others: 3, because: "no_answer" },
  });
  expect(bench.keeps.pending(bench.live.config.id)).toMatchObject({ revision: 2 });
  await bench.pass(duringMs - 5000);
  expect(await bench.fixture.read()).toBe("1\n");
  await bench.pass(10_000);
  expect(await bench.fixture.read()).toBe("0\n");
  expect(kinds(bench)).toEqual(["asked", "reverted"]);
  expect(bench.events[1]).toMatchObject({ failure: null });
});

test("as many passes as unknown ones are enough; a last fail is none", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer("no_series", 1, "no_series", 1);
  expect(bench.events).toEqual([]);
  await bench.commit("2\n");
  await bench.answer("no_series", 1, "no_series", 6);
  expect(bench.events).toMatchObject([{ kind: "asked", doubt: { passes: 1, others: 3 } }]);
});

test("a later change ends the guard of the one before it, and has one of its own", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer(6);
  await bench.commit("2\n");
  await bench.answer(6);
  expect(await bench.fixture.read()).toBe("2\n");
  await bench.answer(6);
  expect(await bench.fixture.read()).toBe("1\n");
  expect(bench.events).toMatchObject([{ kind: "reverted", revision: 3, note: { backTo: 2 } }]);
});

test("what went back by itself, and what was edited by hand, is not guarded", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer(6, 7);
  const asked = bench.asked();
  await writeFile(bench.fixture.path, "by hand\n");
  await bench.live.adopt(versionOf(Buffer.from("by hand\n")).sha256, boris);
  await bench.pass(10 * duringMs);
  expect(bench.asked()).toBe(asked);
});

test("an edit by hand meanwhile stays, and that is told", async () => {
  const bench = await open();
  await bench.commit("1\n");
  await bench.answer(6);
  await writeFile(bench.fixture.path, "by hand\n");
  await bench.answer(7);
  expect(await bench.fixture.read()).toBe("by hand\n");
  expect(bench.events).toMatchObject([
    { kind: "moved", revision: 2, failure: { answers: [{}, {}] } },
  ]);
});

test("over a restart it goes on, and a fail from before counts", async () => {
  const before = await open();
  await before.commit("1\n");
  await before.answer(6);
  const bench = await before.again();
  await bench.answer(7);
  expect(await bench.fixture.read()).toBe("0\n");
  expect(bench.events).toMatchObject([
    { kind: "reverted", failure: { answers: [{ value: "6" }, { value: "7" }] } },
  ]);
});

test("where its time passed while nothing ran, it is asked once, and unknown is no success then either", async () => {
  const before = await open();
  await before.commit("1\n");
  await before.answer(1);
  const bench = await before.again({ laterMs: 10 * duringMs });
  await bench.answer("no_answer");
  expect(bench.events).toEqual([]);
  const next = await bench.again();
  await next.pass(duringMs);
  expect(next.asked()).toBe(0);

  await next.commit("2\n");
  const last = await next.again({ laterMs: 10 * duringMs });
  await last.answer("no_answer");
  expect(last.events).toMatchObject([{ kind: "asked", revision: 3 }]);
});

test("with Keep as well: whichever comes first takes it back, once; a guard that fails takes back what was kept too", async () => {
  const bench = await open({ keepMs: 10 * duringMs });
  const { id } = bench.live.config;
  await bench.commit("1\n");
  await bench.answer(6, 7);
  expect(await bench.fixture.read()).toBe("0\n");
  expect(bench.events).toMatchObject([{ kind: "reverted", failure: { answers: [{}, {}] } }]);
  expect(bench.keeps.pending(id)).toBeUndefined();

  await bench.commit("2\n");
  await bench.keeps.keep(bench.live, 4, boris);
  await bench.answer(6, 7);
  expect(await bench.fixture.read()).toBe("0\n");
  expect(bench.keeps.pending(id)).toBeUndefined();

  // What waits for Keep anyway is not asked for it once more, and what was kept is not asked for at all.
  bench.events.length = 0;
  await bench.commit("3\n");
  await bench.answer("no_series", "no_series", "no_series", "no_series");
  expect(bench.events).toEqual([]);
  await bench.keeps.keep(bench.live, 6, boris);
  await bench.commit("4\n");
  await bench.keeps.keep(bench.live, 7, boris);
  await bench.answer("no_series", "no_series", "no_series", "no_series");
  expect(kinds(bench)).toEqual(["kept", "kept"]);
});

test("a first version has nothing to go back to, and is not guarded", async () => {
  const bench = await open({ fixture: await openFixture({}) });
  await bench.commit("1\n");
  await bench.pass(10 * duringMs);
  expect(bench.asked()).toBe(0);
});
