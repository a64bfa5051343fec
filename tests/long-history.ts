// Folders as a bot leaves them that has kept every backup for years.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Folders {
  readonly configDir: string;
  readonly backupDir: string;
  readonly stateDir: string;
}

const dayMs = 24 * 60 * 60_000;

/** So many revisions of fees.yml over 290 days, by three people in turn. */
export async function writeLongHistory(
  { configDir, backupDir, stateDir }: Folders,
  revisions: number,
  textOf: (revision: number) => string,
): Promise<void> {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const startMs = Date.now() - 300 * dayMs;
  for (const folder of [configDir, backupDir, join(stateDir, "history")]) {
    await mkdir(folder, { recursive: true });
  }
  const lines: string[] = [];
  for (let revision = 1; revision <= revisions; revision += 1) {
    const atMs = Math.round(startMs + (revision * 290 * dayMs) / revisions);
    const stamp = new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
    const before = revision === 1 ? undefined : textOf(revision - 1);
    const backup = `fees.${stamp}.${revision.toString(16).padStart(8, "0")}.yml`;
    // One by one, waiting for each would take ten times as long.
    if (before !== undefined) writeFileSync(join(backupDir, backup), before);
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
  await writeFile(join(stateDir, "history", "fees.jsonl"), `${lines.join("\n")}\n`);
  await writeFile(join(configDir, "fees.yml"), textOf(revisions));
}
