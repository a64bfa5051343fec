// The folder of the project, wherever the sandbox runs from: its sources under test, or what was built of them.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Has `package.json`, `config/` and the built bot in `dist/`. */
export const projectRoot = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the sandbox is outside its project");
  return findRoot(parent);
}
