import { readFileSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkDocument } from "../../src/document/validation/check-document.ts";
import { createInspector, type InspectorOptions } from "../../src/document/inspector.ts";
import { judgeLimits } from "../../src/document/limits/judge-limits.ts";
import type { Inspector } from "../../src/model/inspector.ts";

const never = new AbortController().signal;
const bytes = Buffer.from("currency: USD\n");
const fees = { fileName: "fees.yml", schema: "builtin:fees" } as const;
const rates = { fileName: "rates.yml", schema: "builtin:rates" } as const;

function open(options: Partial<InspectorOptions> & { readonly worker?: string } = {}): Inspector {
  const { worker, ...rest } = options;
  const inspector = createInspector({
    timeoutMs: 20_000,
    ...rest,
    ...(worker === undefined
      ? {}
      : { workerUrl: new URL(`./workers/${worker}.js`, import.meta.url) }),
  });
  onTestFinished(() => inspector.close());
  return inspector;
}

test("a thread finds what the main thread finds", async () => {
  const inspector = open();
  for (const document of [
    readFileSync("config/fees.yml"),
    bytes,
    Buffer.from("a: b: c"),
    Buffer.from([0xff]),
    Buffer.from("[".repeat(20_000)),
    Buffer.from("maker_percent: yes\n".repeat(100)),
  ]) {
    expect(await inspector.check(document, fees, never)).toEqual(
      await checkDocument(document, "builtin:fees"),
    );
  }
});

test("more documents than threads are all checked, and the caller's bytes stay", async () => {
  const inspector = open({ threadsMax: 2 });
  const document = readFileSync("config/fees.yml");
  const all = Array.from({ length: 20 }, () => inspector.check(document, fees, never));
  expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(["valid"]));
  expect(document.length).toBeGreaterThan(100);
});

test("a check that does not end is stopped, told as too complex, and the next one works", async () => {
  const inspector = open({ worker: "endless", timeoutMs: 200, threadsMax: 1 });
  const endless = inspector.check(bytes, fees, never);
  const next = inspector.check(bytes, rates, never);
  expect(await endless).toEqual({
    kind: "invalid",
    problems: [
      {
        code: "too_slow_to_check",
        params: { limitMs: 200 },
        place: { line: null, column: null, path: [] },
      },
    ],
    total: 1,
  });
  expect(await next).toEqual({ kind: "valid" });
});

test("a check that needs too much memory is stopped, told as too complex, and the next one works", async () => {
  const inspector = open({ worker: "hungry", threadsMax: 1 });
  expect(await inspector.check(bytes, fees, never)).toMatchObject({
    kind: "invalid",
    problems: [{ code: "too_much_memory", params: { megabytesMax: 512 } }],
  });
  expect(await inspector.check(bytes, rates, never)).toEqual({ kind: "valid" });
});

/** @returns which thread answered */
async function threadAt(inspector: Inspector, heapMegabytes: number): Promise<number> {
  const answer = await inspector.check(Buffer.from(String(heapMegabytes)), fees, never);
  if (answer.kind !== "invalid") throw new Error(`it was ${answer.kind}`);
  return answer.total;
}

test("a thread whose heap has grown is used again, and replaced once it has had no task for two seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const inspector = open({ worker: "growing" });
  const first = await threadAt(inspector, 100);
  vi.advanceTimersByTime(1900);
  expect(await threadAt(inspector, 100)).toBe(first);
  vi.advanceTimersByTime(1900);
  expect(await threadAt(inspector, 10)).toBe(first);
  vi.advanceTimersByTime(1e6);
  expect(await threadAt(inspector, 100)).toBe(first);
  vi.advanceTimersByTime(2000);
  expect(await threadAt(inspector, 10)).not.toBe(first);
});

test("a thread whose heap has grown very large is replaced at once", async () => {
  const inspector = open({ worker: "growing" });
  const first = await threadAt(inspector, 200);
  expect(await threadAt(inspector, 10)).not.toBe(first);
});

test("a bug in the thread is thrown, and the next check works", async () => {
  const inspector = open({ worker: "broken", threadsMax: 1 });
  await expect(inspector.check(bytes, fees, never)).rejects.toThrow("thread failed");
  expect(await inspector.check(bytes, rates, never)).toEqual({ kind: "valid" });
});

test("a check is aborted while it runs, and while it waits for a thread", async () => {
  const inspector = open({ worker: "endless", threadsMax: 1 });
  const running = new AbortController();
  const waiting = new AbortController();
  const first = inspector.check(bytes, fees, running.signal);
  const second = inspector.check(bytes, rates, waiting.signal);
  const third = inspector.check(bytes, rates, never);
  waiting.abort("admin");
  expect(await second).toEqual({ kind: "aborted" });
  running.abort("admin");
  expect(await first).toEqual({ kind: "aborted" });
  expect(await third).toEqual({ kind: "valid" });
  expect(await inspector.check(bytes, rates, AbortSignal.abort("stop"))).toEqual({
    kind: "aborted",
  });
});

test("closing aborts what is still being checked", async () => {
  const inspector = open({ worker: "endless" });
  const running = inspector.check(bytes, fees, never);
  await inspector.close();
  expect(await running).toEqual({ kind: "aborted" });
});

test("a JSON Schema's pattern that backtracks for ever is stopped like any other validation, and the next one works", async () => {
  const inspector = open({ timeoutMs: 700 });
  const main = "airlock:///endless.json";
  const documents = { [main]: { properties: { a: { pattern: "^(a+)+$" } } } };
  const config = { fileName: "limits.yml", schema: { main, documents } };
  const document = Buffer.from(`a: ${"a".repeat(60)}b\n`);
  expect(await inspector.check(document, config, never)).toEqual({
    kind: "invalid",
    problems: [
      {
        code: "too_slow_to_check",
        params: { limitMs: 700 },
        place: { line: null, column: null, path: [] },
      },
    ],
    total: 1,
  });
  expect(await inspector.check(Buffer.from("a: aaa\n"), config, never)).toEqual({ kind: "valid" });
});

const limits = [{ path: "**", atMost: { kind: "percent", amount: "50" }, hard: false }] as const;

test("a thread holds a change against limits as the main thread does", async () => {
  const inspector = open();
  const live = readFileSync("config/fees.yml");
  const candidate = Buffer.from(live.toString().replaceAll("0.08", "8"));
  const versions = { candidate, live, dayAgo: null };
  const judged = await inspector.limits(versions, limits);
  expect(judged).toEqual(judgeLimits(versions, limits));
  expect(judged).toMatchObject({ kind: "beyond" });
});

test("where there are no limits, no thread is asked", async () => {
  const inspector = open({ worker: "broken", threadsMax: 1 });
  const versions = { candidate: Buffer.from("a: 1"), live: bytes, dayAgo: bytes };
  expect(await inspector.limits(versions, [])).toEqual({ kind: "within" });
});

test("versions that are too much for a thread are not told as within their limits", async () => {
  const versions = { candidate: bytes, live: bytes, dayAgo: null };
  for (const worker of ["endless", "hungry"]) {
    const inspector = open({ worker, timeoutMs: worker === "endless" ? 200 : 20_000 });
    expect(await inspector.limits(versions, limits)).toEqual({
      kind: "unknown",
      because: "too_complex",
    });
  }
});
