// Random sequences of everything that people, the disk and the clock can do to a config with rules, on the real core. After every step what is
// live, what history says and what was answered are what a model of the rules (rules-model.ts) says they must be. Long: each step that can be
// taken is a few lines, and all take part in each sequence.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { approve, endProposal } from "../../src/change/approve.ts";
import { goOnWith } from "../../src/change/decide.ts";
import { previewRollback } from "../../src/change/roll-back.ts";
import { undoable } from "../../src/change/undo.ts";
import type * as inspectors from "../../src/document/inspector.ts";
import type { UploadRequest } from "../../src/change/upload-request.ts";
import type { Inspector } from "../../src/model/inspector.ts";
import type { Outcome } from "../../src/model/outcome.ts";
import { noRules, type Rules } from "../../src/model/rules.ts";
import {
  type Attempted,
  authorOf,
  feesId,
  openBench,
  type RulesBench,
  sha256,
} from "./rules-bench.ts";
import { type ModelRules, RulesModel } from "./rules-model.ts";

const sequences = Number(process.env["RULES_SEQUENCES"] ?? 12);
const seed = Number(process.env["RULES_SEED"] ?? Date.now() % 2 ** 31);
/** An hour for by hand. */
const timeoutMs = 3_600_000;

const shared: { inspector?: Inspector } = {};

// Its threads are the slowest thing to start; they know nothing from one question to the next.
vi.mock("../../src/document/inspector.ts", async (original) => {
  const { createInspector } = await original<typeof inspectors>();
  return {
    createInspector: (options: Parameters<typeof createInspector>[0]) => {
      shared.inspector ??= createInspector(options);
      return { ...shared.inspector, close: () => Promise.resolve() };
    },
  };
});
afterAll(() => shared.inspector?.close());

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const [anna, boris, carol, dave] = [1001, 1002, 1003, 1004];

const limited = { limited: true, approval: null, keepMs: null };
const approvalOf = (needed: number, always: boolean, by: readonly number[] | null) =>
  ({ needed, always, by, expiresMs: 2 * hourMs }) as const;
const rulings: readonly ModelRules[] = [
  limited,
  { ...limited, keepMs: 10 * minuteMs },
  { ...limited, approval: approvalOf(1, false, [boris, carol]) },
  { ...limited, approval: approvalOf(2, false, null), keepMs: 10 * minuteMs },
  { limited: false, approval: approvalOf(2, true, null), keepMs: null },
  { limited: false, approval: null, keepMs: 10 * minuteMs },
  { limited: false, approval: null, keepMs: null },
];

/** The same rules in the words of the catalog. */
function rulesOf({ limited: isLimited, approval, keepMs }: ModelRules): Rules {
  return {
    ...noRules,
    limits: isLimited
      ? [
          { path: "**.*_percent", atMost: { kind: "percent", amount: "50" }, hard: false },
          { path: "withdrawal.*.fixed", atMost: { kind: "times", amount: "3" }, hard: true },
        ]
      : [],
    approval: approval && {
      when: approval.always ? "always" : "over_limits",
      approvals: approval.needed,
      by: approval.by,
      expiresMs: approval.expiresMs,
    },
    keepMs,
  };
}

function feesOf(maker: string, taker: string, fixed: string): string {
  return `currency: USD\nmaker_percent: ${maker}\ntaker_percent: ${taker}\nwithdrawal:\n  BTC: { fixed: ${fixed}, minimum: 9 }\n`;
}

const text = fc
  .tuple(
    fc.constantFrom("0.08", "0.12", "0.121", "0.1", "0.18", "8", "0", "150"),
    fc.constantFrom("0.1", "0.15", "0.2"),
    fc.constantFrom("0.0002", "0.0006", "0.00061"),
  )
  .map((values) => feesOf(...values));
const validText = text.filter((each) => !each.includes("150"));
const person = fc.constantFrom(anna, boris, carol, dave);
const nth = fc.nat({ max: 9 });
const of = <const Kind extends string>(kind: Kind): fc.Arbitrary<Kind> => fc.constant(kind);

const upload = fc.record({ do: of("upload"), who: person, text });
const racing = fc.oneof(
  { weight: 4, arbitrary: upload },
  { weight: 2, arbitrary: fc.record({ do: of("confirm"), nth }) },
  { weight: 2, arbitrary: fc.record({ do: of("approve"), who: person, nth }) },
  { weight: 1, arbitrary: fc.record({ do: of("edit"), text: validText }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: of("freeze"), ms: fc.constantFrom(6 * minuteMs, hourMs) }),
  },
);
const step = fc.oneof(
  { weight: 8, arbitrary: racing },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of("race"),
      steps: fc.array(racing, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: of("get"), who: person }) },
  { weight: 2, arbitrary: fc.record({ do: of("rollback"), who: person, nth }) },
  { weight: 1, arbitrary: fc.record({ do: of("undo"), who: person }) },
  { weight: 2, arbitrary: fc.record({ do: of("anyway"), nth }) },
  { weight: 3, arbitrary: fc.record({ do: of("approve"), who: person, nth }) },
  { weight: 1, arbitrary: fc.record({ do: of("end"), nth }) },
  { weight: 2, arbitrary: fc.record({ do: of("unfreeze") }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("stay", "back", "longer"), who: person }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: of("rules"), nth: fc.nat({ max: rulings.length - 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of("role"),
      who: person,
      role: fc.constantFrom("read", "write", undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: of("restart") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of("clock"),
      ms: fc.constantFrom(6 * minuteMs, 3 * hourMs, 13 * hourMs + 17_000, 25 * hourMs + 11_000),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;
type Racing = typeof racing extends fc.Arbitrary<infer Each> ? Each : never;

type Asked = Parameters<RulesBench["run"]>[0] & { readonly text: string };
interface Started {
  readonly request: Parameters<RulesModel["judge"]>[0];
  readonly attempted: Attempted;
}

let keys = 0;

/** One sequence: the core, and the model beside it. */
class Run {
  readonly bench: RulesBench;
  readonly model: RulesModel;

  constructor(bench: RulesBench, model: RulesModel) {
    this.bench = bench;
    this.model = model;
  }

  private start({ text: sent, ...asked }: Asked, from?: string): Started {
    // Not what the attempt says of itself: what was shown to somebody binds what they agreed to.
    const isGiven = from === undefined;
    const request = {
      author: asked.author.id,
      how: asked.how,
      text: sent,
      base: isGiven ? this.model.bases.get(asked.author.id) : from,
      isGiven,
      agreed: asked.agreed?.map(({ id }) => id) ?? null,
    };
    return { request, attempted: this.bench.run(asked) };
  }

  private fresh(who: number, sent: string, extra: Partial<UploadRequest> = {}): Asked {
    const bytes = Buffer.from(sent);
    return {
      author: authorOf(who),
      how: "upload",
      base: "given",
      unchecked: false,
      key: `test:${(keys += 1)}`,
      receive: () => Promise.resolve({ kind: "received", bytes }),
      ...extra,
      text: sent,
    };
  }

  private async ended({ request, attempted }: Started, hasLock = false): Promise<void> {
    const expected = this.model.judge(request, hasLock);
    const outcome = await attempted.outcome;
    expect(kindOf(outcome), JSON.stringify(request)).toEqual(expected.kind);
    if (expected.kind === "confirmation") {
      expect(outcome).toMatchObject({ waitsFor: { confirmation: { answers: [expected.answer] } } });
    }
    const before = this.model.live;
    this.model.ends(request, expected, idIn(outcome));
    if (outcome.kind === "applied") {
      expect(outcome.entry).toMatchObject({
        how: request.how,
        sha256: sha256(this.model.live),
        previous_sha256: sha256(before),
        revision: this.model.history.length,
      });
      expect(outcome.keep !== null).toBe(this.model.keep !== null);
    }
  }

  /** @returns what was started; undefined where the step is over, or asks for what is not there */
  private async begin(step: Racing): Promise<Started | undefined> {
    const { bench, model } = this;
    switch (step.do) {
      case "upload":
        return this.start(this.fresh(step.who, step.text));
      case "confirm": {
        const [id, parked] = pick(model.parked, step.nth, ({ answer }) => answer !== null) ?? [];
        if (id === undefined || parked === undefined) return undefined;
        return this.goOn(id, parked.answer);
      }
      case "approve":
        return this.approve(step.who, step.nth);
      case "edit":
        model.live = step.text;
        model.editedAtMs = model.nowMs;
        await bench.edit(step.text);
        return undefined;
      case "freeze": {
        model.frozenUntilMs = model.nowMs + step.ms;
        const until = new Date(model.frozenUntilMs).toISOString();
        await bench.core.freezes.freeze(feesId, { by: authorOf(anna), until, reason: null });
        return undefined;
      }
      default:
        return step satisfies never;
    }
  }

  /** @param answer - null for a press of Apply anyway, which must not pass what asks for an answer */
  private async goOn(id: string, answer: string | null): Promise<Started | undefined> {
    const { bench, model } = this;
    const parked = model.parked.get(id);
    const change = await bench.core.parked.read(id);
    if (parked === undefined || model.isTooOld(parked)) {
      expect(change).toBeUndefined();
      return undefined;
    }
    if (change === undefined) throw new Error("what waits is gone");
    if (answer !== null) expect(change.confirmation?.answers).toEqual([answer]);
    const { receive, how, base, unchecked } = goOnWith(bench.live, id, change);
    let started: Started | undefined;
    await bench.core.parked.act(id, () => {
      const asked = this.fresh(parked.author, parked.text, { receive, how, base, unchecked });
      const agreed = answer === null ? {} : { agreed: [] };
      started = this.start({ ...asked, ...agreed }, parked.liveText);
      return Promise.resolve(true);
    });
    model.parked.delete(id);
    return started;
  }

  private async approve(who: number, which: number): Promise<Started | undefined> {
    const { bench, model } = this;
    const [id, proposal] = pick(model.proposals, which) ?? [];
    if (id === undefined || proposal === undefined) return undefined;
    const started: Started[] = [];
    const { proposals, gates } = bench.core;
    const given = [...model.stillCount(proposal), who];
    const expected = model.approve(id, who);
    const answer = await approve(bench.live, id, authorOf(who), {
      proposals,
      gates,
      people: { roleOf: (each) => model.roles.get(each) },
      start: ({ receive, how, base, unchecked, agreed }) => {
        const asked = this.fresh(proposal.author, proposal.text, { receive, how, base, unchecked });
        const counted = agreed === undefined ? asked : { ...asked, agreed };
        started.push(this.start(counted, proposal.liveText));
        return Promise.resolve(true);
      },
    });
    expect(answer.kind).toBe(expected);
    const [one] = started;
    if (one?.request.agreed !== null && one !== undefined) {
      expect(one.request.agreed).toEqual(given);
      expect(one.request.agreed.length).toBeGreaterThanOrEqual(proposal.needed);
    }
    return one;
  }

  /** All of them while somebody holds the lock: each passes the first look, and is looked at again when its turn comes. */
  private async race(steps: readonly Racing[]): Promise<void> {
    const { bench, model } = this;
    const release = await bench.live.lock.acquire(authorOf(9), new AbortController().signal);
    const queued: Started[] = [];
    try {
      for (const each of steps) {
        const started = await this.begin(each);
        if (started === undefined) continue;
        const early = model.judge(started.request).kind;
        await started.attempted.waits;
        if (early === "applied" || early === "unchanged") queued.push(started);
        else await this.ended(started);
      }
    } finally {
      release?.();
    }
    for (const each of queued) await this.ended(each, true);
  }

  async take(step: Step): Promise<void> {
    const { bench, model } = this;
    this.pass(1000);
    switch (step.do) {
      case "race":
        return this.race(step.steps);
      case "get":
        model.bases.set(step.who, model.live);
        return bench.core.bases.write(step.who, feesId, sha256(model.live));
      case "rollback": {
        const number = 1 + (step.nth % model.history.length);
        const wanted = model.history[number - 1]?.text ?? "";
        const preview = await previewRollback(bench.live, number, step.who, bench.core);
        expect(preview.kind).toBe(wanted === model.live ? "already_live" : "preview");
        if (preview.kind !== "preview") return undefined;
        const parked = { how: "rollback", author: step.who, text: wanted, liveText: model.live };
        model.parked.set(preview.parkedId, { ...parked, answer: null, atMs: model.nowMs });
        return this.over(await this.goOn(preview.parkedId, null));
      }
      case "undo": {
        const found = await undoable(bench.live, model.history.length);
        const isThere = model.history.length > 1 && model.live === model.last.text;
        expect(found.kind === "ready").toBe(isThere);
        if (found.kind !== "ready") return undefined;
        const before = model.history.at(-2)?.text ?? "";
        expect(Buffer.from(found.before.bytes).toString()).toBe(before);
        const base = { sha256: found.entry.sha256 };
        return this.over(
          this.start(
            this.fresh(step.who, before, { how: "undo", base, unchecked: true }),
            model.live,
          ),
        );
      }
      case "anyway": {
        const [id] = pick(model.parked, step.nth) ?? [];
        return this.over(id === undefined ? undefined : await this.goOn(id, null));
      }
      case "end": {
        const [id] = pick(model.proposals, step.nth) ?? [];
        if (id === undefined) return undefined;
        model.proposals.delete(id);
        expect(await endProposal(bench.core.proposals, id)).toBeDefined();
        return undefined;
      }
      case "unfreeze":
        model.frozenUntilMs = null;
        await bench.core.freezes.unfreeze(feesId);
        return undefined;
      case "stay":
      case "back":
      case "longer":
        return this.decide(step.do, step.who);
      case "rules": {
        const ruling = rulings[step.nth];
        if (ruling === undefined) return undefined;
        model.rules = ruling;
        return bench.reload(rulesOf(ruling));
      }
      case "role":
        if (step.role === undefined) model.roles.delete(step.who);
        else model.roles.set(step.who, step.role);
        return undefined;
      case "restart":
        return this.restart();
      case "clock":
        this.pass(step.ms);
        return undefined;
      default:
        return this.over(await this.begin(step));
    }
  }

  private async over(started: Started | undefined): Promise<void> {
    if (started !== undefined) await this.ended(started);
  }

  private async decide(act: "stay" | "back" | "longer", who: number): Promise<void> {
    const { bench, model } = this;
    const { keeps } = bench.core;
    const revision = model.keep?.revision ?? model.history.length;
    const backTo = model.keep?.backTo;
    const expected = act === "back" ? model.back(revision, who) : model[act](revision);
    const decisions = { stay: keeps.keep, back: keeps.takeBack, longer: keeps.extend };
    const answer = await decisions[act](bench.live, revision, authorOf(who));
    expect(answer.kind, act).toBe(expected);
    if (act === "back" && expected === "done") expect(await bench.read()).toBe(backTo);
    const events = { stay: "kept", back: "reverted", longer: "extended" };
    const told = expected === "done" ? [events[act]] : expected === "moved" ? ["moved"] : [];
    await keeps.idle();
    expect(bench.told.splice(0).map(({ kind }) => kind)).toEqual(told);
  }

  private async restart(): Promise<void> {
    const { bench, model } = this;
    const { keep } = model;
    model.start();
    await bench.restart();
    const told = bench.told.splice(0).map(({ kind }) => kind);
    const isOver = keep !== null && model.keep === null;
    expect(told).toEqual(
      isOver ? [model.last.reverts === keep.revision ? "reverted" : "moved"] : [],
    );
  }

  private pass(ms: number): void {
    this.model.nowMs += ms;
    // Both clocks: what is set at the one on the wall alone is in wall-clock-set.test.ts.
    vi.advanceTimersByTime(ms);
  }

  /** What is on the disk is what the model says, and nothing else. */
  async agree(): Promise<void> {
    const { bench, model } = this;
    expect(bench.troubles).toEqual([]);
    expect(await bench.read()).toBe(model.live);
    const lines = await bench.lines();
    const revisions = lines.filter((line) => "revision" in line);
    expect(revisions.map(shortLine)).toEqual(
      model.history.map(({ how, author, approvedBy, reverts, text: each }, index) => ({
        revision: index + 1,
        how,
        author,
        approvedBy,
        reverts,
        sha256: sha256(each),
      })),
    );
    expect(lines.flatMap((line) => ("kept" in line ? [line["kept"]] : []))).toEqual(model.kept);
    expect(bench.core.keeps.pending(feesId)?.revision).toBe(model.keep?.revision);
    expect(new Set(bench.core.proposals.all().keys())).toEqual(new Set(model.proposals.keys()));
  }
}

function shortLine(line: Record<string, unknown>): Record<string, unknown> {
  const idsIn = (value: unknown): unknown[] =>
    Array.isArray(value) ? value.map((each: unknown) => idIn1(each)) : [];
  const { revision, how, author, approved_by: approvedBy, reverts = null, sha256: hash } = line;
  return {
    revision,
    how,
    author: idIn1(author),
    approvedBy: idsIn(approvedBy),
    reverts,
    sha256: hash,
  };
}

function idIn1(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : null;
}

function pick<Value>(
  all: ReadonlyMap<string, Value>,
  which: number,
  isMeant: (value: Value) => boolean = () => true,
): readonly [string, Value] | undefined {
  const meant = [...all].filter(([, value]) => isMeant(value));
  return meant[which % Math.max(1, meant.length)];
}

function kindOf(outcome: Outcome): string {
  if (outcome.kind === "blocked") return outcome.why.kind;
  return outcome.kind === "pending" ? outcome.waitsFor.kind : outcome.kind;
}

function idIn(outcome: Outcome): string | undefined {
  if (outcome.kind === "stale") return outcome.parkedId;
  return outcome.kind === "pending" ? outcome.id : undefined;
}

test(
  "whatever people, the disk and the clock do, what is live was let through by the rules in force, and every answer is true",
  async () => {
    const sequence = fc.array(step, { minLength: 1, maxLength: 30, size: "max" });
    const property = fc.asyncProperty(
      fc.nat({ max: rulings.length - 1 }),
      sequence,
      async (first, steps) => {
        const ruling = rulings[first] ?? limited;
        const startMs = Date.UTC(2026, 10, 20, 12);
        vi.useFakeTimers({ toFake: ["Date", "performance"], now: startMs });
        const folder = await realpath(await mkdtemp(join(tmpdir(), "airlock-test-")));
        const found = feesOf("0.08", "0.1", "0.0002");
        const bench = await openBench(folder, found, rulesOf(ruling));
        try {
          const run = new Run(bench, new RulesModel(startMs, ruling, found));
          for (const who of [anna, boris, dave]) run.model.roles.set(who, "write");
          run.model.roles.set(carol, "read");
          await run.agree();
          for (const each of steps) {
            await run.take(each);
            await run.agree();
          }
        } finally {
          await bench.close();
          await rm(folder, { recursive: true, force: true });
          vi.useRealTimers();
        }
      },
    );
    await fc.assert(property, {
      numRuns: sequences,
      seed,
      endOnFailure: process.env["RULES_SHRINK"] !== "1",
    });
  },
  timeoutMs,
);
