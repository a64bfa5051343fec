// What a commit and a decision do about what other processes do meanwhile: against an etcd in memory, so that it happens at a chosen moment.
import { expect, onTestFinished, test, vi } from "vitest";
import { parseConfigId } from "../../../src/model/config-id.ts";
import { versionOf } from "../../../src/model/version.ts";
import { commitToEtcd, type EtcdParts } from "../../../src/store/etcd/commit.ts";
import { decideInEtcd } from "../../../src/store/etcd/decide.ts";
import { openEtcdHistory } from "../../../src/store/etcd/history.ts";
import { keptVersions } from "../../../src/store/etcd/kept-versions.ts";
import { storeKeys } from "../../../src/store/etcd/keys.ts";
import { fencedKv, type Kv, type KeyValue } from "../../../src/store/etcd/kv.ts";
import type { Gateway } from "../../../src/store/etcd/gateway.ts";
import { type Leading, tryToLead } from "../../../src/store/etcd/leadership.ts";
import { keepTrying } from "../../../src/store/etcd/retries.ts";
import { Refusal } from "../../../src/model/trouble.ts";
import { createLocks } from "../../../src/store/lock.ts";
import type { Head } from "../../../src/store/port.ts";

interface Part {
  readonly request_put?: { readonly key: string; readonly value: string };
  readonly request_delete_range?: { readonly key: string };
  readonly request_range?: { readonly key: string };
}

/** One etcd; each of its clients can do something just before, or instead of, its next transaction that changes the head. */
function openEtcd() {
  const values = new Map<string, KeyValue>();
  let revision = 1;
  const text = (base64: string): string => Buffer.from(base64, "base64").toString();
  const at = (key: string): readonly KeyValue[] => {
    const found = values.get(key);
    return found === undefined ? [] : [found];
  };

  const transact: Kv["transact"] = ({ compare, success, failure = [] }) => {
    const holds = (compare as { key: string; result: string; mod_revision: string }[]).every(
      ({ key, result, mod_revision: expected }) => {
        const actual = values.get(text(key))?.modRevision ?? "0";
        return result === "EQUAL" ? actual === expected : BigInt(actual) > BigInt(expected);
      },
    );
    revision += 1;
    const ranges: (readonly KeyValue[])[] = [];
    for (const part of (holds ? success : failure) as Part[]) {
      if (part.request_range !== undefined) ranges.push(at(text(part.request_range.key)));
      if (part.request_delete_range !== undefined)
        values.delete(text(part.request_delete_range.key));
      if (part.request_put === undefined) continue;
      const key = text(part.request_put.key);
      const value = Buffer.from(part.request_put.value, "base64");
      values.set(key, { key, value, modRevision: String(revision) });
    }
    return Promise.resolve({
      succeeded: holds,
      revision: String(revision),
      ranges,
      mayWrite: true,
    });
  };
  const range: Kv["range"] = (key, { end } = {}) => {
    const kvs = [...values.values()].filter((each) =>
      end === undefined ? each.key === key : each.key >= key && each.key < end,
    );
    return Promise.resolve({ kvs, more: false, count: String(kvs.length) });
  };

  function client() {
    let meddle: () => Promise<unknown> = () => Promise.resolve();
    let isAnswerLost = false;
    const kv: Kv = {
      range,
      async transact(transaction, options) {
        const act = meddle;
        if (transaction.success.length > 1) {
          meddle = () => Promise.resolve();
          await act();
        }
        // It is sent again until there is an answer.
        if (isAnswerLost) await transact(transaction, options);
        isAnswerLost = false;
        return transact(transaction, options);
      },
    };
    return {
      kv,
      before: (act: () => Promise<unknown>): void => void (meddle = act),
      loseAnswer: (): void => void (isAnswerLost = true),
    };
  }
  return { values, client };
}

const id = parseConfigId("fees") ?? expect.unreachable();
const keys = storeKeys("/airlock/").of(id);
const anna = { id: 1001, name: "Anna" };

async function openProcess(kv: Kv) {
  const parts: EtcdParts = {
    id,
    kv,
    keys,
    lock: createLocks()("fees"),
    history: await openEtcdHistory(kv, keys),
    versions: keptVersions(kv, keys),
    remembered: { live: undefined },
    report: expect.unreachable,
    later: () => {},
  };
  const heads: (number | undefined)[] = [];
  const admit = (head: Head | undefined): undefined => void heads.push(head?.revision);
  let attempts = 0;
  return {
    parts,
    heads,
    commit: (content: string) =>
      commitToEtcd(
        parts,
        {
          version: versionOf(Buffer.from(content)),
          how: "upload",
          author: anna,
          reason: null,
          message: null,
          key: `attempt ${(attempts += 1)}`,
        },
        { signal: new AbortController().signal, onProgress: () => {}, admit },
        0,
      ),
    keep: (revision: number) => decideInEtcd(parts, { by: anna, keeps: revision, admit }),
  };
}

async function openTwo() {
  const etcd = openEtcd();
  const [first, second] = [etcd.client(), etcd.client()];
  const one = await openProcess(first.kv);
  expect(await one.commit("one")).toMatchObject({ kind: "applied", entry: { revision: 1 } });
  one.heads.length = 0;
  return { ...etcd, ...first, one, other: await openProcess(second.kv) };
}

test("what another process pruned before it is live is put there again", async () => {
  const { values, before, one } = await openTwo();
  const key = keys.version(versionOf(Buffer.from("two")).sha256);
  before(() => Promise.resolve(values.delete(key)));
  expect(await one.commit("two")).toMatchObject({ kind: "applied", entry: { revision: 2 } });
  expect(values.get(key)?.value.toString()).toBe("two");
});

test("what was admitted before another process decided or committed is asked again", async () => {
  const { before, one, other } = await openTwo();
  before(() => other.keep(1));
  expect(await one.commit("two")).toMatchObject({ kind: "applied", entry: { revision: 2 } });
  expect(one.heads).toEqual([1, 1]);
  before(() => other.commit("three"));
  expect(await one.keep(2)).toEqual({ kind: "decided" });
  expect(one.heads).toEqual([1, 1, 2, 3]);
});

test("a decision whose answer was lost is made once", async () => {
  const { loseAnswer, one } = await openTwo();
  loseAnswer();
  expect(await one.keep(1)).toEqual({ kind: "decided" });
  expect(one.heads).toEqual([1]);
});

test("a process that leads no more changes nothing, and says so", async () => {
  const { kv, values } = await openTwo();
  let fenced = 0;
  const fence = { key: "/airlock/leader", modRevision: "1" };
  const old = await openProcess(fencedKv(kv, fence, () => (fenced += 1)));
  const before = [...values];
  // The bytes alone are no change.
  values.set(keys.version(versionOf(Buffer.from("two")).sha256), {
    key: keys.version(versionOf(Buffer.from("two")).sha256),
    value: Buffer.from("two"),
    modRevision: "2",
  });
  expect(await old.commit("two")).toEqual({ kind: "cancelled", by: "stop" });
  expect(await old.keep(1)).toEqual({ kind: "failed", trouble: { code: "store_other_leads" } });
  expect([...values].slice(0, before.length)).toEqual(before);
  expect(fenced).toBeGreaterThan(0);
});

test("a change is later than the one before it, whatever the clock says", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 5000 });
  onTestFinished(() => void vi.useRealTimers());
  const { one } = await openTwo();
  vi.setSystemTime(1000);
  const at = new Date(5001).toISOString();
  expect(await one.commit("two")).toMatchObject({ kind: "applied", entry: { at } });
});

/** Leases that last until they are released. @param onAsked - how many seconds are left, whenever one is renewed */
function leasesOf(onAsked: () => string) {
  const answers: Readonly<Record<string, () => unknown>> = {
    "/v3/lease/grant": () => ({ ID: "7", TTL: "8" }),
    "/v3/lease/keepalive": () => ({ result: { ID: "7", TTL: onAsked() } }),
    "/v3/lease/revoke": () => ({}),
  };
  const gateway = {
    call: (path: string, _body: object, schema: { parse: (answer: unknown) => unknown }) =>
      Promise.resolve(schema.parse(answers[path]?.())),
  } as unknown as Gateway;
  return { gateway, key: "/airlock/leader", name: "one", report: expect.unreachable };
}

async function lead(onAsked: () => string): Promise<Leading> {
  const { kv, loseAnswer } = openEtcd().client();
  loseAnswer();
  const campaign = await tryToLead({ ...leasesOf(onAsked), kv });
  if (campaign.kind !== "leads") throw new Error(`${campaign.name} leads`);
  onTestFinished(() => campaign.leading.stepDown());
  return campaign.leading;
}

test("who leads asks whether it still does once six seconds have passed since it last asked with success", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  let asked = 0;
  const leading = await lead(() => {
    asked += 1;
    // The answer takes its time: what counts is when it was asked for.
    vi.advanceTimersByTime(6000);
    return "8";
  });
  vi.advanceTimersByTime(5999);
  expect([await leading.isStill(), asked]).toEqual([true, 0]);
  vi.advanceTimersByTime(1);
  expect([await leading.isStill(), asked]).toEqual([true, 1]);
  expect([await leading.isStill(), asked]).toEqual([true, 2]);
});

test("who asks too late leads no more", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const leading = await lead(() => "0");
  vi.advanceTimersByTime(6000);
  expect(await leading.isStill()).toBe(false);
  expect(leading.lost.aborted).toBe(true);
});

test("what etcd refused is tried every two seconds until it is made", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const tried: string[] = [];
  const retries = keepTrying((key) => {
    tried.push(key);
    if (tried.length < 3) return Promise.reject(new Refusal({ code: "store_other_leads" }));
    retries.remove(key);
    return Promise.resolve();
  });
  for (const key of ["a", "b"]) retries.add(key);
  for (const expected of [["a"], ["a", "a"], ["a", "a", "a", "b"]]) {
    await vi.advanceTimersByTimeAsync(2000);
    expect(tried).toEqual(expected);
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tried).toHaveLength(4);
  await retries.close();
});
