// Changes that wait for other people or for their time: how many, until when, and that each ends once.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Acted } from "../../src/change/deadlines.ts";
import { type DueOptions, followSchedules } from "../../src/change/due-schedules.ts";
import { openProposals, type Proposal } from "../../src/change/proposals.ts";
import { openSchedules, type Schedule, type Schedules } from "../../src/change/schedules.ts";
import { versionOf } from "../../src/model/version.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import type { Records } from "../../src/store/records.ts";
import { deferred } from "../deferred.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { authorOf, feesId } from "./rules-bench.ts";

const hourMs = 3_600_000;
const hash = "a".repeat(64);

/** Deadlines that are due when the test says so. */
function openDeadlines() {
  const due = new Map<string, { readonly atMs: number; readonly act: () => Promise<Acted> }>();
  const deadlines = {
    set: (key: string, atMs: number, act: () => Promise<Acted>) => void due.set(key, { atMs, act }),
    clear: (key: string) => void due.delete(key),
    leftMs: (key: string) => {
      const atMs = due.get(key)?.atMs;
      return atMs === undefined ? undefined : atMs - Date.now();
    },
  };
  return { due, deadlines };
}

async function openStore(folder?: string): Promise<{ path: string; store: Records }> {
  const path = folder ?? join(await temporaryFolder(), "kept");
  return { path, store: await openStateStore(path, { clean: (text) => text }) };
}

async function openProposed(folder?: string) {
  const { path, store } = await openStore(folder);
  const { due, deadlines } = openDeadlines();
  const expired: string[] = [];
  const proposals = await openProposals(store, deadlines);
  proposals.follow({ expired: (id) => void expired.push(id), halfTime: () => {} });
  return { path, proposals, due, expired };
}

function proposalOf(authorId: number, more: Partial<Proposal> = {}): Proposal {
  const untilMs = Date.now() + hourMs;
  return {
    configId: feesId,
    how: "upload",
    reason: null,
    message: null,
    baseSha256: null,
    baseless: false,
    unchecked: false,
    dueAt: null,
    author: authorOf(authorId),
    place: null,
    isTold: true,
    at: new Date().toISOString(),
    liveSha256: hash,
    approval: {
      needed: 1,
      by: null,
      expiresMs: hourMs,
      until: new Date(untilMs).toISOString(),
      given: [],
    },
    messages: [],
    bytes: Buffer.from("x"),
    ...more,
  };
}

test("of one person twenty proposals wait, and no more; the oldest comes first", async () => {
  const { proposals } = await openProposed();
  const ids: (string | undefined)[] = [];
  for (let index = 0; index < 21; index += 1) {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, 30 - index)).toISOString();
    ids.push(await proposals.add(proposalOf(1001, { at })));
  }
  expect(ids.indexOf(undefined)).toBe(20);
  expect(await proposals.add(proposalOf(1002))).toBeDefined();
  expect([...proposals.all().keys()].slice(0, 20)).toEqual(ids.slice(0, 20).toReversed());
});

test("a proposal ends once when its time has passed; half of it earlier people are reminded, unless that is over", async () => {
  const { proposals, due, expired } = await openProposed();
  const proposal = proposalOf(1001);
  const id = (await proposals.add(proposal)) ?? expect.unreachable();
  const untilMs = Date.parse(proposal.approval.until);
  const [ending, reminder] = [due.get(`approval:${id}`), due.get(`reminder:${id}`)];
  expect([ending?.atMs, reminder?.atMs]).toEqual([untilMs, untilMs - hourMs / 2]);
  const until = new Date(Date.now() + hourMs / 4).toISOString();
  const late = await proposals.add(proposalOf(1001, { approval: { ...proposal.approval, until } }));
  expect([...due.keys()].filter((key) => key.endsWith(String(late)))).toEqual([`approval:${late}`]);
  await Promise.all([ending?.act(), ending?.act()]);
  expect(expired).toEqual([id]);
  expect(proposals.all().has(id)).toBe(false);
});

test("a proposal that its author was not told of does not outlive a restart", async () => {
  const { path, proposals } = await openProposed();
  const told = await proposals.add(proposalOf(1001));
  await proposals.add(proposalOf(1001, { isTold: false }));
  const again = await openProposed(path);
  expect([...again.proposals.all().keys()]).toEqual([told]);
});

const later = (ms: number): string => new Date(Date.now() + ms).toISOString();

function add(schedules: Schedules, dueAt: string, text = "x") {
  return schedules.add({
    configId: feesId,
    author: authorOf(1001),
    reason: null,
    message: null,
    key: "scheduled",
    dueAt,
    version: versionOf(Buffer.from(text)),
    agreed: null,
    baseSha256: hash,
  });
}

async function openScheduled(store?: Records) {
  const { due, deadlines } = openDeadlines();
  const schedules = await openSchedules(store ?? (await openStore()).store, deadlines, Date.now);
  const pass = (id: string) => due.get(`schedule:${id}`)?.act() ?? expect.unreachable();
  return { schedules, due, pass };
}

test("of one config ten scheduled changes wait, and no more; the last before a time is the one of that very time", async () => {
  const { schedules } = await openScheduled();
  const dueAt = later(hourMs);
  for (let index = 0; index < 10; index += 1) await add(schedules, later((index + 2) * hourMs));
  expect(await add(schedules, dueAt)).toBeUndefined();
  const [first] = schedules.waiting;
  await schedules.withdraw(first?.id ?? "");
  const added = await add(schedules, dueAt);
  expect(schedules.lastBefore(feesId, dueAt)?.id).toBe(added?.id);
});

test("a scheduled change is made or withdrawn, never both; one that cannot be withdrawn is due as before", async () => {
  const { store } = await openStore();
  const removing = deferred();
  let refuses = false;
  const slow: Records = {
    ...store,
    async remove(key) {
      await removing.promise;
      if (refuses) throw new Error("full");
      await store.remove(key);
    },
  };
  const { schedules, due, pass } = await openScheduled(slow);
  const acting = deferred();
  const acted: string[] = [];
  schedules.follow(async ({ id }) => {
    acted.push(id);
    await acting.promise;
    return "done";
  });
  const [made, withdrawn] = [await add(schedules, later(1)), await add(schedules, later(2))];
  if (made === undefined || withdrawn === undefined) throw new Error("too many");
  const making = pass(made.id);
  expect(await schedules.withdraw(made.id)).toBeUndefined();
  const withdrawing = schedules.withdraw(withdrawn.id);
  expect(await pass(withdrawn.id)).toBe("done");
  expect(acted).toEqual([made.id]);
  refuses = true;
  due.delete(`schedule:${withdrawn.id}`);
  removing.resolve();
  await expect(withdrawing).rejects.toThrow("full");
  expect(due.has(`schedule:${withdrawn.id}`)).toBe(true);
  acting.resolve();
  await making;
});

test("a change that is due is made for who may change the config, whole, in time, and one after another", async () => {
  const { store } = await openStore();
  const { schedules, pass } = await openScheduled(store);
  const steps: unknown[] = [];
  let may = true;
  const [began, goOn] = [deferred(), deferred()];
  const options = {
    schedules,
    uploads: { decided: () => {} },
    inspector: {},
    parked: { park: () => Promise.resolve("parked") },
    live: () => ({
      config: { id: feesId, fileName: "fees.yml" },
      readLive: () => Promise.resolve(undefined),
    }),
    mayChange: () => may,
    report: () => expect.unreachable(),
    onOverdue: ({ id }: { id: string }) => steps.push(["asked", id]),
    onDropped: ({ id }: { id: string }, why: string) => steps.push([why, id]),
    async start(request: { onOutcome: (outcome: object) => unknown }, { id }: { id: string }) {
      steps.push(["made", id]);
      if (steps.length === 1) {
        began.resolve();
        await goOn.promise;
      }
      await request.onOutcome({ kind: "unchanged" });
      steps.push(["ended", id]);
      return true;
    },
  };
  followSchedules(options as unknown as DueOptions);
  const minuteMs = 60_000;
  const ids: string[] = [];
  for (const [text, ageMs] of [
    ["a", 0],
    ["b", 15 * minuteMs - 10_000],
    ["c", 15 * minuteMs + 1],
    ["d", 0],
    ["e", 0],
  ] as const) {
    ids.push((await add(schedules, later(-ageMs), text))?.id ?? "");
  }
  const [a = "", b = "", c = "", d = "", e = ""] = ids;
  const passing = [pass(a), pass(b)];
  await began.promise;
  // Long enough for the second one to have begun.
  for (let turns = 0; turns < 50; turns += 1) await schedules.bytesOf({ id: c } as Schedule);
  goOn.resolve();
  await Promise.all(passing);
  await pass(c);
  const keys = await store.keys();
  const bytesKey = keys.find((key) => key !== d && key.includes(d)) ?? "";
  await store.write(
    bytesKey,
    await store.read(keys.find((key) => key !== e && key.includes(e)) ?? ""),
  );
  await pass(d);
  may = false;
  await pass(e);
  expect(steps).toEqual([
    ["made", a],
    ["ended", a],
    ["made", b],
    ["ended", b],
    ["asked", c],
    ["lost", d],
    ["not_allowed", e],
  ]);
  expect(schedules.waiting).toEqual([]);
});
