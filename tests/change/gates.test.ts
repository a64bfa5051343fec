// What holds a candidate, and in which order, on values: no store, no disk, no clock.
import { expect, test } from "vitest";
import { approversOf } from "../../src/change/gates/approval.ts";
import { type Attempt, createGates, type Standing } from "../../src/change/gates/gates.ts";
import { guardGate } from "../../src/change/gates/guard.ts";
import { staleGate } from "../../src/change/gates/stale.ts";
import type { GuardReading } from "../../src/model/guard.ts";
import { createPeople } from "../../src/model/people.ts";
import type { LimitsJudgement } from "../../src/model/excess.ts";
import type { Author, Revision } from "../../src/model/revision.ts";
import { noRules, type Rules } from "../../src/model/rules.ts";
import { versionOf } from "../../src/model/version.ts";
import type { ConfigReader } from "../../src/store/port.ts";
import { authorOf, feesId } from "./rules-bench.ts";

const [anna, boris] = [authorOf(1001), authorOf(1002)];
const nowMs = Date.UTC(2026, 10, 28);
const hourMs = 3_600_000;
const at = (hours: number): string => new Date(nowMs + hours * hourMs).toISOString();
const [live, candidate] = [versionOf(Buffer.from("live")), versionOf(Buffer.from("candidate"))];
const limits: Rules["limits"] = [
  { path: "a", atMost: { kind: "percent", amount: "5" }, hard: false },
];
const approval = { when: "over_limits", approvals: 1, by: null, expiresMs: hourMs } as const;
const beyond = { kind: "beyond", excesses: [], total: 1 } as const;
const within = { kind: "within" } as const;

function revisionOf(revision: number, hours: number, sha256: string, author = anna): Revision {
  const rest = { how: "upload", reason: null, previous_sha256: null, bytes: 1 } as const;
  return { revision, at: at(hours), sha256, author, backup: null, message: null, ...rest };
}

interface Setting {
  readonly rules?: Partial<Rules>;
  readonly history?: readonly Revision[];
  readonly standing?: Partial<Standing>;
  readonly judgement?: LimitsJudgement;
  /** Revisions whose bytes are gone. */
  readonly pruned?: readonly number[];
}

function open({ rules = {}, history = [], standing = {}, judgement = beyond, pruned }: Setting) {
  const compared: (string | null)[] = [];
  const reader: ConfigReader = {
    config: {
      id: feesId,
      fileName: "fees.yml",
      path: "/fees.yml",
      title: null,
      schema: "builtin:fees",
      rules: { ...noRules, ...rules },
    },
    newest: history.at(-1),
    lastKept: undefined,
    readLive: () => Promise.resolve({ ...live, modifiedAt: at(0), revision: undefined }),
    find: (revision) => {
      const entry = history.find((each) => each.revision === revision) ?? expect.unreachable();
      return Promise.resolve(
        pruned?.includes(revision) === true
          ? { kind: "pruned", entry }
          : { kind: "found", entry, version: versionOf(Buffer.from(`revision ${revision}`)) },
      );
    },
    replacedBy: () => expect.unreachable(),
    page: (newest, count) =>
      Promise.resolve(
        history
          .filter(({ revision }) => revision <= newest)
          .slice(-count)
          .toReversed(),
      ),
    keeps: () => expect.unreachable(),
    recent: (sha256, since) =>
      history.findLast((each) => each.sha256 === sha256 && each.revision >= since),
    since: (revision) => history.filter((each) => each.revision > revision),
  };
  const inspector = {
    limits: ({ dayAgo }: { readonly dayAgo: Uint8Array | null }) => {
      compared.push(dayAgo && Buffer.from(dayAgo).toString());
      return Promise.resolve(judgement);
    },
  };
  const nothing = (): undefined => undefined;
  const standings = { frozen: nothing, keepPending: nothing, ...standing };
  const gates = createGates(standings, inspector, () => nowMs);
  const attempt: Attempt = {
    live: reader,
    candidate,
    edit: { author: anna, baseSha256: null, ownChangesAreKnown: false },
    isAgreed: false,
    dueAt: null,
  };
  const head = { sha256: live.sha256, revision: undefined };
  return { gates, attempt, head, reader, compared };
}

const frozen = { by: boris, until: at(2), reason: null };
const keepPending = { kind: "keep_pending", by: boris, revision: 2, until: at(2) } as const;

test("a freeze comes before a pending Keep, that before what is stale, and that before limits", async () => {
  const isFrozen = { frozen: () => frozen };
  const waits = { keepPending: () => keepPending };
  const kinds = await Promise.all(
    [{ ...isFrozen, ...waits }, waits, {}].map(async (standing) => {
      const { gates, attempt, head } = open({ rules: { limits }, standing });
      const edit = { ...attempt.edit, baseSha256: candidate.sha256 };
      const held = await gates.ask({ ...attempt, edit }, head);
      return held?.kind === "blocked" ? held.why.kind : held?.kind;
    }),
  );
  expect(kinds).toEqual(["frozen", "keep_pending", "stale"]);
});

test("what waits for its time is held only by what has not ended by then", () => {
  for (const standing of [{ frozen: () => frozen }, { keepPending: () => keepPending }]) {
    const { gates, attempt } = open({ standing });
    const heldAt = (dueAt: string | null): boolean =>
      gates.standing({ ...attempt, dueAt }) !== undefined;
    expect([null, at(1), at(2), at(3)].map(heldAt)).toEqual([true, true, false, false]);
  }
  const { gates, attempt } = open({ standing: { frozen: () => ({ ...frozen, until: null }) } });
  expect(gates.standing({ ...attempt, dueAt: at(3) })).toBeDefined();
});

for (const { name, rules, judgement, isAgreed = false, held } of [
  {
    name: "beyond a limit its author is asked",
    rules: { limits },
    judgement: beyond,
    held: "unconfirmed",
  },
  {
    name: "beyond a limit others are asked where there is approval",
    rules: { limits, approval },
    judgement: beyond,
    held: "unapproved",
  },
  {
    name: "within its limits nobody is asked",
    rules: { limits, approval },
    judgement: within,
    held: undefined,
  },
  {
    name: "what cannot be compared counts as beyond",
    rules: { limits },
    judgement: { kind: "unknown", because: "unreadable" },
    held: "unconfirmed",
  },
  {
    name: "always approved means within limits too",
    rules: { limits, approval: { ...approval, when: "always" } },
    judgement: within,
    held: "unapproved",
  },
  {
    name: "what was agreed to is asked no more",
    rules: {
      limits: limits.map((limit) => ({ ...limit, hard: true })),
      approval: { ...approval, when: "always" },
    },
    judgement: beyond,
    isAgreed: true,
    held: undefined,
  },
] as const) {
  test(name, async () => {
    const { gates, attempt, head } = open({ rules, judgement });
    expect((await gates.ask({ ...attempt, isAgreed }, head))?.kind).toBe(held);
  });
}

test("what was judged before the lock is judged anew under it only where another version is live", async () => {
  const { gates, attempt, head, compared } = open({ rules: { limits } });
  await gates.ask(attempt, head);
  await gates.ask(attempt, head);
  expect(compared).toHaveLength(1);
  await gates.ask(attempt, { ...head, sha256: candidate.sha256 });
  expect(compared).toHaveLength(2);
});

test("going back passes to a version that was still live 24 hours ago, and to no older one", async () => {
  const judge = async (replacedMs: number) => {
    const replaced = { ...revisionOf(2, 0, live.sha256), at: new Date(replacedMs).toISOString() };
    const history = [revisionOf(1, -30, candidate.sha256), replaced];
    const { gates, attempt, head, compared } = open({ rules: { limits }, history });
    return [(await gates.ask(attempt, head))?.kind, compared];
  };
  const dayAgoMs = nowMs - 24 * hourMs;
  expect(await judge(dayAgoMs + 1)).toEqual([undefined, []]);
  expect(await judge(dayAgoMs)).toEqual(["unconfirmed", ["revision 2"]]);
});

test("a change is compared with what was live a day ago, or the oldest kept since, over as many revisions as there are", async () => {
  const history = Array.from({ length: 250 }, (_, index) =>
    revisionOf(index + 1, index < 5 ? -30 + index : -20, String(index)),
  );
  for (const [pruned, dayAgo] of [
    [[], "revision 5"],
    [[5, 6], "revision 7"],
  ] as const) {
    const { gates, attempt, head, compared } = open({ rules: { limits }, history, pruned });
    await gates.ask(attempt, head);
    expect(compared).toEqual([dayAgo]);
  }
});

test("where nothing could hold a candidate, what is live is not read", () => {
  const needs = (rules: Partial<Rules>, more: Partial<Attempt> = {}): boolean => {
    const { gates, attempt } = open({ rules });
    return gates.needHead({ ...attempt, ...more });
  };
  const edit = { author: anna, baseSha256: live.sha256, ownChangesAreKnown: false };
  expect([needs({}), needs({}, { edit }), needs({ limits }), needs({ approval })]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test("an edit is stale unless only its author's own known changes came since its base", () => {
  const base = candidate.sha256;
  const judge = (author: Author, ownChangesAreKnown: boolean, liveRevision: number | undefined) => {
    const history = [
      revisionOf(1, -3, base),
      revisionOf(2, -2, "two", author),
      revisionOf(3, -1, live.sha256),
    ];
    const { reader } = open({ history });
    const head = { sha256: live.sha256, revision: liveRevision };
    return staleGate(reader, { author: anna, baseSha256: base, ownChangesAreKnown }, head)?.kind;
  };
  expect(judge(anna, true, 3)).toBeUndefined();
  expect(judge(anna, false, 3)).toBe("stale");
  expect(judge(boris, true, 3)).toBe("stale");
  // A hand edit, and what is just being put in place: nobody knows whose it is.
  expect(judge(anna, true, undefined)).toBe("stale");
  expect(judge(anna, true, 4)).toBe("stale");
});

test("approvers may write, or are named and may read; the author is none", () => {
  const may = (role: "read" | "write") => new Map([["fees", role]]);
  const people = createPeople(
    [1001, 1002],
    [
      { id: 1003, name: null, may: may("read") },
      { id: 1004, name: null, may: may("write") },
      { id: 1005, name: null, may: new Map([["rates", "write"]]) },
    ],
  );
  const approvers = (by: readonly number[] | null) =>
    approversOf(people, feesId, { by, authorId: 1001 });
  expect(approvers(null)).toEqual([1002, 1004]);
  expect(approvers([1001, 1003, 1004, 1005])).toEqual([1003, 1004]);
});

test("only a guard that fails asks", async () => {
  const fails = { operator: ">", bound: 5 } as const;
  const guard = { prometheus: "http://p", query: "q", fails, duringMs: 1, everyMs: 1 };
  const { reader } = open({ rules: { guard } });
  const answer = { value: "6", at: at(0) };
  const ask = (reading: GuardReading) =>
    guardGate(reader, () => Promise.resolve(reading), new AbortController().signal);
  const failure = { query: "q", fails, answers: [answer] };
  expect(await ask({ kind: "fails", ...answer })).toEqual(failure);
  expect(await ask({ kind: "passes", ...answer })).toBeUndefined();
  expect(await ask({ kind: "unknown", because: "no_series" })).toBeUndefined();
});
