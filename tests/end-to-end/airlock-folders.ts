// The folders that one Airlock works in, made fresh for a test, and what can be read in them.
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const shippedConfigs = new URL("../../config/", import.meta.url);

/** Where one Airlock works; `root` is its working folder and holds the others. */
export interface AirlockFolders {
  readonly root: string;
  readonly configDir: string;
  readonly backupDir: string;
  readonly stateDir: string;
}

/** File contents by their path within a folder. */
export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/** Fresh folders with the shipped configs, and over them `configFiles`; `rootFiles` and `rootLinks` go into the working folder. */
export async function makeFolders(
  configFiles: FileContents,
  rootFiles: FileContents,
  rootLinks: Readonly<Record<string, string>> = {},
): Promise<AirlockFolders> {
  const root = await mkdtemp(join(tmpdir(), "airlock-test-"));
  const folders = {
    root,
    configDir: join(root, "config"),
    backupDir: join(root, "backups"),
    stateDir: join(root, "state"),
  };
  await cp(shippedConfigs, folders.configDir, { recursive: true });
  await mkdir(folders.backupDir);
  await writeFiles(folders.configDir, configFiles);
  await writeFiles(root, rootFiles);
  for (const [name, target] of Object.entries(rootLinks)) await symlink(target, join(root, name));
  return folders;
}

async function writeFiles(folder: string, files: FileContents): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** The bytes of a live file. */
export async function readLive(folders: AirlockFolders, id: string): Promise<Buffer> {
  return readFile(join(folders.configDir, `${id}.yml`));
}

/** The file names of a config's backups, oldest first. */
export async function listBackups(folders: AirlockFolders, id: string): Promise<readonly string[]> {
  const names = await readdir(folders.backupDir);
  return names.filter((name) => name.startsWith(`${id}.`)).toSorted();
}

/**
 * The lines of a config's history; none where there is no file.
 * @throws for a line that is not JSON
 */
export async function readHistory(
  folders: AirlockFolders,
  id: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const folder = join(folders.stateDir, "history");
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (!names.includes(`${id}.jsonl`)) {
    return [];
  }
  const text = await readFile(join(folder, `${id}.jsonl`), "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line): Readonly<Record<string, unknown>> => ({ ...JSON.parse(line) }));
}
