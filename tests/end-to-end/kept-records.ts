import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The values in one of the files of `STATE_DIR`, by key, read without the bot's own code. */
export async function keptRecords(
  stateDir: string,
  name: string,
): Promise<ReadonlyMap<string, unknown>> {
  const kept = new Map<string, unknown>();
  const text = await readFile(join(stateDir, `${name}.jsonl`), "utf8").catch(() => "");
  for (const line of text.split("\n").slice(0, -1)) {
    const { key, value } = JSON.parse(line) as { key: string; value?: unknown };
    if (value === undefined) kept.delete(key);
    else kept.set(key, value);
  }
  return kept;
}
