// What a disk refuses comes out of the store's port as a Refusal: who calls the port knows nothing of the operating system.
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { Refusal } from "../../../src/model/trouble.ts";
import { openJournal } from "../../../src/store/local/journal.ts";
import { openRecordLog } from "../../../src/store/local/record-log.ts";
import { openStateStore } from "../../../src/store/local/state-store.ts";
import { failing, resetDisk } from "../../faulty-disk.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { openFixture } from "./config-fixture.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

async function refusalOf(asking: Promise<unknown>): Promise<unknown> {
  const error: unknown = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refusal)) throw new Error("not refused", { cause: error });
  // For the log, which wants the path and the system's own words.
  expect(error.cause).toMatchObject({ code: "EIO" });
  return error.trouble;
}

test("reading a config", async () => {
  const { live } = await openFixture({ content: "one\n" });
  failing("EIO", ({ name }) => name === "open");
  expect(await refusalOf(live.readLive())).toEqual({ code: "disk_error" });
});

const clean = (text: string): string => text;

test("large values", async () => {
  const store = await openStateStore(await temporaryFolder(), { clean });
  failing("EIO", () => true);
  expect(await refusalOf(store.write("a", 1))).toEqual({ code: "disk_error" });
  expect(await refusalOf(store.remove("a"))).toEqual({ code: "disk_error" });
});

test("small values", async () => {
  const folder = join(await temporaryFolder(), "small");
  const onTrouble = (): void => {};
  const store = await openRecordLog(folder, { ageMaxMs: 60_000, clean, onTrouble });
  await store.write("a", 1);
  failing("EIO", () => true);
  expect(await refusalOf(store.write("a", 2))).toEqual({ code: "disk_error" });
  expect(await refusalOf(store.remove("a"))).toEqual({ code: "disk_error" });
  expect(await store.read("a")).toBe(1);
});

test("the journal", async () => {
  const journal = await openJournal(join(await temporaryFolder(), "journal.jsonl"), () => {});
  failing("EIO", () => true);
  expect(await refusalOf(journal.handlesAgain("document:1:2"))).toEqual({ code: "disk_error" });
});
