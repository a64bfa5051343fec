import { expect, test } from "vitest";
import { valueSetBy } from "../../src/change/value-history.ts";
import type { Revision } from "../../src/model/revision.ts";
import { type Version, versionOf } from "../../src/model/version.ts";
import type { ConfigReader, LiveVersion } from "../../src/store/port.ts";
import { revisionsOf } from "./revisions-of.ts";

/** In which the value is the first letter of a version. */
const inspector = {
  findValue: (bytes: Uint8Array) => {
    const digest = String.fromCharCode(bytes[0] ?? 0);
    const found = { kind: "found", path: ["a"], shown: digest, line: 1, digest } as const;
    return Promise.resolve(found);
  },
};

/** @param live - where it is not the newest revision */
async function setBy(
  texts: readonly string[],
  { pruned = [], live }: { readonly pruned?: readonly number[]; readonly live?: string } = {},
): Promise<unknown> {
  const versions = texts.map((text) => versionOf(Buffer.from(text)));
  const entries = revisionsOf(versions);
  const kept = (revision: number): Version | undefined =>
    pruned.includes(revision) ? undefined : versions[revision - 1];
  const config = {
    newest: entries.at(-1),
    page: (newest: number, count: number) =>
      Promise.resolve(entries.slice(0, newest).toReversed().slice(0, count)),
    replacedBy: ({ revision }: Revision) => Promise.resolve(kept(revision - 1)),
    find: (revision: number) =>
      Promise.resolve({
        kind: "found",
        entry: entries[revision - 1],
        version: kept(revision),
      }),
  } as unknown as ConfigReader;
  const version = live === undefined ? versions.at(-1) : versionOf(Buffer.from(live));
  if (version === undefined) throw new Error("nothing is live");
  const now: LiveVersion = {
    ...version,
    modifiedAt: "2026-11-23T14:05:09.123Z",
    revision: live === undefined ? texts.length : undefined,
  };
  const value = await inspector.findValue(now.bytes);
  const found = await valueSetBy(config, now, "a", value, inspector);
  return found.kind === "revision" ? [found.entry.revision, found.isExact] : found.kind;
}

test("the revision that set a value is the one before which it was another", async () => {
  expect(await setBy(["a", "b1", "b2", "b3"])).toEqual([2, true]);
  expect(await setBy(["b1", "b2"])).toEqual([1, true]);
  // It was so before, and was changed and set again.
  expect(await setBy(["b1", "a", "b1"])).toEqual([3, true]);
});

test("where what was before is no longer kept, it is said not to have changed since", async () => {
  expect(await setBy(["a", "b1", "b2", "b3"], { pruned: [1, 2] })).toEqual([3, false]);
});

test("an edit by hand after the newest revision is told apart", async () => {
  expect(await setBy(["a", "b1"], { live: "c" })).toBe("on_disk");
  expect(await setBy(["a", "b1"], { live: "b2" })).toEqual([2, true]);
});

test("it is looked for in a hundred revisions, and no further", async () => {
  const many = ["a", ...Array.from({ length: 150 }, (_, index) => `b${index}`)];
  expect(await setBy(many)).toEqual([52, false]);
});
