import { writeFile } from "node:fs/promises";
import { beforeEach, expect, test, vi } from "vitest";
import type { PreparedChange } from "../../../src/store/journal-lines.ts";
import type { UnfinishedChange } from "../../../src/store/journal-state.ts";
import { findInterrupted } from "../../../src/store/local/recover.ts";
import { type DiskCall, gate, resetDisk } from "../../faulty-disk.ts";
import { anna, type ConfigFixture, openFixture } from "./config-fixture.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const isTemporary = ({ path }: DiskCall): boolean => path.endsWith(".airlock-tmp");
const steps = {
  backup: ({ name, path }: DiskCall) => name === "link" && path.includes("/.live/"),
  rename: (call: DiskCall) => call.name === "rename" && isTemporary(call),
  folderSync: ({ name, path }: DiskCall) => name === "sync" && path.endsWith("/config"),
  historyLine: ({ name, path }: DiskCall) => name === "write" && path.endsWith(".jsonl"),
} as const;

/** Held for ever: what a crashed attempt has open is not collected while the tests run. */
const crashed: unknown[] = [];

/** Begins a change and never lets it past this step: what is on disk then is what a crash leaves. */
async function crashAt(
  fees: ConfigFixture,
  text: string,
  step: (call: DiskCall) => boolean,
): Promise<UnfinishedChange> {
  let prepared: PreparedChange | undefined;
  const at = new Date().toISOString();
  let arm = (): void => {};
  const reached = new Promise<void>((resolve) => {
    arm = () => {
      const held = gate(step);
      crashed.push(held);
      void held.reached.then(resolve);
    };
  });
  void fees.change(text, {
    message: { chat_id: 5, message_id: 7 },
    onPrepared: (facts) => {
      prepared = facts;
      arm();
      return Promise.resolve();
    },
  });
  await reached;
  const upload = {
    key: "apply:5:7",
    config: "fees",
    file: "fees.yml",
    how: "upload",
    author: anna,
    reason: null,
    message: { chat_id: 5, message_id: 7 },
    place: null,
  } as const;
  return { upload, at, prepared, place: null };
}

for (const { name, step, changed } of [
  { name: "before the backup", step: steps.backup, changed: false },
  { name: "between backup and rename", step: steps.rename, changed: false },
  { name: "between rename and the folder's sync", step: steps.folderSync, changed: true },
  { name: "before the line of history", step: steps.historyLine, changed: true },
]) {
  test(`a crash ${name} is told apart from a change, and nothing is left of it`, async () => {
    const fees = await openFixture({ content: "one\n" });
    const unfinished = await crashAt(fees, "two\n", step);
    const after = await fees.reopen([unfinished]);

    expect(await after.read()).toBe(changed ? "two\n" : "one\n");
    expect(await after.backups()).toEqual(changed ? ["one\n"] : []);
    expect(await after.liveFolder()).toEqual(["fees.yml"]);
    expect(await after.ownCopies()).toHaveLength(1);
    const history = await after.history();
    expect(history.map(({ revision, how }) => [revision, how])).toEqual(
      changed
        ? [
            [1, "found"],
            [2, "upload"],
          ]
        : [[1, "found"]],
    );
    if (changed) {
      expect(history[1]).toMatchObject({
        author: anna,
        previous_sha256: history[0]?.sha256,
        bytes: 4,
        backup: (await after.backupNames())[0],
        message: { chat_id: 5, message_id: 7 },
      });
    }
    // Once more, as where the admin could not be told: nothing is added.
    const again = await after.reopen([unfinished]);
    expect(await again.history()).toEqual(history);
    expect(await again.change("three\n")).toMatchObject({ kind: "applied" });
    expect(await again.backups()).toEqual(changed ? ["one\n", "two\n"] : ["one\n"]);
  });
}

test("a second crash while what a first one left is cleared away does not make a change of it", async () => {
  const fees = await openFixture({ content: "one\n" });
  const unfinished = await crashAt(fees, "two\n", steps.rename);
  const held = gate(({ name, path }) => name === "unlink" && path.endsWith(".airlock-tmp"));
  crashed.push(held, fees.reopen([unfinished]));
  await held.reached;
  const after = await fees.reopen([unfinished]);
  expect(await after.history()).toHaveLength(1);
  expect(await after.read()).toBe("one\n");
  const again = await after.reopen([unfinished]);
  expect(await again.history()).toHaveLength(1);
  expect(await again.liveFolder()).toEqual(["fees.yml"]);
});

test("an edit by hand that the interrupted change replaced gets its line too", async () => {
  const fees = await openFixture({ content: "one\n" });
  await writeFile(fees.path, "by hand\n");
  const unfinished = await crashAt(fees, "two\n", steps.historyLine);
  const after = await fees.reopen([unfinished]);
  const history = await after.history();
  expect(history.map(({ how }) => how)).toEqual(["found", "edited", "upload"]);
  const [one, byHand] = await after.backupNames();
  expect(history.map(({ backup }) => backup)).toEqual([null, one, byHand]);
  expect(await after.backups()).toEqual(["one\n", "by hand\n"]);
  expect(history[2]?.previous_sha256).toBe(history[1]?.sha256);
});

test("an edit by hand after the crash comes after the interrupted change in history", async () => {
  const fees = await openFixture({ content: "one\n" });
  const unfinished = await crashAt(fees, "two\n", steps.historyLine);
  await writeFile(fees.path, "by hand\n");
  const after = await fees.reopen([unfinished]);
  expect((await after.history()).map(({ how }) => how)).toEqual(["found", "upload", "edited"]);
  expect(await after.backups()).toEqual(["one\n", "two\n"]);
});

test("an edit by hand before the rename was reached is no change of the interrupted upload", async () => {
  const fees = await openFixture({ content: "one\n" });
  const unfinished = await crashAt(fees, "two\n", steps.rename);
  await writeFile(fees.path, "two\n");
  const after = await fees.reopen([unfinished]);
  expect((await after.history()).map(({ how }) => how)).toEqual(["found", "edited"]);
  expect(await after.backups()).toEqual(["one\n"]);
});

test("a first version that was linked into place and nothing more is in history afterwards", async () => {
  const fees = await openFixture({});
  const unfinished = await crashAt(fees, "one\n", steps.folderSync);
  const after = await fees.reopen([unfinished]);
  expect(await after.read()).toBe("one\n");
  expect(await after.liveFolder()).toEqual(["fees.yml"]);
  expect(await after.history()).toMatchObject([
    { revision: 1, how: "upload", author: anna, previous_sha256: null, backup: null },
  ]);
});

test("an attempt that ended otherwise, and was only not told, changed nothing", async () => {
  const fees = await openFixture({ content: "one\n" });
  const unfinished = await crashAt(fees, "two\n", steps.rename);
  const other = await openFixture({ content: "one\n" });
  let prepared: PreparedChange | undefined;
  const unchanged = await other.change("one\n", {
    onPrepared: (facts) => {
      prepared = facts;
      return Promise.resolve();
    },
  });
  expect(unchanged.kind).toBe("unchanged");
  const after = await other.reopen([{ ...unfinished, prepared }]);
  expect(await after.history()).toHaveLength(1);
});

test("the same change made before is not taken for the one that was interrupted", async () => {
  const fees = await openFixture({ content: "one\n" });
  const message = { chat_id: 5, message_id: 7 };
  await fees.change("two\n", { message });
  await fees.change("three\n");
  const unfinished = await crashAt(fees, "two\n", steps.rename);
  const after = await fees.reopen([unfinished]);
  expect(await after.read()).toBe("three\n");
  expect(await after.liveFolder()).toEqual(["fees.yml"]);
  expect(await findInterrupted([after.live], [unfinished])).toMatchObject([{ entry: undefined }]);
});
