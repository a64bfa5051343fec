// What a machine does with its file as the store moves on: a real folder and the local write path, with a store that the test plays.
import { rm } from "node:fs/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Validation, wholeDocument } from "../../src/model/problem.ts";
import { noRules, type Rules } from "../../src/model/rules.ts";
import { versionOf } from "../../src/model/version.ts";
import { fees, machineHere, playStore } from "./machine-here.ts";

const withApply: Rules = {
  ...noRules,
  apply: { run: ["true"], verify: { kind: "url", url: "http://127.0.0.1/" }, withinMs: 1000 },
};
const withRollout: Rules = { ...withApply, rollout: { jitterMs: 0 } };
const refused = {
  kind: "refused",
  fault: { step: "verify", why: { code: "other_version" }, output: "" },
} as const;

describe("the newest revision", () => {
  test("is written, with a backup of what was there, and reported as live where no proof is asked", async () => {
    const here = await machineHere();
    const { revision, sha256 } = here.store.commit(fees(2));
    await here.look();
    expect(await here.text()).toBe(fees(2));
    expect(await here.backups()).toEqual([fees(1)]);
    expect(here.state).toEqual({ revision, sha256, stage: "live", problem: null });
  });

  test("is written where there is no file yet", async () => {
    const here = await machineHere({ file: null });
    here.store.commit(fees(2));
    await here.look();
    expect(await here.text()).toBe(fees(2));
  });

  test("is not renamed over equal bytes", async () => {
    const here = await machineHere({ file: fees(2) });
    const before = await here.inode();
    here.store.commit(fees(2));
    await here.look();
    expect(await here.inode()).toBe(before);
    expect(here.state?.stage).toBe("live");
    expect(await here.backups()).toEqual([]);
  });

  test("is left out where it does not validate here; the file stays, and it is not tried again", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    here.store.commit("maker_percent: 150\n");
    await here.look();
    await here.look();
    expect(await here.text()).toBe(fees(2));
    expect(here.state).toMatchObject({ revision: 2, stage: "fetched", problem: "not_valid" });
    expect(here.events.filter(({ kind }) => kind === "not_valid")).toHaveLength(1);
  });

  test("is tried again where this machine had no time to check it", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const slow = wholeDocument({ code: "too_slow_to_check", params: { limitMs: 10_000 } });
    const ends: Validation[] = [{ kind: "invalid", problems: [slow], total: 1 }, { kind: "valid" }];
    const here = await machineHere({
      check: () => Promise.resolve(ends.shift() ?? { kind: "aborted" }),
    });
    const { revision, sha256 } = here.store.commit(fees(2));
    await here.look();
    await here.look();
    expect(here.state).toEqual({ revision, sha256, stage: "fetched", problem: "not_valid" });
    expect(ends).toHaveLength(1);
    vi.advanceTimersByTime(30_000);
    await here.look();
    expect(await here.text()).toBe(fees(2));
    expect(here.state).toEqual({ revision, sha256, stage: "live", problem: null });
  });

  test("is the only one that is written: what was replaced meanwhile is skipped", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    const reading = here.store.version;
    here.store.version = async (...asked) => {
      here.store.version = reading;
      const version = await reading(...asked);
      here.store.commit(fees(3));
      return version;
    };
    await here.look();
    expect(await here.text()).toBe(fees(1));
    await here.look();
    expect(await here.text()).toBe(fees(3));
    expect(await here.backups()).toEqual([fees(1)]);
  });
});

describe("never backwards", () => {
  test("a store that was restored from an old snapshot changes nothing, also after a restart, and is reported", async () => {
    const here = await machineHere();
    const one = here.store.commit(fees(2));
    here.store.commit(fees(3));
    await here.look();
    await here.restart();
    here.store.newestNow = one;
    await here.look();
    await here.look();
    expect(await here.text()).toBe(fees(3));
    expect(here.state).toMatchObject({ revision: 2, problem: "store_behind" });
    expect(here.events.filter(({ kind }) => kind === "store_behind")).toHaveLength(1);
    here.store.newestNow = { ...one, revision: 2 };
    here.store.commit(fees(4));
    await here.look();
    expect(await here.text()).toBe(fees(4));
    expect(here.state).toMatchObject({ revision: 3, problem: null });
  });

  test("a kill before the rename is made good, from the store or from this disk", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    await here.restart();
    // As it is when the kill came between remembering and the rename.
    await here.edit(fees(1));
    here.store.isAway = true;
    here.store.newestNow = undefined;
    await here.look();
    expect(await here.text()).toBe(fees(2));
  });
});

describe("an edit by hand", () => {
  test("is kept as a backup, replaced and reported, once", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    await here.edit(fees(9));
    await here.look();
    await here.tell();
    await here.tell();
    expect(await here.text()).toBe(fees(2));
    expect(await here.backups()).toContain(fees(9));
    expect(here.store.edits).toEqual([
      { machine: "web-1", config: "fees", backup: expect.stringMatching(/^fees\..*\.yml$/) },
    ]);
    expect(here.events.filter(({ kind }) => kind === "edited")).toHaveLength(1);
  });

  test("made while nobody followed is replaced at the start, and reported", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    await here.edit(fees(9));
    await here.restart();
    await here.look();
    await here.tell();
    expect(await here.text()).toBe(fees(2));
    expect(here.store.edits).toHaveLength(1);
  });

  test("is replaced without the store too, and reported when it answers again", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    here.store.isAway = true;
    await here.edit(fees(9));
    await here.look();
    expect(await here.text()).toBe(fees(2));
    await expect(here.tell()).rejects.toThrow("store_no_majority");
    here.store.isAway = false;
    await here.restart();
    await here.look();
    await here.tell();
    expect(here.store.edits).toHaveLength(1);
  });

  test("that a new revision replaces is reported as well; a file that is gone comes back", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    await here.edit(fees(9));
    here.store.commit(fees(3));
    await here.look();
    await here.tell();
    expect(await here.text()).toBe(fees(3));
    expect(here.store.edits).toHaveLength(1);
    await rm(here.path);
    await here.look();
    expect(await here.text()).toBe(fees(3));
  });

  test("before the first revision from the store is none: it is what was found", async () => {
    const here = await machineHere();
    here.store.commit(fees(2));
    await here.look();
    await here.tell();
    expect(here.store.edits).toEqual([]);
  });
});

describe("the service", () => {
  test("is told of the store's revision, and proves it", async () => {
    const here = await machineHere({ rules: withApply });
    here.store.commit(fees(2));
    const { revision, sha256 } = here.store.commit(fees(3));
    await here.look();
    await here.look();
    expect(here.proofs).toEqual([`${revision} ${sha256}`]);
    expect(here.state).toMatchObject({ stage: "live", problem: null });
  });

  test("that does not take it is reported; it is told again after a restart, not before", async () => {
    const here = await machineHere({ rules: withApply });
    here.answer = refused;
    here.store.commit(fees(2));
    await here.look();
    await here.look();
    expect(here.proofs).toHaveLength(1);
    expect(here.state).toMatchObject({ stage: "written", problem: "not_taken" });
    here.answer = { kind: "proven" };
    await here.restart();
    await here.look();
    expect(here.proofs).toHaveLength(2);
    expect(here.state).toMatchObject({ stage: "live", problem: null });
  });

  test("is told again after an edit by hand was replaced, and not for equal bytes that it has proven", async () => {
    const here = await machineHere({ rules: withApply });
    here.store.commit(fees(2));
    await here.look();
    await here.edit(fees(9));
    await here.look();
    expect(here.proofs).toHaveLength(2);
    here.store.commit(fees(2));
    await here.look();
    expect(here.proofs).toHaveLength(2);
    expect(here.state).toMatchObject({ revision: 2, stage: "live" });
  });
});

describe("with a rollout", () => {
  async function two() {
    const store = playStore();
    const first = await machineHere({ rules: withRollout, store });
    const other = await machineHere({ rules: withRollout, store, machine: "web-2" });
    store.commit(fees(2));
    for (const here of [first, other]) await here.look();
    return { store, first, other };
  }

  test("one machine goes first; the other follows when it is live there, and not before", async () => {
    const { store, first, other } = await two();
    store.commit(fees(3));
    await first.look();
    expect(await first.text()).toBe(fees(2));
    await other.look();
    expect(await other.text()).toBe(fees(2));
    expect(other.state).toMatchObject({ revision: 2, stage: "fetched" });
    await first.look();
    expect(await first.text()).toBe(fees(3));
    await other.look();
    expect(await other.text()).toBe(fees(2));
    await first.tell();
    expect(store.rolloutNow).toEqual({ revision: 2, first: "web-1", state: "live" });
    await other.look();
    expect(await other.text()).toBe(fees(3));
    expect(other.state).toMatchObject({ revision: 2, stage: "live" });
  });

  test("what the first machine's service does not take reaches no other; what goes back goes everywhere at once", async () => {
    const { store, first, other } = await two();
    first.answer = refused;
    store.commit(fees(3));
    for (let n = 0; n < 2; n += 1) await first.look();
    await first.tell();
    expect(store.rolloutNow).toEqual({ revision: 2, first: "web-1", state: "failed" });
    await other.look();
    expect(await other.text()).toBe(fees(2));
    first.answer = { kind: "proven" };
    const before = await other.inode();
    store.commit(fees(2), { how: "reverted", author: null, reverts: 2 });
    for (const here of [first, other]) await here.look();
    expect(await first.text()).toBe(fees(2));
    expect(await other.inode()).toBe(before);
    for (const here of [first, other]) {
      expect(here.state).toMatchObject({ revision: 3, stage: "live", problem: null });
    }
  });

  test("a machine that has nothing yet does not wait, unless it failed on the first", async () => {
    const { store } = await two();
    store.commit(fees(3));
    store.rolloutNow = { revision: 2, first: "web-9", state: "failed" };
    const fresh = await machineHere({ rules: withRollout, store, machine: "web-3", file: null });
    await fresh.look();
    expect(fresh.state).toMatchObject({ revision: 2, stage: "fetched" });
    store.rolloutNow = { revision: 2, first: "web-9", state: "claimed" };
    await fresh.look();
    expect(versionOf(Buffer.from(await fresh.text())).sha256).toBe(store.newestNow?.sha256);
  });
});
