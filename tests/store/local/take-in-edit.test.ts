// An edit by hand becomes a revision without being replaced.
import { writeFile } from "node:fs/promises";
import { afterEach, expect, test, vi } from "vitest";
import { failing, resetDisk } from "../../faulty-disk.ts";
import { versionOf } from "../../../src/model/version.ts";
import { boris, openFixture } from "./config-fixture.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
afterEach(resetDisk);

const hashOf = (text: string): string => versionOf(Buffer.from(text)).sha256;

test("an edit that is adopted is a revision of its own, the version before it is a backup, and the file is as it was", async () => {
  const fixture = await openFixture({ content: "one\n" });
  await writeFile(fixture.path, "by hand\n");
  const end = await fixture.live.adopt(hashOf("by hand\n"), boris);
  const [name] = await fixture.backupNames();
  expect(end).toMatchObject({
    kind: "adopted",
    entry: { revision: 2, how: "edited", author: null, previous_sha256: hashOf("one\n") },
  });
  expect((await fixture.history()).at(-1)).toMatchObject({ revision: 2, backup: name });
  expect(await fixture.backups()).toEqual(["one\n"]);
  expect(await fixture.read()).toBe("by hand\n");
  expect(await fixture.live.readLive()).toMatchObject({ revision: 2 });
});

test("a second time it is the same revision, and what replaces it backs it up once", async () => {
  const fixture = await openFixture({ content: "one\n" });
  await writeFile(fixture.path, "by hand\n");
  await fixture.live.adopt(hashOf("by hand\n"), boris);
  expect(await fixture.live.adopt(hashOf("by hand\n"), boris)).toMatchObject({
    kind: "adopted",
    entry: { revision: 2 },
  });
  expect(await fixture.change("three\n")).toMatchObject({ entry: { revision: 3 } });
  expect(await fixture.backups()).toEqual(["one\n", "by hand\n"]);
  expect(await fixture.ownCopies()).toHaveLength(1);
});

test("where something else is live, or nothing, nothing is adopted", async () => {
  const fixture = await openFixture({ content: "one\n" });
  await writeFile(fixture.path, "another\n");
  expect(await fixture.live.adopt(hashOf("by hand\n"), boris)).toEqual({ kind: "moved" });
  expect(await fixture.history()).toHaveLength(1);
  expect(await fixture.backups()).toEqual([]);
});

test("where history cannot be written it is not adopted, and with room it is, once", async () => {
  const fixture = await openFixture({ content: "one\n" });
  await writeFile(fixture.path, "by hand\n");
  const full = failing("ENOSPC", ({ name, path }) => name === "write" && /history/.test(path));
  expect(await fixture.live.adopt(hashOf("by hand\n"), boris)).toEqual({
    kind: "failed",
    trouble: { code: "disk_full" },
  });
  full.stop();
  expect(await fixture.live.adopt(hashOf("by hand\n"), boris)).toMatchObject({
    kind: "adopted",
    entry: { revision: 2 },
  });
  expect(await fixture.history()).toHaveLength(2);
});

test("an edit in place does not reach what is kept of the version before", async () => {
  const fixture = await openFixture({ content: "one\n" });
  await fixture.change("two\n");
  await writeFile(fixture.path, "by hand\n");
  await fixture.live.adopt(hashOf("by hand\n"), boris);
  await writeFile(fixture.path, "again by hand\n");
  expect(await fixture.backups()).toEqual(["one\n", "two\n"]);
  const found = await fixture.live.find(3);
  expect(found.kind === "found" && Buffer.from(found.version.bytes).toString()).toBe("by hand\n");
});

test("where Airlock's own copy of it cannot be written, what replaces it backs it up all the same", async () => {
  const fees = await openFixture({ content: "one\n" });
  await writeFile(fees.path, "by hand\n");
  const full = failing("ENOSPC", ({ name, path }) => name === "writeFile" && /\.live/.test(path));
  const { sha256 } = versionOf(Buffer.from("by hand\n"));
  expect(await fees.live.adopt(sha256, boris)).toMatchObject({ kind: "failed" });
  full.stop();
  await fees.change("two\n");
  expect(await fees.backups()).toEqual(["one\n", "by hand\n"]);
});
