import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHistory } from "../../../src/store/local/history.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const hash = "a".repeat(64);

test("old revisions are found among the lines of changes that were kept, however many there are", async () => {
  const path = join(await temporaryFolder(), "fees.jsonl");
  const lines: string[] = [];
  for (let revision = 1; revision <= 3000; revision += 1) {
    lines.push(
      JSON.stringify({
        revision,
        at: "2026-11-23T14:05:09.123Z",
        how: "upload",
        author: { id: 1001, name: "Anna" },
        reason: null,
        sha256: hash,
        previous_sha256: hash,
        bytes: 1,
        backup: null,
        message: null,
      }),
      JSON.stringify({
        kept: revision,
        at: "2026-11-23T14:06:09.123Z",
        kept_by: { id: 1002, name: "Boris" },
      }),
    );
  }
  await appendFile(path, `${lines.join("\n")}\n`);
  const history = await openHistory(path);
  expect(history.last?.revision).toBe(3000);
  expect(history.lastKept?.kept).toBe(3000);
  for (const revision of [1, 2, 777, 1500, 2400, 2999]) {
    expect((await history.get(revision))?.revision).toBe(revision);
  }
  const page = await history.page(1234, 10);
  expect(page.map((entry) => entry.revision)).toEqual(
    Array.from({ length: 10 }, (_, n) => 1234 - n),
  );
});
