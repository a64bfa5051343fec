// Charts through the real process: pictures of a long history.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AirlockFolders } from "./airlock-folders.ts";
import { feesFile, openStage } from "./stage.ts";

/** More than are known without reading the history again. */
const revisions = 1500;
const dayMs = 24 * 60 * 60_000;

function textOf(revision: number): string {
  return feesFile(Math.round(50 + 40 * Math.sin(revision / 300) + (revision % 7)) / 100);
}

/** As a bot leaves it that keeps every backup. */
async function longHistory({ configDir, backupDir, stateDir }: AirlockFolders): Promise<void> {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const startMs = Date.now() - 300 * dayMs;
  const lines: string[] = [];
  for (let revision = 1; revision <= revisions; revision += 1) {
    const atMs = Math.round(startMs + (revision * 290 * dayMs) / revisions);
    const stamp = new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
    const before = revision === 1 ? undefined : textOf(revision - 1);
    const backup = `fees.${stamp}.${revision.toString(16).padStart(8, "0")}.yml`;
    if (before !== undefined) await writeFile(join(backupDir, backup), before);
    const id = 1001 + (revision % 3);
    lines.push(
      JSON.stringify({
        revision,
        at: new Date(atMs).toISOString(),
        how: "upload",
        author: { id, name: ["Anna", "Boris", "Carol"][id - 1001] },
        reason: null,
        sha256: sha256(textOf(revision)),
        previous_sha256: before === undefined ? null : sha256(before),
        bytes: textOf(revision).length,
        backup: before === undefined ? null : backup,
        message: null,
      }),
    );
  }
  await mkdir(join(stateDir, "history"), { recursive: true });
  await writeFile(join(stateDir, "history", "fees.jsonl"), `${lines.join("\n")}\n`);
  await writeFile(join(configDir, "fees.yml"), textOf(revisions));
}

test("a long history is one picture that Telegram takes", async () => {
  const { server, anna } = await openStage({
    env: { BACKUP_KEEP: "0" },
    prepare: async (folders) => {
      await mkdir(folders.backupDir, { recursive: true });
      await longHistory(folders);
    },
  });
  anna.send("/chart_fees maker_percent");
  const message = await anna.waitForText(/maker_percent in fees.yml/);
  const png = server.fileBytes(message.photo?.at(-1)?.file_id ?? "");
  expect(png?.toString("latin1", 1, 4)).toBe("PNG");
  expect(png?.length).toBeLessThan(300_000);
  expect(png?.readUInt32BE(16)).toBe(1080);
  // However slow the machine is: what could not be read in time is left out, and that is told.
  expect(message.caption).toMatch(/^maker_percent in fees\.yml: [\d.]+\n\d+ changes since /);
});
