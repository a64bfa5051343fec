import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { type LocalJournal, openJournal } from "../../../src/store/local/journal.ts";
import type { BegunUpload } from "../../../src/store/journal.ts";
import { diskCalls, failing, gate, resetDisk } from "../../faulty-disk.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const dayMs = 24 * 60 * 60 * 1000;

function upload(key: string): BegunUpload {
  return {
    key,
    config: "fees",
    file: "fees.yml",
    how: "upload",
    author: { id: 1001, name: "Anna" },
    reason: null,
    message: { chat_id: 5, message_id: 7 },
    place: { chat_id: 5, reply_to: 7, message_id: null },
  };
}

const prepared = {
  sha256: "a".repeat(64),
  bytes: 3,
  temporary: "/config/.fees.yml.01234567.airlock-tmp",
  own_copy: `fees.${"a".repeat(64)}.01234567.yml`,
  after_revision: 4,
};

async function journalPath(): Promise<string> {
  return join(await temporaryFolder(), "journal.jsonl");
}

async function open(path: string): Promise<LocalJournal> {
  return openJournal(path, (what, error) => {
    throw new Error(what, { cause: error });
  });
}

test("what has begun and not ended is unfinished at the next start, with the last that is known of it", async () => {
  const path = await journalPath();
  const journal = await open(path);
  expect(journal.unfinished).toEqual([]);
  await journal.began(upload("one"));
  await journal.began(upload("two"));
  const place = { chat_id: 6, reply_to: 7, message_id: 8 };
  journal.shown("two", place);
  await journal.prepared("two", prepared);
  journal.ended("one");
  await journal.close();
  const { unfinished } = await open(path);
  expect(unfinished).toEqual([{ upload: upload("two"), at: expect.any(String), prepared, place }]);
});

test("a document that was delivered and not handled is there at the next start, once marked as tried", async () => {
  const path = await journalPath();
  const journal = await open(path);
  const delivery = { update_id: 1, message: { text: "ü\n" } };
  await journal.delivered([
    { key: "a", delivery },
    { key: "b", delivery: 1 },
  ]);
  journal.handled("b");
  await journal.close();
  const second = await open(path);
  expect(second.unhandled).toEqual([{ key: "a", delivery, again: false, begun: false }]);
  await second.handlesAgain("a");
  expect((await open(path)).unhandled).toEqual([{ key: "a", delivery, again: true, begun: false }]);
});

test("a document whose upload has begun is told apart from one that nobody looked at, whichever bot it was sent to", async () => {
  const path = await journalPath();
  const journal = await open(path);
  const message = { chat_id: 5, message_id: 7, bot_id: 1 };
  await journal.delivered([
    { key: "document:1:5:7", bot_id: 1, delivery: "begun" },
    { key: "document:2:5:7", bot_id: 2, delivery: "another bot's" },
  ]);
  await journal.began({ ...upload("apply:1:5:7"), message });
  journal.ended("apply:1:5:7");
  await journal.close();
  expect((await open(path)).unhandled).toMatchObject([
    { delivery: "begun", bot_id: 1, begun: true },
    { delivery: "another bot's", bot_id: 2, begun: false },
  ]);
});

test("a line from before bots were told apart is of any bot", async () => {
  const path = await journalPath();
  const at = new Date().toISOString();
  const lines = [
    { type: "ended", key: "apply:-5:7", at },
    { type: "delivered", key: "document:5:8", delivery: {} },
    { type: "began", at, ...upload("apply:5:8"), message: { chat_id: 5, message_id: 8 } },
  ];
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const journal = await open(path);
  const keys = ["apply:1:-5:7", "apply:2:-5:7", "check:1:-5:7", "document:1:5:8", "apply:1:5:9"];
  expect(keys.map((key) => journal.knows(key))).toEqual([true, true, false, true, false]);
  expect(journal.unhandled).toMatchObject([{ key: "document:5:8", begun: true }]);
});

test("what was delivered, has begun or has ended is known, over a restart, for a day", async () => {
  const path = await journalPath();
  const line = (key: string, ageMs: number): string =>
    `${JSON.stringify({ type: "ended", key, at: new Date(Date.now() - ageMs).toISOString() })}\n`;
  await writeFile(path, line("old", dayMs + 1000) + line("young", dayMs - 60_000));
  const journal = await open(path);
  await journal.began(upload("begun"));
  await journal.delivered([{ key: "delivered", delivery: {} }]);
  const again = await open(path);
  expect(["old", "young", "begun", "delivered", "never"].filter((key) => again.knows(key))).toEqual(
    ["young", "begun", "delivered"],
  );
});

test("a line that a crash cut short is skipped, and the next one is whole", async () => {
  const path = await journalPath();
  const journal = await open(path);
  await journal.began(upload("one"));
  await appendFile(path, '{"type":"ended","key":"on');
  const second = await open(path);
  expect(second.unfinished).toHaveLength(1);
  await second.began(upload("two"));
  expect((await open(path)).unfinished).toHaveLength(2);
});

test("what is waited for is synced, and many at once are synced together", async () => {
  const path = await journalPath();
  const journal = await open(path);
  await journal.began(upload("first"));
  resetDisk();
  await Promise.all(Array.from({ length: 50 }, (_, index) => journal.began(upload(`${index}`))));
  const syncs = diskCalls.filter(({ name }) => name === "sync");
  expect(syncs.map((call) => call.path)).toContain(path);
  expect(syncs.length).toBeLessThan(5);
});

test("what is waited for is synced together with what is not", async () => {
  const path = await journalPath();
  const journal = await open(path);
  await journal.began(upload("one"));
  resetDisk();
  journal.ended("one");
  await journal.began(upload("two"));
  expect(diskCalls.filter(({ name }) => name === "write")).toHaveLength(1);
  expect(diskCalls).toContainEqual(expect.objectContaining({ name: "sync", path }));
});

test("nothing that is waited for resolves before its sync", async () => {
  const path = await journalPath();
  const journal = await open(path);
  const syncing = gate(({ name }) => name === "sync");
  let isDone = false;
  const done = journal.began(upload("one")).then(() => (isDone = true));
  await syncing.reached;
  expect(isDone).toBe(false);
  syncing.open();
  await done;
});

test("while the disk refuses, what is waited for is refused, and works again afterwards", async () => {
  const path = await journalPath();
  const journal = await open(path);
  const fault = failing("ENOSPC", ({ name, path: at }) => name === "write" && at === path);
  await expect(journal.began(upload("one"))).rejects.toMatchObject({
    trouble: { code: "disk_full" },
  });
  fault.stop();
  await journal.began(upload("two"));
  await journal.close();
  expect((await open(path)).unfinished.map(({ upload: { key } }) => key)).toContain("two");
});

test("what the disk refused to write is made up for once it takes lines again", async () => {
  const path = await journalPath();
  const reports: string[] = [];
  const journal = await openJournal(path, (what) => reports.push(what));
  await journal.began(upload("one"));
  const fault = failing("ENOSPC", ({ name, path: at }) => name === "write" && at === path);
  journal.ended("one");
  await journal.close();
  expect(reports).toEqual(["writing to the journal"]);
  fault.stop();
  await journal.began(upload("two"));
  await journal.close();
  expect((await open(path)).unfinished.map(({ upload: { key } }) => key)).toEqual(["two"]);
});

test("it does not grow for ever: a new file with what still matters takes its place", async () => {
  const path = await journalPath();
  const yesterday = new Date(Date.now() - 2 * dayMs).toISOString();
  const old = Array.from({ length: 6000 }, (_, index) =>
    JSON.stringify({ type: "ended", key: `old ${index}`, at: yesterday }),
  );
  await writeFile(path, `${old.join("\n")}\n`);
  const { ino } = await stat(path);
  const journal = await open(path);
  await journal.delivered([{ key: "document", delivery: { update_id: 1 } }]);
  await journal.began(upload("one"));
  await journal.prepared("one", prepared);
  await journal.close();
  expect((await stat(path)).ino).not.toBe(ino);
  expect((await readFile(path, "utf8")).split("\n").length).toBeLessThan(10);
  const again = await open(path);
  expect(again.unfinished).toMatchObject([{ upload: { key: "one" }, prepared }]);
  expect(again.unhandled).toMatchObject([{ key: "document" }]);
});

test("a document that is larger than any that Telegram hands out is not kept", async () => {
  const path = await journalPath();
  const journal = await open(path);
  await journal.delivered([{ key: "a", delivery: "x".repeat(70_000) }]);
  expect((await open(path)).unhandled).toEqual([]);
});
