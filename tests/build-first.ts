// Vitest's global setup. The end-to-end tests start `dist/main.js`, and the validation worker is always the built file.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Builds once, before the first test.
 * @throws with the compiler's own words when the code does not build
 */
export async function setup(): Promise<void> {
  try {
    await promisify(execFile)("npm", ["run", "--silent", "build:dev"]);
  } catch (cause) {
    const output = cause instanceof Error && "stdout" in cause ? String(cause.stdout) : "";
    throw new Error(`the build failed\n${output}`, { cause });
  }
}
