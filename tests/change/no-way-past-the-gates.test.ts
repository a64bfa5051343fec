// Every way in meets every gate: whatever asks for a change, what holds it holds it, and the live file stays as it was.
import { expect, test, vi } from "vitest";
import { goOnWith, mergeWithLive } from "../../src/change/decide.ts";
import { followSchedules } from "../../src/change/due-schedules.ts";
import { askForValue } from "../../src/change/one-value.ts";
import { previewRollback } from "../../src/change/roll-back.ts";
import { undoable } from "../../src/change/undo.ts";
import type { Author } from "../../src/model/revision.ts";
import { noRules, type Rules } from "../../src/model/rules.ts";
import { versionOf } from "../../src/model/version.ts";
import { createPerform } from "../../src/shell/perform-request.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { authorOf, feesId, openBench, type RulesBench, sha256 } from "./rules-bench.ts";

const hourMs = 3_600_000;
const anna = authorOf(1001);
const feesOf = (maker: string, taker: string): string =>
  `currency: USD\nmaker_percent: ${maker}\ntaker_percent: ${taker}\n`;
const far = feesOf("8", "0.1");
const before = feesOf("4", "0.1");

function limit(hard: boolean): Rules["limits"] {
  return [{ path: "*_percent", atMost: { kind: "percent", amount: "50" }, hard }];
}

async function startFreeze({ core }: RulesBench): Promise<void> {
  await core.freezes.freeze(feesId, { by: anna, until: null, reason: null });
}

async function startKeep(bench: RulesBench): Promise<void> {
  const bytes = Buffer.from(feesOf("0.09", "0.1"));
  const request = { ...plain, key: "first", base: "given", receive: received(bytes) } as const;
  expect(await bench.run(request).outcome).toMatchObject({ kind: "applied" });
}

const plain = { author: anna, how: "upload", unchecked: false } as const;
const received = (bytes: Uint8Array) => () => Promise.resolve({ kind: "received", bytes } as const);

type Way = (bench: RulesBench) => Promise<unknown>;

async function runParked(bench: RulesBench, id: string): Promise<unknown> {
  const change = await bench.core.parked.read(id);
  if (change === undefined) throw new Error("it does not wait");
  return bench.run({ ...goOnWith(bench.live, id, change), author: anna }).outcome;
}

function command(bench: RulesBench, what: "apply" | "rollback"): Promise<unknown> {
  const perform = createPerform({
    ...bench.core,
    lives: () => [bench.live],
    asksPeople: true,
    uploadBytesMax: 1000,
  });
  const user = { uid: 1, name: "root" };
  const fields = { airlock: 1, config: "fees", user, reason: null, anyway: true } as const;
  return perform(
    what === "apply"
      ? { ...fields, request: "apply", bytes: Buffer.from(far).toString("base64") }
      : { ...fields, request: "rollback", revision: 1 },
  );
}

/** Scheduled before anything stood in its way. @returns how the attempt ended that was made when it was due */
async function dueNow(bench: RulesBench): Promise<unknown> {
  const { schedules, uploads, inspector, parked } = bench.core;
  const schedule = await schedules.add({
    configId: feesId,
    author: anna,
    reason: null,
    message: null,
    key: "scheduled",
    dueAt: new Date().toISOString(),
    version: versionOf(Buffer.from(far)),
    agreed: null,
    baseSha256: sha256(await bench.read()),
  });
  if (schedule === undefined) throw new Error("too many wait");
  return new Promise((resolve, reject) => {
    const unexpected = (): void => reject(new Error("it was not made"));
    followSchedules({
      schedules: { ...schedules, follow: (act) => void act(schedule, 0).catch(reject) },
      uploads,
      inspector,
      parked,
      live: () => bench.live,
      mayChange: () => true,
      report: unexpected,
      onOverdue: unexpected,
      onDropped: unexpected,
      async start(request) {
        resolve(await bench.run(request).outcome);
        return true;
      },
    });
  });
}

const ways: Readonly<Record<string, Way>> = {
  upload: (bench) =>
    bench.run({ ...plain, key: "u", base: "given", receive: received(Buffer.from(far)) }).outcome,
  async merge(bench) {
    const change = {
      configId: "fees",
      how: "upload" as const,
      userId: anna.id,
      reason: null,
      message: null,
      shownSha256: sha256(before),
      baseSha256: sha256(before),
      baseless: false,
      unchecked: false,
      confirmation: null,
      dueAt: null,
      bytes: Buffer.from(feesOf("4", "8")),
    };
    const offer = await mergeWithLive(bench.live, change, bench.core.inspector);
    expect(offer.kind).toBe("merge");
    return runParked(bench, await bench.core.parked.park(offer.change));
  },
  async "one value"(bench) {
    const asked = { path: "maker_percent", value: "8", reason: null };
    const answer = await askForValue(bench.live, asked, anna.id, bench.core);
    if (answer.kind !== "offer") throw new Error(answer.kind);
    return runParked(bench, answer.parkedId);
  },
  async rollback(bench) {
    const preview = await previewRollback(bench.live, 1, anna.id, bench.core);
    if (preview.kind !== "preview") throw new Error(preview.kind);
    return runParked(bench, preview.parkedId);
  },
  async undo(bench) {
    const found = await undoable(bench.live, bench.live.newest?.revision ?? 0);
    if (found.kind !== "ready") throw new Error(found.kind);
    const base = { sha256: found.entry.sha256 };
    const receive = received(found.before.bytes);
    const undo = { ...plain, how: "undo", key: "undo", base, receive, unchecked: true } as const;
    return bench.run(undo).outcome;
  },
  // Before the Keep that waits has ended: one that is due later is only asked then.
  async "schedule, when it is asked"(bench) {
    const dueAt = new Date(Date.now() + hourMs / 2).toISOString();
    const receive = received(Buffer.from(far));
    return bench.run({ ...plain, key: "later", base: "given", receive, dueAt }).outcome;
  },
  "schedule, when it is due": dueNow,
  "command line: apply": (bench) => command(bench, "apply"),
  "command line: rollback": (bench) => command(bench, "rollback"),
};

const approval = { when: "always", approvals: 1, by: null, expiresMs: hourMs } as const;
const gates: readonly {
  readonly gate: string;
  readonly rules: Partial<Rules>;
  readonly begin?: (bench: RulesBench) => Promise<void>;
  readonly kind: string;
  readonly says: string;
}[] = [
  { gate: "a freeze", rules: {}, begin: startFreeze, kind: "blocked", says: "❄️" },
  {
    gate: "a pending Keep",
    rules: { keepMs: hourMs },
    begin: startKeep,
    kind: "blocked",
    says: "⏸",
  },
  { gate: "a hard limit", rules: { limits: limit(true) }, kind: "invalid", says: "❌" },
  { gate: "a limit", rules: { limits: limit(false) }, kind: "pending", says: "✋" },
  { gate: "approval", rules: { approval }, kind: "pending", says: "🕓" },
];

for (const { gate, rules, begin, kind, says } of gates) {
  test(`no way in passes by ${gate}`, async () => {
    const startMs = Date.UTC(2026, 10, 20);
    vi.useFakeTimers({ toFake: ["Date"], now: startMs });
    const bench = await openBench(await temporaryFolder(), far, { ...noRules, ...rules });
    try {
      // Each a day apart, so that nothing of it is a quick way back.
      for (const [index, text] of [before, feesOf("0.08", "0.1")].entries()) {
        vi.setSystemTime(startMs + (index + 1) * 30 * hourMs);
        await bench.edit(text);
        await bench.restart();
      }
      vi.setSystemTime(startMs + 100 * hourMs);
      await begin?.(bench);
      const [live, lines] = [await bench.read(), await bench.lines()];
      for (const [name, way] of Object.entries(ways)) {
        const outcome = await way(bench);
        const expected = name.startsWith("command")
          ? { done: false, text: expect.stringMatching(new RegExp(`^${says}`, "u")) }
          : { kind };
        expect(outcome, name).toMatchObject(expected);
        expect(await bench.read(), name).toBe(live);
        expect(await bench.lines(), name).toEqual(lines);
      }
      expect(bench.troubles).toEqual([]);
    } finally {
      await bench.close();
      vi.useRealTimers();
    }
  });
}

test("what the command line cannot have confirmed is counted as waiting, and again as cancelled", async () => {
  const bench = await openBench(await temporaryFolder(), before, {
    ...noRules,
    limits: limit(false),
  });
  try {
    expect(await command(bench, "apply")).toMatchObject({ done: false });
    expect(bench.counted).toEqual(["pending", "cancelled"]);
    expect(await bench.core.parked.values()).toEqual([]);
  } finally {
    await bench.close();
  }
});

test("what was agreed to keeps the rules of then, but no hard limit; without one nothing is compared again", async () => {
  const bench = await openBench(await temporaryFolder(), feesOf("0.08", "0.1"), noRules);
  let agreements = 0;
  const ask = async (rules: Partial<Rules>, agreed: readonly Author[]): Promise<unknown> => {
    await bench.reload({ ...noRules, ...rules });
    const receive = received(Buffer.from(far));
    const key = `agreed:${(agreements += 1)}`;
    return bench.run({ ...plain, key, base: "given", receive, agreed }).outcome;
  };
  try {
    for (const agreed of [[], [authorOf(1002)]]) {
      expect(await ask({ limits: limit(true) }, agreed)).toMatchObject({ kind: "invalid" });
    }
    const compared = vi.spyOn(bench.core.inspector, "limits");
    const byTwo = { ...approval, approvals: 2 };
    expect(await ask({ limits: limit(false), approval: byTwo }, [authorOf(1002)])).toMatchObject({
      kind: "applied",
    });
    expect(compared).not.toHaveBeenCalled();
    expect(bench.troubles).toEqual([]);
  } finally {
    await bench.close();
  }
});
