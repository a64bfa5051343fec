// What every store promises, whatever keeps the bytes: run against each adapter, by its own test file. Compares with bytes and numbers that the
// tests made themselves, never with what the store says of itself. Long: it is the whole contract of a store, in one place for whoever writes
// the next one.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Author } from "../../src/model/revision.ts";
import { versionOf } from "../../src/model/version.ts";
import type {
  Candidate,
  CommitEnd,
  CommitOptions,
  ConfigStore,
  Head,
} from "../../src/store/port.ts";

export interface OpenedStore {
  readonly config: ConfigStore;
  /** Opens the same config once more, as a process that starts later does. */
  readonly reopen: () => Promise<ConfigStore>;
}

const anna: Author = { id: 1001, name: "Anna" };
const boris: Author = { id: 1002, name: "Boris" };

type Request = Partial<Candidate> & Partial<CommitOptions<string>>;

function commit(
  store: ConfigStore,
  text: string | Uint8Array,
  request: Request = {},
): Promise<CommitEnd<string>> {
  const { signal, onProgress, admit, ...candidate } = request;
  return store.commit<string>(
    {
      version: versionOf(Buffer.from(text)),
      how: "upload",
      author: anna,
      reason: null,
      message: null,
      key: "contract",
      ...candidate,
    },
    {
      signal: signal ?? new AbortController().signal,
      onProgress: onProgress ?? (() => {}),
      admit: admit ?? (() => undefined),
    },
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function liveText(store: ConfigStore): Promise<string | undefined> {
  const live = await store.readLive();
  return live && Buffer.from(live.bytes).toString("utf8");
}

async function textOf(store: ConfigStore, revision: number): Promise<string | undefined> {
  const found = await store.find(revision);
  return found.kind === "found" ? Buffer.from(found.version.bytes).toString("utf8") : found.kind;
}

/** Declares the suite; `open` gives a config that has no version yet. */
export function storeContract(adapter: string, open: () => Promise<OpenedStore>): void {
  describe(`${adapter}: a config without a version`, () => {
    test("has nothing live, and no revision", async () => {
      const { config } = await open();
      expect(await config.readLive()).toBeUndefined();
      expect(config.newest).toBeUndefined();
      expect(await config.page(10, 10)).toEqual([]);
      expect(await config.find(1)).toEqual({ kind: "unknown" });
    });

    test("gets its first by a commit, which sees that nothing is live", async () => {
      const { config } = await open();
      const heads: (Head | undefined)[] = [];
      const end = await commit(config, "one\n", {
        admit: (head) => {
          heads.push(head);
          return undefined;
        },
      });
      expect(heads).toEqual([undefined]);
      expect(end).toMatchObject({
        kind: "applied",
        entry: { revision: 1, sha256: hashOf("one\n"), previous_sha256: null, bytes: 4 },
        replaced: null,
      });
      expect(await liveText(config)).toBe("one\n");
    });
  });

  describe(`${adapter}: a commit`, () => {
    test("makes a new revision, and keeps the one that it replaces byte for byte", async () => {
      const { config } = await open();
      await commit(config, "one\n");
      const end = await commit(config, "two\n", {
        author: boris,
        reason: "higher",
        how: "rollback",
      });
      expect(end).toMatchObject({
        kind: "applied",
        entry: {
          revision: 2,
          how: "rollback",
          author: boris,
          reason: "higher",
          sha256: hashOf("two\n"),
          previous_sha256: hashOf("one\n"),
        },
        replaced: { revision: 1, author: anna },
      });
      expect(await liveText(config)).toBe("two\n");
      expect(await textOf(config, 1)).toBe("one\n");
      expect(await textOf(config, 2)).toBe("two\n");
      if (end.kind !== "applied") throw new Error("it was not applied");
      const replaced = await config.replacedBy(end.entry);
      expect(replaced?.sha256).toBe(hashOf("one\n"));
      expect(Buffer.from(replaced?.bytes ?? []).toString()).toBe("one\n");
    });

    test("of the bytes that are live changes nothing, and says so", async () => {
      const { config } = await open();
      await commit(config, "one\n");
      expect(await commit(config, "one\n", { author: boris })).toEqual({ kind: "unchanged" });
      expect(config.newest?.revision).toBe(1);
    });

    test("of any bytes is byte for byte what readers get", async () => {
      const { config } = await open();
      const bytes = Buffer.alloc(1_000_000, "0123456789\r\n\0ü€");
      await commit(config, bytes);
      expect(Buffer.compare((await config.readLive())?.bytes ?? Buffer.of(), bytes)).toBe(0);
    });

    test("that is not admitted changes nothing, and returns the reason", async () => {
      const { config } = await open();
      await commit(config, "one\n");
      const heads: (Head | undefined)[] = [];
      const end = await commit(config, "two\n", {
        admit: (head) => {
          heads.push(head);
          return "wait";
        },
      });
      expect(end).toEqual({ kind: "held", held: "wait" });
      expect(heads).toEqual(
        [{ sha256: hashOf("one\n"), revision: 1 }].map((h) => expect.objectContaining(h)),
      );
      expect(await liveText(config)).toBe("one\n");
      expect(config.newest?.revision).toBe(1);
    });

    test("has times that rise with the revisions, however fast they come", async () => {
      const { config } = await open();
      for (let n = 1; n <= 20; n += 1) await commit(config, `${n}\n`);
      const times = (await config.page(20, 20)).map(({ at }) => at);
      expect(times).toHaveLength(20);
      expect(new Set(times).size).toBe(20);
      expect(times).toEqual(times.toSorted().toReversed());
    });
  });

  describe(`${adapter}: several at once`, () => {
    test("commit one after another: each sees the one before, and none is lost", async () => {
      const { config } = await open();
      await commit(config, "0\n");
      const seen: (string | undefined)[] = [];
      const ends = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          commit(config, `${n + 1}\n`, {
            admit: (head) => {
              seen.push(head?.sha256);
              return undefined;
            },
          }),
        ),
      );
      expect(ends.map(({ kind }) => kind)).toEqual(Array(20).fill("applied"));
      const newestFirst = await config.page(21, 21);
      expect(newestFirst.map(({ revision }) => revision)).toEqual(
        Array.from({ length: 21 }, (_, n) => 21 - n),
      );
      const hashes = newestFirst.map(({ sha256 }) => sha256).toReversed();
      expect(seen).toEqual(hashes.slice(0, 20));
      expect(newestFirst.slice(0, 20).map((entry) => entry.previous_sha256)).toEqual(
        hashes.slice(0, 20).toReversed(),
      );
      const texts = await Promise.all(Array.from({ length: 21 }, (_, n) => textOf(config, n + 1)));
      expect(texts.map((text) => hashOf(text ?? ""))).toEqual(hashes);
    });

    test("read while others commit: each answer is one complete version", async () => {
      const { config } = await open();
      const texts = Array.from(
        { length: 40 },
        (_, n) => `${n}: ${String(n % 10).repeat(50_000)}\n`,
      );
      const known = new Set(texts.map(hashOf));
      await commit(config, texts[0] ?? "");
      const writing = new AbortController();
      const reading = (async () => {
        let reads = 0;
        while (!writing.signal.aborted) {
          const live = await config.readLive();
          const { bytes, sha256 } = live ?? { bytes: Buffer.of(), sha256: "" };
          expect(known.has(createHash("sha256").update(bytes).digest("hex"))).toBe(true);
          expect(known.has(sha256)).toBe(true);
          expect(live?.revision).toBeDefined();
          reads += 1;
        }
        return reads;
      })();
      for (const text of texts.slice(1)) await commit(config, text);
      writing.abort();
      expect(await reading).toBeGreaterThan(0);
    });

    test("one who gives up waiting leaves, and the others go on in turn", async () => {
      const { config } = await open();
      await commit(config, "0\n");
      const givingUp = new AbortController();
      const ends = await Promise.all([
        commit(config, "1\n"),
        commit(config, "2\n", {
          signal: givingUp.signal,
          onProgress: (progress) => {
            if (progress === "lock_wait_began") givingUp.abort("admin");
          },
        }),
        commit(config, "3\n"),
      ]);
      expect(ends.map(({ kind }) => kind)).toEqual(["applied", "cancelled", "applied"]);
      expect(config.newest?.revision).toBe(3);
    });

    test("a signal that comes under the lock is too late", async () => {
      const { config } = await open();
      const controller = new AbortController();
      const end = await commit(config, "1\n", {
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress === "lock_acquired") controller.abort("admin");
        },
      });
      expect(end.kind).toBe("applied");
    });

    test("whoever holds the lock can be seen, and nobody afterwards", async () => {
      const { config } = await open();
      let holder: Author | undefined;
      await commit(config, "1\n", {
        author: boris,
        onProgress: (progress) => {
          if (progress === "backup_ended") ({ holder } = config);
        },
      });
      expect(holder).toEqual(boris);
      expect(config.holder).toBeUndefined();
    });
  });

  describe(`${adapter}: a decision`, () => {
    test("that a change stays is in history, outlives the process, and is no revision", async () => {
      const { config, reopen } = await open();
      await commit(config, "one\n");
      expect(config.lastKept).toBeUndefined();
      const end = await config.decide<string>({ by: boris, keeps: 1, admit: () => undefined });
      expect(end).toEqual({ kind: "decided" });
      const again = await reopen();
      for (const each of [config, again]) {
        expect(each.lastKept).toMatchObject({ kept: 1, kept_by: boris });
        expect(each.newest?.revision).toBe(1);
        expect(await each.page(5, 5)).toHaveLength(1);
      }
      expect(await commit(again, "two\n")).toMatchObject({ entry: { revision: 2 } });
    });

    test("that is not admitted leaves nothing, and returns the reason", async () => {
      const { config, reopen } = await open();
      await commit(config, "one\n");
      const heads: (Head | undefined)[] = [];
      const end = await config.decide<string>({
        by: boris,
        keeps: 1,
        admit: (head) => {
          heads.push(head);
          return "wait";
        },
      });
      expect(end).toEqual({ kind: "held", held: "wait" });
      expect(heads).toEqual([expect.objectContaining({ sha256: hashOf("one\n"), revision: 1 })]);
      expect(config.lastKept).toBeUndefined();
      expect((await reopen()).lastKept).toBeUndefined();
    });

    test("comes before a commit or after it: of two that exclude each other exactly one is admitted", async () => {
      const { config } = await open();
      await commit(config, "0\n");
      for (let n = 1; n <= 20; n += 1) {
        const before = config.newest?.revision ?? 0;
        const isKept = (): string | undefined =>
          config.lastKept?.kept === before ? "kept" : undefined;
        const decide = config.decide<string>({
          by: boris,
          keeps: before,
          admit: (head) => (head?.revision === before ? undefined : "replaced"),
        });
        const [decided, committed] = await Promise.all([
          decide,
          commit(config, `${n}\n`, { admit: isKept }),
        ]);
        const won = [decided.kind === "decided", committed.kind === "applied"];
        expect(won.filter(Boolean)).toHaveLength(1);
      }
    });

    test("does not disturb the pages of a long history", async () => {
      const { config, reopen } = await open();
      for (let n = 1; n <= 30; n += 1) {
        await commit(config, `${n}\n`);
        await config.decide<string>({ by: boris, keeps: n, admit: () => undefined });
      }
      const numbers = (await (await reopen()).page(30, 30)).map(({ revision }) => revision);
      expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => 30 - n));
    });
  });

  describe(`${adapter}: history`, () => {
    test("is paged from any revision, newest first, without a gap", async () => {
      const { config } = await open();
      for (let n = 1; n <= 12; n += 1) await commit(config, `${n}\n`);
      const numbers = async (newest: number, count: number): Promise<readonly number[]> =>
        (await config.page(newest, count)).map(({ revision }) => revision);
      expect(await numbers(12, 5)).toEqual([12, 11, 10, 9, 8]);
      expect(await numbers(3, 5)).toEqual([3, 2, 1]);
      expect(config.since(10).map(({ revision }) => revision)).toEqual([11, 12]);
      expect(config.recent(hashOf("4\n"), 1)?.revision).toBe(4);
      expect(config.recent(hashOf("4\n"), 5)).toBeUndefined();
      expect(config.recent(hashOf("never\n"), 1)).toBeUndefined();
    });

    test("knows the message that a change came in", async () => {
      const { config } = await open();
      const message = { chat_id: 5, message_id: 7 };
      await commit(config, "1\n", { message });
      expect(config.hasMessage(message)).toBe(true);
      expect(config.hasMessage({ ...message, message_id: 8 })).toBe(false);
    });

    test("tells whoever watches each revision once, in order, until they stop", async () => {
      const { config } = await open();
      const told: number[] = [];
      const stop = config.watch(({ revision }) => told.push(revision));
      await commit(config, "1\n");
      await commit(config, "2\n");
      await commit(config, "2\n");
      expect(told).toEqual([1, 2]);
      stop();
      await commit(config, "3\n");
      expect(told).toEqual([1, 2]);
    });

    test("and every version outlive the process", async () => {
      const { config, reopen } = await open();
      const message = { chat_id: 5, message_id: 7 };
      for (let n = 1; n <= 5; n += 1) await commit(config, `${n}\n`, { message, author: boris });
      const before = await config.page(5, 5);
      const again = await reopen();
      expect(await again.page(5, 5)).toEqual(before);
      expect(again.newest).toEqual(before[0]);
      expect(again.hasMessage(message)).toBe(true);
      expect(await liveText(again)).toBe("5\n");
      for (let n = 1; n <= 5; n += 1) {
        expect(await textOf(again, n)).toBe(`${n}\n`);
      }
      expect(await Promise.all(before.map((entry) => again.keeps(entry)))).toEqual(
        Array(5).fill(true),
      );
      expect(await commit(again, "6\n")).toMatchObject({
        kind: "applied",
        entry: { revision: 6, previous_sha256: hashOf("5\n") },
      });
    });
  });
}

/** For a store that puts live files in place itself: its services are to take them while nobody else changes anything. */
export function holdingContract(adapter: string, open: () => Promise<OpenedStore>): void {
  const alone = { signal: new AbortController().signal, onProgress: () => {} };

  async function opened(): Promise<{
    readonly config: ConfigStore;
    readonly holding: NonNullable<ConfigStore["holding"]>;
  }> {
    const { config } = await open();
    if (config.holding === undefined) throw new Error("it holds nothing");
    await commit(config, "0\n");
    return { config, holding: config.holding };
  }

  describe(`${adapter}: holding a config`, () => {
    test("keeps others waiting for commits and decisions, and lets its own through", async () => {
      const { config, holding } = await opened();
      const order: string[] = [];
      let others: Promise<unknown> | undefined;
      const result = await holding(anna, alone, async (held) => {
        expect(config.holder).toEqual(anna);
        others = Promise.all([
          commit(config, "3\n", { author: boris }).then(() => order.push("committed")),
          config
            .decide<string>({ by: boris, keeps: 1, admit: () => undefined })
            .then(() => order.push("decided")),
        ]);
        expect(await commit(held, "1\n")).toMatchObject({ entry: { revision: 2 } });
        expect(await liveText(config)).toBe("1\n");
        expect(held.newest?.revision).toBe(2);
        expect(await commit(held, "2\n")).toMatchObject({ entry: { revision: 3 } });
        await held.decide<string>({ by: anna, keeps: 3, admit: () => undefined });
        order.push("held");
        return "result";
      });
      expect(result).toBe("result");
      await others;
      // Which of the two is next is theirs to settle.
      expect([order[0], ...order.slice(1).toSorted()]).toEqual(["held", "committed", "decided"]);
      expect(await textOf(config, 4)).toBe("3\n");
      expect(config.holder).toBeUndefined();
    });

    test("ends when it throws", async () => {
      const { config, holding } = await opened();
      const throwing = holding(anna, alone, () => Promise.reject(new Error("a bug")));
      await expect(throwing).rejects.toThrow("a bug");
      expect(await commit(config, "1\n")).toMatchObject({ kind: "applied" });
    });

    test("is not waited for any more once it is given up, and tells of the lock", async () => {
      const { config, holding } = await opened();
      const givingUp = new AbortController();
      const progress: string[] = [];
      await holding(anna, { ...alone, onProgress: (each) => progress.push(each) }, async () => {
        const second = holding(boris, { ...alone, signal: givingUp.signal }, () =>
          Promise.reject(new Error("it has no lock")),
        );
        givingUp.abort("admin");
        expect(await second).toEqual({ kind: "cancelled", by: "admin" });
      });
      expect(progress).toEqual([
        "lock_wait_began",
        "lock_wait_ended",
        "lock_acquired",
        "lock_released",
      ]);
      expect(await commit(config, "1\n")).toMatchObject({ kind: "applied" });
    });
  });
}
