// The libraries that a process loads: most of what its start costs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";
import type { Environment } from "./bot-process.ts";

/** Writes down each package that anything imports by its name, in every thread. */
const recorder = asModule(`
  import { register } from "node:module";
  register(${JSON.stringify(
    asModule(`
      import { appendFileSync } from "node:fs";
      export function resolve(name, context, next) {
        if (/^@?[a-z]/.test(name) && !name.includes(":")) {
          appendFileSync(process.env.PACKAGES_FILE, name + "\\n");
        }
        return next(name, context);
      }
    `),
  )});
`);

function asModule(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** @returns what makes a process write its packages down; those that it did, each once */
export async function recordPackages(): Promise<{
  readonly env: Environment;
  readonly packages: () => Promise<readonly string[]>;
}> {
  const file = join(await temporaryFolder(), "packages");
  return {
    env: { PACKAGES_FILE: file, NODE_OPTIONS: `--import=${recorder}` },
    async packages() {
      const names = (await readFile(file, "utf8")).trimEnd().split("\n");
      return [...new Set(names)].toSorted();
    },
  };
}
