// Looks for the bot's token where it must never be.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** @returns where the secret half of the token is: `output`, and files below `folder`; .env files may hold it */
export async function findLeaks(
  token: string,
  folder: string,
  output: string,
): Promise<readonly string[]> {
  const secret = token.slice(token.indexOf(":") + 1);
  const leaks = output.includes(secret) ? ["output"] : [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== ".env" && (await readFile(path)).includes(secret)) {
      leaks.push(path);
    }
  }
  return leaks;
}
