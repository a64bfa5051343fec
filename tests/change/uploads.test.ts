// Jobs of uploads: in which order they go, what ends them, what is told of them. Long: they share one stage with every part in the test's own
// hand.
import { createGates, type Standing } from "../../src/change/gates/gates.ts";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Outcome } from "../../src/model/outcome.ts";
import type { UploadEvent } from "../../src/model/upload-event.ts";
import type { Bases } from "../../src/change/bases.ts";
import type { ParkedAnew } from "../../src/change/parked-changes.ts";
import type { Received, UploadRequest, UploadWatcher } from "../../src/change/upload-request.ts";
import { createUploads, type Uploads } from "../../src/change/uploads.ts";
import type { Problem, Validation } from "../../src/model/problem.ts";
import { openJournal } from "../../src/store/local/journal.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { deferred } from "../deferred.ts";
import { buggy, resetDisk } from "../faulty-disk.ts";
import { anna, boris, type ConfigFixture, openFixture } from "../store/local/config-fixture.ts";
import { inertInspector } from "./inert-inspector.ts";

vi.mock("node:fs/promises", async () => (await import("../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

interface Bench {
  readonly uploads: Uploads;
  readonly events: UploadEvent[];
  readonly bugs: unknown[];
  readonly parked: ParkedAnew[];
}

async function createBench(
  validate?: (signal: AbortSignal) => Promise<Validation>,
  frozen: Standing["frozen"] = () => undefined,
): Promise<Bench> {
  const events: UploadEvent[] = [];
  const bugs: unknown[] = [];
  const parked: ParkedAnew[] = [];
  const journal = await openJournal(join(await temporaryFolder(), "journal.jsonl"), () => {});
  const uploads = createUploads({
    inspector: {
      ...inertInspector,
      check: (_bytes, _schema, signal) => validate?.(signal) ?? Promise.resolve({ kind: "valid" }),
      compare: () => Promise.resolve({ kind: "text" }),
      replacement: () => Promise.resolve({ changes: { kind: "text" }, setBack: null }),
    },
    readGuard: () => Promise.reject(new Error("there is no guard")),
    gates: createGates(
      { frozen, keepPending: () => undefined },
      { limits: () => Promise.resolve({ kind: "within" }) },
      Date.now,
    ),
    proposals: { add: () => Promise.resolve("proposed") },
    keeps: {
      async commit(live, candidate, options) {
        const end = await live.commit(candidate, options);
        return end.kind === "applied" ? { ...end, service: null } : end;
      },
      waits: () => null,
    },
    bases: memoryBases(),
    parked: {
      park: (change) => {
        parked.push(change);
        return Promise.resolve("parked");
      },
    },
    schedules: {
      add: () => Promise.resolve(undefined),
      lastBefore: () => undefined,
      bytesOf: () => Promise.resolve(undefined),
    },
    journal,
    report: () => {},
    onEnded: () => true,
    onEvent: (event) => events.push(event),
    onBug: (error) => bugs.push(error),
  });
  onTestFinished(async () => {
    await uploads.stop();
    await journal.close();
  });
  return { uploads, events, bugs, parked };
}

function memoryBases(): Bases {
  const known = new Map<string, string>();
  return {
    read: (userId, configId) => Promise.resolve(known.get(`${userId}_${configId}`)),
    write: (userId, configId, sha256) => {
      known.set(`${userId}_${configId}`, sha256);
      return Promise.resolve();
    },
  };
}

let nextMessageId = 1;

function requestOf(
  fees: ConfigFixture,
  text: string,
  extra: Partial<UploadRequest> = {},
): UploadRequest {
  return {
    live: fees.live,
    author: anna,
    how: "upload",
    purpose: "apply",
    reason: null,
    place: { chat_id: extra.message?.chat_id ?? 5, reply_to: 1, message_id: null },
    message: { chat_id: 5, message_id: (nextMessageId += 1) },
    key: `${extra.message?.chat_id ?? 5}:${nextMessageId}`,
    base: "given",
    unchecked: false,
    receive: () => Promise.resolve({ kind: "received", bytes: Buffer.from(text) }),
    ...extra,
  };
}

interface Watched {
  readonly watch: () => UploadWatcher;
  readonly saving: Promise<void>;
  readonly outcome: Promise<Outcome>;
  /** Whom each "saving" text named. */
  readonly holders: (string | undefined)[];
}

function watched(): Watched {
  const saving = deferred();
  const holders: (string | undefined)[] = [];
  let tell: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((resolve) => (tell = resolve));
  const watch = (): UploadWatcher => ({
    working: () => {},
    serving: () => {},
    saving: (holder) => {
      holders.push(holder?.name);
      saving.resolve();
    },
    finished: (ended) => {
      tell(ended);
      return Promise.resolve();
    },
  });
  return { watch, saving: saving.promise, outcome, holders };
}

/** Does not end before its signal does. */
function untilAborted(signal: AbortSignal): Promise<{ readonly kind: "aborted" }> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve({ kind: "aborted" }));
  });
}

test("an upload is received, checked and saved, and every step is told with its time", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads, events } = await createBench();
  const { watch, outcome } = watched();
  expect(uploads.start(requestOf(fees, "two\n"), watch)).toMatchObject({ kind: "started" });
  expect(await outcome).toMatchObject({ kind: "applied", entry: { author: anna } });
  await uploads.stop();
  const told = events.map((event) =>
    "step" in event
      ? `${event.kind} ${event.step}`
      : "stage" in event
        ? `${event.kind} ${event.stage}`
        : event.kind,
  );
  expect(told).toEqual([
    "began",
    "step_ended download",
    "step_ended check",
    "stage_ended validation",
    "lock_wait_began",
    "lock_wait_ended",
    "step_ended lock_wait",
    "lock_acquired",
    "step_ended backup",
    "step_ended replace",
    "lock_released",
    "stage_ended locked_section",
    "finished",
  ]);
});

for (const { name, received, outcome } of [
  {
    name: "a document that is refused is invalid, with one problem",
    received: { kind: "refused", fault: { code: "empty_document" } },
    outcome: {
      kind: "invalid",
      problems: [{ code: "empty_document", place: { line: null, column: null, path: [] } }],
      total: 1,
    },
  },
  {
    name: "a document that did not arrive fails, and the old file is live",
    received: { kind: "failed", trouble: { code: "telegram_unreachable" } },
    outcome: { kind: "failed", live: "old", trouble: { code: "telegram_unreachable" } },
  },
] as const) {
  test(name, async () => {
    const fees = await openFixture({ content: "one\n" });
    const watching = watched();
    const receive = (): Promise<Received> => Promise.resolve(received);
    (await createBench()).uploads.start(requestOf(fees, "", { receive }), watching.watch);
    expect(await watching.outcome).toEqual(outcome);
    expect(await fees.read()).toBe("one\n");
  });
}

test("a freeze that comes while an upload waits for the lock refuses it there", async () => {
  const fees = await openFixture({ content: "one\n" });
  const freeze = { by: boris, until: null, reason: "the audit" };
  // Asked early first, and once more under the lock.
  const answers = [undefined, freeze];
  const { uploads, events } = await createBench(undefined, () => answers.shift());
  const { watch, outcome } = watched();
  uploads.start(requestOf(fees, "two\n"), watch);
  expect(await outcome).toEqual({ kind: "blocked", why: { kind: "frozen", ...freeze } });
  await uploads.stop();
  expect(events.map(({ kind }) => kind)).toContain("lock_released");
  expect(await fees.read()).toBe("one\n");
  expect(await fees.history()).toHaveLength(1);
  expect(await fees.backups()).toEqual([]);
});

test("an invalid document takes no lock and leaves no trace", async () => {
  const fees = await openFixture({ content: "one\n" });
  const problem: Problem = { code: "key_missing", place: { line: 1, column: 1, path: ["a"] } };
  const { uploads, events } = await createBench(() =>
    Promise.resolve({ kind: "invalid", problems: [problem], total: 1 }),
  );
  const { watch, outcome } = watched();
  uploads.start(requestOf(fees, "two\n"), watch);
  expect(await outcome).toEqual({ kind: "invalid", problems: [problem], total: 1 });
  expect(events.map(({ kind }) => kind)).not.toContain("lock_wait_began");
  expect(await fees.backups()).toEqual([]);
  expect(await fees.history()).toHaveLength(1);
});

test("download and validation run while another holds the lock, who is named to whoever waits", async () => {
  const fees = await openFixture({ content: "one\n" });
  const release = await fees.live.lock.acquire(boris, new AbortController().signal);
  const watching = watched();
  (await createBench()).uploads.start(requestOf(fees, "two\n"), watching.watch);
  await watching.saving;
  expect(watching.holders[0]).toBe("Boris");
  expect(await fees.read()).toBe("one\n");
  release?.();
  expect(await watching.outcome).toMatchObject({ kind: "applied" });
});

test("whoever holds the lock elsewhere in person is not named to themselves", async () => {
  const fees = await openFixture({ content: "one\n" });
  const release = await fees.live.lock.acquire(anna, new AbortController().signal);
  const watching = watched();
  (await createBench()).uploads.start(requestOf(fees, "two\n"), watching.watch);
  await watching.saving;
  release?.();
  await watching.outcome;
  expect(watching.holders).toEqual([undefined]);
});

for (const { stage, receive, validate } of [
  { stage: "downloading", receive: untilAborted, validate: undefined },
  { stage: "validating", receive: undefined, validate: untilAborted },
]) {
  for (const by of ["admin", "stop"] as const) {
    test(`while ${stage}, an upload is ended by ${by === "admin" ? "its admin" : "a stop"}`, async () => {
      const fees = await openFixture({ content: "one\n" });
      const { uploads } = await createBench(validate);
      const { watch, outcome } = watched();
      const began = deferred();
      const request = requestOf(fees, "two\n", {
        receive: (signal) => {
          began.resolve();
          return (
            receive?.(signal) ?? Promise.resolve({ kind: "received", bytes: Buffer.from("two\n") })
          );
        },
      });
      uploads.start(request, watch);
      await began.promise;
      if (by === "admin") {
        expect(uploads.cancel(5, anna.id, 1).met).toEqual([{ live: fees.live, saving: false }]);
      } else {
        await uploads.stop();
      }
      expect(await outcome).toEqual({ kind: "cancelled", by });
      expect(await fees.read()).toBe("one\n");
    });
  }
}

test("while waiting for the lock, an upload is cancelled; another chat's and another person's go on", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads } = await createBench();
  const release = await fees.live.lock.acquire(boris, new AbortController().signal);
  const [mine, otherChat, otherPerson] = [watched(), watched(), watched()];
  uploads.start(requestOf(fees, "mine\n"), mine.watch);
  uploads.start(
    requestOf(fees, "a\n", { message: { chat_id: 6, message_id: 1 } }),
    otherChat.watch,
  );
  uploads.start(requestOf(fees, "b\n", { author: boris }), otherPerson.watch);
  await Promise.all([mine.saving, otherChat.saving, otherPerson.saving]);
  uploads.cancel(5, anna.id, 1);
  expect(await mine.outcome).toEqual({ kind: "cancelled", by: "admin" });
  release?.();
  expect(await otherChat.outcome).toMatchObject({ kind: "applied" });
  expect(await otherPerson.outcome).toMatchObject({ kind: "applied" });
});

test("what was asked for before a cancellation is ended as it starts, until that is closed; what was asked for later goes on", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads } = await createBench();
  const cancellation = uploads.cancel(5, anna.id, 10);
  const [earlier, later, otherPerson, afterwards] = [watched(), watched(), watched(), watched()];
  uploads.start(requestOf(fees, "earlier\n", { arrival: 9 }), earlier.watch);
  expect(await earlier.outcome).toEqual({ kind: "cancelled", by: "admin" });
  const boris9 = requestOf(fees, "another person's\n", { author: boris, arrival: 9 });
  uploads.start(boris9, otherPerson.watch);
  expect(await otherPerson.outcome).toMatchObject({ kind: "applied" });
  uploads.start(requestOf(fees, "later\n", { arrival: 11 }), later.watch);
  expect(await later.outcome).toMatchObject({ kind: "applied" });
  expect(cancellation.met).toEqual([{ live: fees.live, saving: false }]);
  cancellation.close();
  uploads.start(requestOf(fees, "afterwards\n", { arrival: 9 }), afterwards.watch);
  expect(await afterwards.outcome).toMatchObject({ kind: "applied" });
});

test("one message starts one upload: while it runs, after it ended, and after a restart", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads } = await createBench();
  const request = requestOf(fees, "two\n");
  const { watch, outcome } = watched();
  uploads.start(request, watch);
  const again = (): UploadWatcher => {
    throw new Error("a duplicate must not be shown");
  };
  expect(uploads.start(request, again)).toEqual({ kind: "duplicate" });
  await outcome;
  await uploads.stop();
  expect(uploads.start(request, again)).toEqual({ kind: "duplicate" });
  const live = (await fees.reopen()).live;
  expect((await createBench()).uploads.start({ ...request, live }, again)).toEqual({
    kind: "duplicate",
  });
});

test("a message whose document was refused is not taken again when it is delivered again", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads } = await createBench();
  const refused: Received = { kind: "refused", fault: { code: "empty_document" } };
  const request = requestOf(fees, "", { receive: () => Promise.resolve(refused) });
  const { watch, outcome } = watched();
  uploads.start(request, watch);
  await outcome;
  await uploads.stop();
  expect(uploads.start(request, watch)).toEqual({ kind: "duplicate" });
});

test("one person has at most 50 uploads on their way; others are not held up", async () => {
  const fees = await openFixture({ content: "one\n" });
  const { uploads } = await createBench();
  const start = (author = anna): unknown =>
    uploads.start(requestOf(fees, "", { author, receive: untilAborted }), watched().watch);
  for (let number = 1; number <= 50; number += 1)
    expect(start()).toMatchObject({ kind: "started" });
  expect(start()).toEqual({ kind: "too_many", max: 50 });
  expect(start(boris)).toMatchObject({ kind: "started" });
  await uploads.stop();
});

for (const { when, matches, live } of [
  { when: "before the new file is in place", matches: "/backups", live: "old" },
  { when: "after the new file is in place", matches: "/config", live: "new" },
]) {
  test(`after a bug ${when}, what is told is what is on disk`, async () => {
    const fees = await openFixture({ content: "one\n" });
    const { uploads, bugs } = await createBench();
    buggy(({ name, path }) => name === "sync" && path.endsWith(matches));
    const { watch, outcome } = watched();
    uploads.start(requestOf(fees, "two\n"), watch);
    expect(await outcome).toMatchObject({ kind: "failed", live });
    expect(await fees.read()).toBe(live === "old" ? "one\n" : "two\n");
    expect(bugs).toHaveLength(1);
  });
}
