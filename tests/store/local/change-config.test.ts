// The write path on a real disk: every way in which a change can end, or meet another. Long: it is one promise, and each step of it has its
// faults.
import {
  appendFile,
  chmod,
  mkdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import type { CommitProgress } from "../../../src/store/port.ts";
import {
  before,
  buggy,
  type DiskCall,
  diskCalls,
  failing,
  gate,
  resetDisk,
} from "../../faulty-disk.ts";
import { Refusal } from "../../../src/model/trouble.ts";
import { readLive } from "../../../src/store/local/live-config.ts";
import { type Deferred, deferred } from "../../deferred.ts";
import { anna, boris, openFixture } from "./config-fixture.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const isTemporary = ({ path }: DiskCall): boolean => path.endsWith(".airlock-tmp");
const isOwnCopy = ({ path }: DiskCall): boolean => path.includes("/.live/");
const isBackup = (path: string): boolean => /\/backups\/fees\.[^/]*$/.test(path);
const isRename = (call: DiskCall): boolean => call.name === "rename" && isTemporary(call);
const isBackupLink = (call: DiskCall): boolean => call.name === "link" && isOwnCopy(call);
const isSyncOf =
  (end: string) =>
  ({ name, path }: DiskCall): boolean =>
    name === "sync" && path.endsWith(end);
const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");

test("a change replaces the file, keeps the version before, and is in history", async () => {
  const fees = await openFixture({ content: "one\n" });
  const outcome = await fees.change("two\n", { message: { chat_id: 5, message_id: 7 } });

  expect(outcome).toMatchObject({
    kind: "applied",
    entry: { revision: 2 },
    replaced: { revision: 1 },
  });
  expect(await fees.read()).toBe("two\n");
  expect(await fees.backups()).toEqual(["one\n"]);
  expect(await fees.liveFolder()).toEqual(["fees.yml"]);
  const [found, upload] = await fees.history();
  expect(found).toMatchObject({
    revision: 1,
    how: "found",
    author: null,
    previous_sha256: null,
    bytes: 4,
    backup: null,
    message: null,
  });
  expect(upload).toMatchObject({
    revision: 2,
    how: "upload",
    author: anna,
    previous_sha256: found?.sha256,
    backup: (await fees.backupNames())[0],
    message: { chat_id: 5, message_id: 7 },
  });
  expect(upload?.backup).toMatch(/^fees\.\d{8}T\d{9}Z\.[0-9a-f]+\.yml$/);
});

test("two changes of one config at once: the second backs up the first's file, after the first has ended", async () => {
  const fees = await openFixture({ content: "one\n" });
  const order: string[] = [];
  const note = (who: string) => (progress: CommitProgress) => {
    order.push(`${who} ${progress}`);
  };
  const firstSaves = gate(isRename);
  const first = fees.change("anna's\n", { author: anna, onProgress: note("anna") });
  await firstSaves.reached;
  const secondWaits = deferred();
  const second = fees.change("boris's\n", {
    author: boris,
    onProgress: (progress) => {
      note("boris")(progress);
      if (progress === "lock_wait_began") secondWaits.resolve();
    },
  });
  await secondWaits.promise;
  firstSaves.open();

  expect(await first).toMatchObject({ kind: "applied", entry: { revision: 2 } });
  expect(await second).toMatchObject({
    kind: "applied",
    entry: { revision: 3 },
    replaced: { author: anna },
  });
  expect(order.indexOf("anna lock_released")).toBeLessThan(order.indexOf("boris lock_acquired"));
  expect(await fees.backups()).toEqual(["one\n", "anna's\n"]);
  expect(await fees.read()).toBe("boris's\n");
});

test("two configs at once: one is saved while the other is in the middle of its save", async () => {
  const fees = await openFixture({ content: "one\n" });
  const rates = await openFixture({ id: "rates", folder: fees.folder, content: "uno\n" });
  const feesSave = gate(isRename);
  const feesChange = fees.change("two\n");
  await feesSave.reached;

  expect(await rates.change("due\n")).toMatchObject({ kind: "applied" });
  expect(fees.live.lock.holder).toEqual(anna);
  feesSave.open();
  expect(await feesChange).toMatchObject({ kind: "applied" });
});

for (const { name, matches, live, trouble } of [
  {
    name: "making the temporary file",
    matches: (call: DiskCall) => call.name === "open" && isTemporary(call),
    live: "old",
  },
  {
    name: "writing the temporary file",
    matches: (call: DiskCall) => call.name === "writeFile" && isTemporary(call),
    live: "old",
  },
  {
    name: "syncing the temporary file",
    matches: (call: DiskCall) => call.name === "sync" && isTemporary(call),
    live: "old",
  },
  {
    name: "writing Airlock's own copy",
    matches: (call: DiskCall) => call.name === "writeFile" && isOwnCopy(call),
    live: "old",
  },
  { name: "linking the backup", matches: isBackupLink, live: "old" },
  { name: "syncing the backup folder", matches: isSyncOf("/backups"), live: "old" },
  { name: "renaming", matches: isRename, live: "old" },
  {
    name: "syncing the live folder",
    matches: isSyncOf("/config"),
    live: "new",
    trouble: { code: "making_durable_failed", cause: { code: "disk_error" } },
  },
  {
    name: "writing history",
    matches: isSyncOf("fees.jsonl"),
    live: "new",
    trouble: { code: "writing_history_failed", cause: { code: "disk_error" } },
  },
] as const) {
  test(`when ${name} fails, the outcome says which file is live, and the next change works`, async () => {
    const fees = await openFixture({ content: "one\n" });
    const fault = failing("EIO", matches);
    const outcome = await fees.change("two\n");
    fault.stop();

    expect(outcome).toEqual({
      kind: "failed",
      live,
      trouble: trouble ?? { code: "disk_error" },
    });
    expect(fees.live.lock.holder).toBeUndefined();
    expect(await fees.read()).toBe(live === "old" ? "one\n" : "two\n");
    expect(await fees.liveFolder()).toEqual(["fees.yml"]);
    expect(await fees.backups()).toEqual(live === "old" ? [] : ["one\n"]);

    expect(await fees.change("three\n")).toMatchObject({ kind: "applied" });
    expect(await fees.read()).toBe("three\n");
    expect(await fees.backups()).toEqual(live === "old" ? ["one\n"] : ["one\n", "two\n"]);
    const revisions = (await fees.history()).map(({ revision }) => revision);
    expect(revisions).toEqual(live === "old" ? [1, 2] : [1, 2, 3]);
  });

  test(`a bug while ${name} is thrown, and the lock is free again`, async () => {
    const fees = await openFixture({ content: "one\n" });
    const bug = buggy(matches);
    await expect(fees.change("two\n")).rejects.toThrow("a planted bug");
    bug.stop();
    expect(await fees.change("three\n")).toMatchObject({ kind: "applied" });
  });
}

test("success is not said before the file, its copy, the folders and the history line are synced, in this order", async () => {
  const fees = await openFixture({ content: "one\n" });
  resetDisk();
  await fees.change("two\n");
  const steps = diskCalls
    .filter(({ name }) => ["sync", "rename", "link"].includes(name))
    .map(
      ({ name, path }) =>
        `${name} ${path.slice(fees.folder.length).replaceAll(/[0-9a-f]{8,}/g, "*")}`,
    );
  expect(steps).toEqual([
    "sync /config/.fees.yml.*.airlock-tmp",
    "sync /backups/.live/fees.*.*.yml",
    "sync /backups/.live",
    "link /backups/.live/fees.*.*.yml",
    "sync /backups",
    "rename /config/.fees.yml.*.airlock-tmp",
    "sync /config",
    "sync /state/history/fees.jsonl",
  ]);
});

test("while a history line cannot be written, the next change is refused; then both are in history", async () => {
  const fees = await openFixture({ content: "one\n" });
  const fault = failing("ENOSPC", isSyncOf("fees.jsonl"));
  expect(await fees.change("two\n")).toMatchObject({ kind: "failed", live: "new" });
  expect(await fees.change("three\n")).toEqual({
    kind: "failed",
    live: "old",
    trouble: { code: "history_cannot_be_written", cause: { code: "disk_full" } },
  });
  fault.stop();
  expect(await fees.change("three\n")).toMatchObject({ kind: "applied", entry: { revision: 3 } });
  expect((await fees.history()).map(({ revision }) => revision)).toEqual([1, 2, 3]);
});

test("the next change waits until the line of the one before is synced", async () => {
  const fees = await openFixture({ content: "one\n" });
  const historySync = gate(isSyncOf("fees.jsonl"));
  const first = fees.change("two\n");
  await historySync.reached;
  const acquired = deferred();
  const second = fees.change("three\n", {
    onProgress: (progress) => {
      if (progress === "lock_acquired") acquired.resolve();
    },
  });
  await acquired.promise;
  expect(await fees.read()).toBe("two\n");
  expect(diskCalls.filter(isRename)).toHaveLength(1);
  historySync.open();
  await first;
  expect(await second).toMatchObject({ kind: "applied", entry: { revision: 3 } });
});

test("equal bytes are unchanged: no backup, no history line", async () => {
  const fees = await openFixture({ content: "one\n" });
  expect(await fees.change("one\n")).toEqual({ kind: "unchanged" });
  expect(await fees.backups()).toEqual([]);
  expect(await fees.history()).toHaveLength(1);
  expect(await fees.ownCopies()).toHaveLength(1);
});

test("whoever stops waiting for the lock changes nothing, and the others keep their places", async () => {
  const fees = await openFixture({ content: "one\n" });
  const firstSaves = gate(isRename);
  const first = fees.change("two\n");
  await firstSaves.reached;
  const controller = new AbortController();
  const waits: Deferred[] = [deferred(), deferred()];
  const waiting = (index: number) => (progress: CommitProgress) => {
    if (progress === "lock_wait_began") waits[index]?.resolve();
  };
  const given = fees.change("never\n", { signal: controller.signal, onProgress: waiting(0) });
  await waits[0]?.promise;
  const third = fees.change("three\n", { onProgress: waiting(1) });
  await waits[1]?.promise;
  controller.abort("admin");
  expect(await given).toEqual({ kind: "cancelled", by: "admin" });
  firstSaves.open();
  expect(await first).toMatchObject({ kind: "applied" });
  expect(await third).toMatchObject({ kind: "applied", entry: { revision: 3 } });
  expect(await fees.backups()).toEqual(["one\n", "two\n"]);
  expect(await fees.liveFolder()).toEqual(["fees.yml"]);
  expect(await fees.ownCopies()).toHaveLength(1);
});

for (const { name, edit } of [
  { name: "written over in place", edit: (path: string) => writeFile(path, "by hand\n") },
  {
    name: "replaced by another file",
    edit: async (path: string) => {
      await writeFile(`${path}.new`, "by hand\n");
      await rename(`${path}.new`, path);
    },
  },
]) {
  test(`a file ${name} by hand is kept, and so is the version before it`, async () => {
    const fees = await openFixture({ content: "one\n" });
    await fees.change("two\n");
    await edit(fees.path);
    expect(await fees.change("three\n")).toMatchObject({
      kind: "applied",
      entry: { revision: 4 },
      replaced: { revision: 3, how: "edited", author: null },
    });
    expect(await fees.backups()).toEqual(["one\n", "two\n", "by hand\n"]);
    const names = await fees.backupNames();
    expect((await fees.history()).slice(2)).toMatchObject([
      { revision: 3, how: "edited", backup: names[1] },
      { revision: 4, how: "upload", backup: names[2] },
    ]);
  });
}

test("an edit in place in the last instant before the rename is kept too", async () => {
  const fees = await openFixture({ content: "one\n" });
  before(isRename, () => appendFile(fees.path, "by hand\n"));
  expect(await fees.change("two\n")).toMatchObject({ kind: "applied", entry: { revision: 3 } });
  expect(await fees.backups()).toEqual(["one\n", "one\nby hand\n"]);
  const history = await fees.history();
  expect(history.map(({ how }) => how)).toEqual(["found", "edited", "upload"]);
  expect(history[2]?.previous_sha256).toBe(history[1]?.sha256);
  const [, backup] = await fees.backupNames();
  expect(history[2]?.backup).toBe(backup);
  const step = (matches: (call: DiskCall) => boolean): number => diskCalls.findLastIndex(matches);
  const kept = step(({ name, path }) => name === "sync" && path.endsWith(`/${backup}`));
  const folder = step(isSyncOf("/backups"));
  expect(folder).toBeGreaterThan(kept);
  expect(folder).toBeLessThan(step(isSyncOf("fees.jsonl")));
});

test("so it is behind another edit by hand; what was only touched is no edit", async () => {
  const fees = await openFixture({ content: "one\n" });
  await writeFile(fees.path, "by hand\n");
  before(isRename, () => appendFile(fees.path, "again\n"));
  await fees.change("two\n");
  const history = await fees.history();
  expect(history.map(({ how }) => how)).toEqual(["found", "edited", "edited", "upload"]);
  expect(await fees.backups()).toEqual(["one\n", "by hand\n", "by hand\nagain\n"]);
  const [, ...names] = await fees.backupNames();
  expect(history.slice(2).map(({ backup }) => backup)).toEqual(names);
  before(isRename, () => utimes(fees.path, 1, 1));
  expect(await fees.change("three\n")).toMatchObject({ entry: { revision: 5 } });
});

test("where such an edit cannot be kept, that is said, and the change is in history", async () => {
  const fees = await openFixture({ content: "one\n" });
  before(isRename, () => appendFile(fees.path, "by hand\n"));
  const fault = failing("EIO", ({ name, path }) => name === "writeFile" && isBackup(path));
  expect(await fees.change("two\n")).toEqual({
    kind: "failed",
    live: "new",
    trouble: { code: "keeping_last_edit_failed", cause: { code: "disk_error" } },
  });
  fault.stop();
  expect((await fees.history()).map(({ how }) => how)).toEqual(["found", "upload"]);
});

test("the gates are told of an edit by hand as of a version without a revision", async () => {
  const fees = await openFixture({ content: "one\n" });
  const heads: unknown[] = [];
  const admit = (head: unknown): string => {
    heads.push(head);
    return "held";
  };
  await fees.change("two\n", { admit });
  await writeFile(fees.path, "by hand\n");
  await fees.change("two\n", { admit });
  expect(heads).toEqual([
    { sha256: sha256Of("one\n"), revision: 1 },
    { sha256: sha256Of("by hand\n"), revision: undefined },
  ]);
});

test("what is in place and not in history yet is read with its revision, an edit by hand before it counted; afterwards with none", async () => {
  const fees = await openFixture({ content: "one\n" });
  await writeFile(fees.path, "by hand\n");
  const inPlace = gate(isSyncOf("/config"));
  const changing = fees.change("two\n");
  await inPlace.reached;
  expect(await readLive(fees.live)).toMatchObject({ revision: 3 });
  inPlace.open();
  await changing;
  await writeFile(fees.path, "by hand again\n");
  await fees.live.adopt(sha256Of("by hand again\n"), anna);
  await writeFile(fees.path, "two\n");
  expect(await readLive(fees.live)).toMatchObject({ revision: undefined });
});

test("what is prepared is written down before anything is changed", async () => {
  const fees = await openFixture({ content: "one\n" });
  const onPrepared = (): Promise<void> => Promise.reject(new Refusal({ code: "disk_full" }));
  expect(await fees.change("two\n", { onPrepared })).toEqual({
    kind: "failed",
    live: "old",
    trouble: { code: "disk_full" },
  });
  expect(await fees.read()).toBe("one\n");
});

test("of a change that failed the own copy is removed first: alone it would mean that it is live", async () => {
  const fees = await openFixture({ content: "one\n" });
  failing("EIO", isRename);
  await fees.change("two\n");
  const removed = diskCalls.filter(({ name }) => name === "unlink").slice(-2);
  expect(removed.map((call) => [isOwnCopy(call), isTemporary(call)])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("what a failed change would have put in place is an edit by hand where somebody else does", async () => {
  const fees = await openFixture({ content: "one\n" });
  const fault = failing("EIO", isRename);
  await fees.change("two\n");
  fault.stop();
  await writeFile(fees.path, "two\n");
  expect(await readLive(fees.live)).toMatchObject({ revision: undefined });
});

test("nothing that is written over the live file reaches a backup or the version before", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n");
  await writeFile(fees.path, "scribble\n");
  expect(await fees.backups()).toEqual(["one\n"]);
  await fees.change("three\n");
  expect(await fees.backups()).toEqual(["one\n", "two\n", "scribble\n"]);
});

test("a live file that was deleted by hand is made anew, and the version before is kept", async () => {
  const fees = await openFixture({ content: "one\n" });
  await rm(fees.path);
  expect(await fees.change("two\n")).toMatchObject({ kind: "applied", entry: { revision: 2 } });
  expect(await fees.read()).toBe("two\n");
  expect(await fees.backups()).toEqual(["one\n"]);
});

test("a first version is readable by everybody, and has no backup", async () => {
  const fees = await openFixture({ content: undefined });
  expect(await fees.change("one\n")).toMatchObject({
    kind: "applied",
    entry: { revision: 1, previous_sha256: null, backup: null },
    replaced: null,
  });
  expect((await stat(fees.path)).mode & 0o777).toBe(0o644);
  expect(await fees.liveFolder()).toEqual(["fees.yml"]);
});

test("a first version never replaces a file that appeared meanwhile", async () => {
  const fees = await openFixture({ content: undefined });
  before(
    ({ name, to }) => name === "link" && to === fees.path,
    () => writeFile(fees.path, "somebody else's\n"),
  );
  expect(await fees.change("one\n")).toEqual({
    kind: "failed",
    live: "old",
    trouble: { code: "created_meanwhile" },
  });
  expect(await fees.read()).toBe("somebody else's\n");
  expect(await fees.change("one\n")).toMatchObject({ kind: "applied", replaced: { how: "found" } });
  expect(await fees.backups()).toEqual(["somebody else's\n"]);
});

for (const mode of [0o600, 0o640, 0o664, 0o444]) {
  test(`a live file with mode ${mode.toString(8)} keeps it, also when it changes while a change waits`, async () => {
    const fees = await openFixture({ content: "one\n" });
    await chmod(fees.path, mode);
    await fees.change("two\n");
    expect((await stat(fees.path)).mode & 0o7777).toBe(mode);

    const release = await fees.live.lock.acquire(boris, new AbortController().signal);
    const waiting = deferred();
    const change = fees.change("three\n", {
      onProgress: (progress) => {
        if (progress === "lock_wait_began") waiting.resolve();
      },
    });
    await waiting.promise;
    await chmod(fees.path, 0o604);
    release?.();
    await change;
    expect((await stat(fees.path)).mode & 0o7777).toBe(0o604);
  });
}

test("backups and Airlock's own copies are for the bot's user alone", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n");
  const [backup] = await fees.backupNames();
  const [own] = await fees.ownCopies();
  for (const path of [backup ?? "", join(".live", own ?? "")]) {
    expect((await stat(join(fees.folder, "backups", path))).mode & 0o077).toBe(0);
  }
});

test("where links are refused, the backup is a copy", async () => {
  const fees = await openFixture({ content: "one\n" });
  failing("EPERM", ({ name }) => name === "link");
  expect(await fees.change("two\n")).toMatchObject({ kind: "applied" });
  expect(await fees.change("three\n")).toMatchObject({ kind: "applied" });
  expect(await fees.backups()).toEqual(["one\n", "two\n"]);
});

test("where Airlock's own copy was removed, the backup is a copy of the live file", async () => {
  const fees = await openFixture({ content: "one\n" });
  await rm(join(fees.folder, "backups", ".live"), { recursive: true });
  await mkdir(join(fees.folder, "backups", ".live"));
  expect(await fees.change("two\n")).toMatchObject({ kind: "applied" });
  expect(await fees.backups()).toEqual(["one\n"]);
});

test("a BACKUP_DIR that is removed refuses changes until it is made again, empty as it is then", async () => {
  const fees = await openFixture({ content: "one\n" });
  const backupDir = join(fees.folder, "backups");
  await rm(backupDir, { recursive: true });
  expect(await fees.change("two\n")).toMatchObject({ kind: "failed", live: "old" });
  await expect(stat(backupDir)).rejects.toThrow("ENOENT");
  await mkdir(backupDir);
  expect(await fees.change("two\n")).toMatchObject({ kind: "applied" });
  expect(await fees.backups()).toEqual(["one\n"]);
  expect((await stat(join(backupDir, ".live"))).mode & 0o777).toBe(0o700);
});

test("a live file that is a link stays one, and its target is replaced", async () => {
  const { folder } = await openFixture({ content: "unused\n" });
  const target = join(folder, "elsewhere", "real.yml");
  await mkdir(join(folder, "elsewhere"));
  await writeFile(target, "one\n");
  const path = join(folder, "config", "linked.yml");
  await symlink("../elsewhere/real.yml", path);
  const linked = await openFixture({ id: "linked", folder, path });
  expect(await linked.change("two\n")).toMatchObject({ kind: "applied" });
  expect(await linked.read()).toBe("two\n");
  expect((await stat(target)).ino).toBe((await stat(path)).ino);

  const other = join(folder, "elsewhere", "other.yml");
  await writeFile(other, "other\n");
  await rm(path);
  await symlink(other, path);
  expect(await linked.change("three\n")).toMatchObject({ kind: "failed", live: "old" });
  expect(await linked.read()).toBe("other\n");
});

test("a link that is turned elsewhere while a change waits for the lock is refused", async () => {
  const { folder } = await openFixture({ content: "unused\n" });
  await writeFile(join(folder, "real.yml"), "one\n");
  await writeFile(join(folder, "other.yml"), "other\n");
  const path = join(folder, "config", "linked.yml");
  await symlink(join(folder, "real.yml"), path);
  const linked = await openFixture({ id: "linked", folder, path });
  const release = await linked.live.lock.acquire(boris, new AbortController().signal);
  const waiting = deferred();
  const change = linked.change("two\n", {
    onProgress: (progress) => {
      if (progress === "lock_wait_began") waiting.resolve();
    },
  });
  await waiting.promise;
  await rm(path);
  await symlink(join(folder, "other.yml"), path);
  release?.();
  expect(await change).toMatchObject({ kind: "failed", live: "old" });
  expect(await linked.read()).toBe("other\n");
});

test("something that is not a file is refused in plain words", async () => {
  const fees = await openFixture({ content: undefined });
  await mkdir(fees.path);
  expect(await fees.change("one\n")).toEqual({
    kind: "failed",
    live: "old",
    trouble: { code: "not_a_file" },
  });
});

test("only the newest backups are kept, and another config's are left alone", async () => {
  const fees = await openFixture({ content: "0" });
  const other = await openFixture({ id: "fees_old", folder: fees.folder, content: "x" });
  await other.change("y");
  const again = await fees.reopen();
  for (const text of ["1", "2", "3", "4"]) await again.change(text, { backupsMax: 2 });
  expect(await fees.backups()).toEqual(["2", "3"]);
  expect(await other.backups()).toEqual(["x"]);
});

test("backups sort by time even where the clock goes back", async () => {
  const fees = await openFixture({ content: "0" });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  try {
    await fees.change("1");
    vi.setSystemTime(Date.now() - 3_600_000);
    await fees.change("2");
    const again = await fees.reopen();
    await again.change("3");
    expect(await fees.backups()).toEqual(["0", "1", "2"]);
  } finally {
    vi.useRealTimers();
  }
});

test("a reader in a loop during 200 replacements never sees a torn or missing file", async () => {
  const version = (number: number): string => `${number}\n`.repeat(20_000);
  const fees = await openFixture({ content: version(0) });
  async function readOnce(): Promise<void> {
    const text = await fees.read();
    const [first] = text.split("\n", 1);
    expect(text === version(Number(first))).toBe(true);
  }
  for (let number = 1; number <= 200; number += 1) {
    // Reads are under way from before each change until after it, however fast either is.
    const changed = new AbortController();
    const changing = fees.change(version(number)).finally(() => changed.abort());
    do {
      await readOnce();
    } while (!changed.signal.aborted);
    expect(await changing).toMatchObject({ kind: "applied" });
  }
});
