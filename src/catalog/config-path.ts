// Where the file of a config is: in CONFIG_DIR and nowhere else, whatever links there are.
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import type { Fault } from "../model/problem.ts";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";

/** As the kernel: more links in a row are a circle. */
const linksMax = 40;

export type ConfigPath =
  /** Links followed; so that two configs with one file are seen. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "wrong"; readonly fault: Fault };

/**
 * @param configDir - absolute
 * @param file - as the catalog names it
 */
export function configPath(configDir: string, file: string): ConfigPath {
  const wrong = (fault: Fault): ConfigPath => ({ kind: "wrong", fault });
  if (file === "" || isAbsolute(file) || file.split(/[/\\]/).includes("..")) {
    return wrong({ code: "outside_config_dir" });
  }
  const name = basename(file);
  if (!/\.(?:ya?ml|json)$/.test(name)) return wrong({ code: "not_config_file_name" });
  if (name.startsWith(".")) return wrong({ code: "hidden_file" });
  const path = join(configDir, file);
  // That CONFIG_DIR itself is missing is a problem of the settings.
  if (!existsSync(configDir)) return { kind: "path", path };
  const folder = dirname(path);
  if (!existsSync(folder)) {
    return wrong({ code: "folder_missing", params: { folder: dirname(file) } });
  }
  const [real, root] = [realpathSync(folder), realpathSync(configDir)];
  if (real !== root && !real.startsWith(root + sep)) {
    return wrong({ code: "folder_leads_out", params: { folder: dirname(file) } });
  }
  if (!existsSync(path)) return { kind: "path", path: dangling(join(real, name)) };
  if (statSync(path).isDirectory()) return wrong({ code: "folder_as_file" });
  return { kind: "path", path: realpathSync(path) };
}

/**
 * Where a link leads whose target is not there yet: two configs may not meet there either. As resolveLinks of file/read-file.ts, for a
 * start that waits for nothing and a folder that may be missing too.
 */
function dangling(path: string): string {
  let current = path;
  for (let links = 0; links < linksMax && isLink(current); links += 1) {
    const next = resolve(dirname(current), readlinkSync(current));
    if (!existsSync(dirname(next))) return next;
    current = join(realpathSync(dirname(next)), basename(next));
  }
  return current;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
