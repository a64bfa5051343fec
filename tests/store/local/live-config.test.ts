import { appendFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type LiveParts,
  newLiveState,
  readLive,
  rememberBytes,
  rememberedBytes,
} from "../../../src/store/local/live-config.ts";
import { versionOf } from "../../../src/model/version.ts";
import { openFixture } from "./config-fixture.ts";

test("the file that is there at the first start is revision 1, and has an own copy", async () => {
  const fees = await openFixture({ content: "one\n" });
  expect(await fees.history()).toMatchObject([{ revision: 1, how: "found", bytes: 4 }]);
  expect(await fees.ownCopies()).toHaveLength(1);
});

test("a second start finds nothing new", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n");
  const again = await fees.reopen();
  expect(await again.history()).toHaveLength(2);
  expect(await again.backups()).toEqual(["one\n"]);
  expect(again.live.history.last?.revision).toBe(2);
});

test("an edit by hand while the bot was down is a revision of its own, and the version before is kept", async () => {
  const fees = await openFixture({ content: "one\n" });
  await writeFile(fees.path, "by hand\n");
  const again = await fees.reopen();
  const names = await again.backupNames();
  expect(await again.backups()).toEqual(["one\n"]);
  expect(await again.history()).toMatchObject([
    { revision: 1 },
    { revision: 2, how: "edited", author: null, backup: names[0] },
  ]);
});

test("the version before a file that was deleted while the bot was down is kept", async () => {
  const fees = await openFixture({ content: "one\n" });
  await rm(fees.path);
  const again = await fees.reopen();
  expect(await again.change("two\n")).toMatchObject({ kind: "applied" });
  expect(await again.backups()).toEqual(["one\n"]);
});

test("temporary files of a crash are removed, and nothing else", async () => {
  const fees = await openFixture({ content: "one\n" });
  const configDir = join(fees.folder, "config");
  const others = [".fees.yml.swp", ".rates.yml.01234567.airlock-tmp", "fees.yml.bak"];
  for (const name of [...others, ".fees.yml.01234567.airlock-tmp"]) {
    await writeFile(join(configDir, name), "half");
  }
  await fees.reopen();
  expect((await readdir(configDir)).toSorted()).toEqual([...others, "fees.yml"].toSorted());
});

test("own copies of versions that never became live are removed at the next start", async () => {
  const fees = await openFixture({ content: "one\n" });
  const stray = `fees.${"0".repeat(64)}.01234567.yml`;
  await writeFile(join(fees.folder, "backups", ".live", stray), "never live");
  await fees.reopen();
  expect(await fees.ownCopies()).not.toContain(stray);
});

test("an own copy that was damaged is made anew, not trusted", async () => {
  const fees = await openFixture({ content: "one\n" });
  const [name] = await fees.ownCopies();
  await writeFile(join(fees.folder, "backups", ".live", name ?? ""), "damaged");
  const again = await fees.reopen();
  await again.change("two\n");
  expect(await again.backups()).toEqual(["one\n"]);
});

test("a line that a crash cut short is skipped, and ended before the next one", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n");
  const path = join(fees.folder, "state", "history", "fees.jsonl");
  await appendFile(path, '{"revision":3,"at":"20');
  const again = await fees.reopen();
  expect(again.live.history.last?.revision).toBe(2);
  await again.change("three\n");
  const once = await fees.reopen();
  expect(once.live.history.last?.revision).toBe(3);
});

test("a message that brought a change is known after a restart", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n", { message: { chat_id: 5, message_id: 7 } });
  const { history } = (await fees.reopen()).live;
  expect(history.hasMessage({ chat_id: 5, message_id: 7 })).toBe(true);
  expect(history.hasMessage({ chat_id: 6, message_id: 7 })).toBe(false);
});

test("what is read names its revision, or that it was changed on disk", async () => {
  const fees = await openFixture({ content: "one\n" });
  await fees.change("two\n");
  expect(await readLive(fees.live)).toMatchObject({ revision: 2 });
  await writeFile(fees.path, "by hand\n");
  expect(await readLive(fees.live)).toMatchObject({ revision: undefined });
  await rm(fees.path);
  expect(await readLive(fees.live)).toBeUndefined();
});

test("of what became live the last three versions are remembered, but for large ones", () => {
  const parts = { state: newLiveState(undefined) } as LiveParts;
  const versions = [1, 2, 16 * 1024, 16 * 1024 + 1, 3].map((size) => versionOf(Buffer.alloc(size)));
  for (const version of versions) rememberBytes(parts, version);
  const known = versions.map(({ sha256 }) => rememberedBytes(parts, sha256)?.length);
  expect(known).toEqual([undefined, 2, 16 * 1024, undefined, 3]);
});
