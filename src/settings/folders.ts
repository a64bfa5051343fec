// The folders that settings name: whether each can be used, and whether they are different ones. Those that are missing are made when
// all else is right.
import { accessSync, constants, lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { systemTrouble } from "../file/small-file.ts";
import type { Trouble } from "../model/trouble.ts";
import { settingRules } from "../words/setting-words.ts";
import { problemLines, type SettingProblem } from "./setting-problem.ts";

interface FolderPath {
  readonly named: string;
  readonly real: string;
}

export interface FolderCheck {
  /**
   * Notes a problem where it is no folder, or the same one that an earlier variable names.
   * @param whenMissing - whether that is a problem, or {@link makeFolders} is to make it
   * @returns its absolute path: as it was named, and with links followed where that can be done
   */
  look(variable: string, path: string, whenMissing: "refuse" | "make"): FolderPath;
}

/** Those that Airlock writes. */
export interface OwnFolders {
  readonly backupDir: string;
  readonly stateDir: string;
}

/**
 * @param workingFolder - where relative paths begin
 * @param problems - where problems are added
 */
export function createFolderCheck(workingFolder: string, problems: SettingProblem[]): FolderCheck {
  const seen: { readonly variable: string; readonly names: readonly string[] }[] = [];
  return {
    look(variable, named, whenMissing) {
      const path = resolve(workingFolder, named);
      const found = lookAt(path, whenMissing);
      const names = found.kind === "wrong" ? [path] : [path, found.path, found.identity];
      const same = seen.find((other) => other.names.some((name) => names.includes(name)));
      seen.push({ variable, names });
      const wrong = (rule: string): FolderPath => {
        problems.push({ variable, rule, got: path });
        return { named: path, real: path };
      };
      if (same !== undefined) return wrong(settingRules.otherFolder(same.variable));
      if (found.kind === "usable") return { named: path, real: found.path };
      const rule = whenMissing === "make" ? settingRules.folder : settingRules.folderThere;
      return wrong(rule(found.trouble));
    },
  };
}

/**
 * Makes the folders of backups and state where they are missing, for the process's user alone.
 * @returns one line for each that cannot be made after all
 */
export function makeFolders({ backupDir, stateDir }: OwnFolders): readonly string[] {
  const folders = [
    { variable: "BACKUP_DIR", path: backupDir },
    { variable: "STATE_DIR", path: stateDir },
  ];
  const problems = folders.flatMap(({ variable, path }): readonly SettingProblem[] => {
    try {
      makeFolder(path);
      return [];
    } catch (error) {
      return [{ variable, rule: settingRules.folder(systemTrouble(error)), got: path }];
    }
  });
  return problemLines(problems, []);
}

/**
 * Makes what is missing above it too. Not by Node's own recursive mkdir: that one never ends where a folder is there and says that it is not
 * when another is to be made in it, as /proc does.
 */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (!isThere(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `path` follows links, `identity` is the same for one folder by whatever path; a missing one has no more than its path. */
type Looked =
  | { readonly kind: "usable"; readonly path: string; readonly identity: string }
  | { readonly kind: "wrong"; readonly trouble: Trouble };

function lookAt(path: string, whenMissing: "refuse" | "make"): Looked {
  try {
    if (whenMissing === "make" && !isThere(path)) {
      const real = wouldBeMadeAt(path);
      return { kind: "usable", path: real, identity: real };
    }
    const facts = statSync(path, { bigint: true });
    if (!facts.isDirectory()) return { kind: "wrong", trouble: { code: "something_else" } };
    return { kind: "usable", path: realpathSync(path), identity: `${facts.dev}:${facts.ino}` };
  } catch (error) {
    return { kind: "wrong", trouble: systemTrouble(error) };
  }
}

/** A link that leads nowhere is there too: nothing can be made in its place. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** @throws where the nearest folder that exists takes no new one */
function wouldBeMadeAt(path: string): string {
  const parent = dirname(path);
  if (!isThere(parent)) return join(wouldBeMadeAt(parent), basename(path));
  accessSync(parent, constants.W_OK | constants.X_OK);
  return join(realpathSync(parent), basename(path));
}
