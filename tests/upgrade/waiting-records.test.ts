// What 1.0.0 wrote down of changes that wait is read as it was meant, and left as it is. The folders were written by the bot of that version
// (commit 3f4a8ab), killed while Anna's change of fees.yml had one of two approvals and a value of hers was to be typed anew; Carol's upload
// was stale; Boris had a rollback and one value before him, and a change that waits for its time.
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createParkedChanges } from "../../src/change/parked-changes.ts";
import { openProposals } from "../../src/change/proposals.ts";
import { openSchedules } from "../../src/change/schedules.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const left = join(import.meta.dirname, "1.0.0", "state-dir");
const writtenMs = Date.parse("2026-11-28T11:54:03Z");
const noDeadlines = { set: () => {}, clear: () => {}, leftMs: () => undefined };

/** By its name in the folder, read without the bot's own code. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, unknown>> {
  const names = (await readdir(folder)).toSorted();
  const read = async (name: string): Promise<[string, unknown]> => [
    name,
    JSON.parse(await readFile(join(folder, name), "utf8")),
  ];
  return new Map(await Promise.all(names.map(read)));
}

/** @returns a copy to open, what is in it, and the notes among that with their bytes */
async function copyOf(name: string) {
  const folder = join(await temporaryFolder(), name);
  await cp(join(left, name), folder, { recursive: true });
  const files = await filesIn(folder);
  const notes = [...files].flatMap(([file, note]) => {
    const id = file.slice(0, -".json".length);
    const bytes = files.get(`${id}_bytes.json`);
    return typeof bytes === "string" ? [{ id, note, text: atob(bytes) }] : [];
  });
  return { folder, files, notes, store: await openStateStore(folder, { clean: (text) => text }) };
}

test("what waits for its own admin", async () => {
  const { folder, files, notes, store } = await copyOf("parked");
  const parked = createParkedChanges({
    store,
    ageMaxMs: 86_400_000,
    onGivenUp: () => expect.unreachable(),
    tellGivenUp: () => expect.unreachable(),
    onTrouble: (what, error) => {
      throw new Error(what, { cause: error });
    },
    now: () => writtenMs,
  });
  await parked.giveUpOld();
  expect(notes).toHaveLength(4);
  for (const { id, note, text } of notes) {
    const { bytes, ...read } = (await parked.read(id)) ?? {};
    expect(read).toEqual(Object(note).value);
    expect(Buffer.from(bytes ?? []).toString()).toBe(text);
  }
  expect(await parked.shownTo(1002)).toHaveLength(2);
  expect(await filesIn(folder)).toEqual(files);
});

test("what waits for others, who have approved in part", async () => {
  const { folder, files, notes, store } = await copyOf("proposals");
  const proposals = await openProposals(store, noDeadlines);
  expect(proposals.all().size).toBe(1);
  for (const { id, note, text } of notes) {
    const { bytes, ...read } = (await proposals.read(id)) ?? {};
    expect(read).toEqual(note);
    expect(Buffer.from(bytes ?? []).toString()).toBe(text);
  }
  expect(await filesIn(folder)).toEqual(files);
});

test("what waits for its time", async () => {
  const { folder, files, notes, store } = await copyOf("schedules");
  const schedules = await openSchedules(store, noDeadlines, () => writtenMs);
  expect(schedules.waiting).toEqual(notes.map(({ id, note }) => ({ id, ...Object(note) })));
  for (const schedule of schedules.waiting) {
    const bytes = await schedules.bytesOf(schedule);
    expect(Buffer.from(bytes ?? []).toString()).toBe(notes[0]?.text);
  }
  expect(await filesIn(folder)).toEqual(files);
});
