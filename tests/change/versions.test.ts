import { expect, test } from "vitest";
import { restoredRevision } from "../../src/change/versions.ts";
import type { Revision } from "../../src/model/revision.ts";

/** A history of versions `how` made, whose bytes are named by a letter. */
function historyOf(...versions: readonly (readonly [how: Revision["how"], bytes: string])[]) {
  const entries = versions.map(([how, letter], index): Revision => ({
    revision: index + 1,
    at: "2026-11-23T14:05:09.123Z",
    how,
    author: { id: 1, name: "Anna" },
    reason: null,
    sha256: letter.repeat(64),
    previous_sha256: null,
    bytes: 1,
    backup: null,
    message: null,
  }));
  const since = (revision: number) => entries.filter((entry) => entry.revision > revision);
  return (revision: number): number | null => {
    const entry = entries[revision - 1];
    if (entry === undefined) throw new Error(`there is no revision ${revision}`);
    return restoredRevision({ since }, entry);
  };
}

test("an undo took back the revision before it, a rollback went back to the one with its bytes", () => {
  const restored = historyOf(
    ["found", "a"],
    ["upload", "b"],
    ["upload", "c"],
    ["rollback", "b"],
    ["undo", "c"],
    // Back to b once more: that is still what revision 2 was, not the rollback to it.
    ["rollback", "b"],
    ["upload", "a"],
    ["upload", "c"],
    ["rollback", "a"],
  );
  expect([4, 5, 6].map(restored)).toEqual([2, 4, 2]);
  // The same bytes were uploaded again since: the newest of both is meant.
  expect(restored(9)).toBe(7);
  expect([1, 2, 7].map(restored)).toEqual([null, null, null]);
});

test("a rollback to what is not among the recent revisions names none", () => {
  expect(historyOf(["upload", "b"], ["rollback", "a"])(2)).toBeNull();
});
