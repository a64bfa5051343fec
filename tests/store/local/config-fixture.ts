// One config with real files in a fresh folder, and the write path on it.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "vitest";
import { listBackups } from "../../../src/store/local/backups.ts";
import type { Config } from "../../../src/model/config.ts";
import { changeConfig } from "../../../src/store/local/change-config.ts";
import type { Candidate, CommitEnd, CommitProgress, Head } from "../../../src/store/port.ts";
import { noRules } from "../../../src/model/rules.ts";
import { parseConfigId } from "../../../src/model/config-id.ts";
import type { Author, Revision } from "../../../src/model/revision.ts";
import type { LiveConfig } from "../../../src/store/local/live-config.ts";
import { openLiveConfig } from "../../../src/store/local/open-config.ts";
import type { PreparedChange } from "../../../src/store/journal-lines.ts";
import type { UnfinishedChange } from "../../../src/store/journal-state.ts";
import { versionOf } from "../../../src/model/version.ts";
import { createLocks } from "../../../src/store/lock.ts";
import { createFolders } from "../../../src/file/shared-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

export const anna: Author = { id: 1001, name: "Anna" };
export const boris: Author = { id: 1002, name: "Boris" };

interface ChangeRequest {
  readonly author?: Author;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CommitProgress) => void;
  readonly onPrepared?: (prepared: PreparedChange) => Promise<void>;
  readonly backupsMax?: number;
  readonly message?: Candidate["message"];
  readonly admit?: (head: Head | undefined) => string | undefined;
}

export interface ConfigFixture {
  readonly folder: string;
  readonly path: string;
  readonly live: LiveConfig;
  readonly troubles: readonly string[];
  change(text: string, request?: ChangeRequest): Promise<CommitEnd<string>>;
  read(): Promise<string>;
  /** The contents of all backups, oldest first. */
  backups(): Promise<readonly string[]>;
  backupNames(): Promise<readonly string[]>;
  history(): Promise<readonly Revision[]>;
  /** Everything in the live folder. */
  liveFolder(): Promise<readonly string[]>;
  ownCopies(): Promise<readonly string[]>;
  /** As after a restart. */
  reopen(unfinished?: readonly UnfinishedChange[]): Promise<ConfigFixture>;
}

export interface FixtureOptions {
  readonly id?: string;
  /** undefined for no file. */
  readonly content?: string | undefined;
  readonly folder?: string;
  readonly path?: string;
  readonly unfinished?: readonly UnfinishedChange[];
}

export async function openFixture({
  id = "fees",
  folder: given,
  path: givenPath,
  ...rest
}: FixtureOptions): Promise<ConfigFixture> {
  const folder = given ?? (await temporaryFolder());
  const configDir = join(folder, "config");
  const backupDir = join(folder, "backups");
  await mkdir(configDir, { recursive: true });
  await mkdir(backupDir, { recursive: true });
  const path = givenPath ?? join(configDir, `${id}.yml`);
  if (rest.content !== undefined) await writeFile(path, rest.content);
  const configId = parseConfigId(id);
  if (configId === undefined) throw new Error(`${id} is no config id`);
  const config: Config = {
    id: configId,
    fileName: basename(path),
    path,
    title: null,
    schema: "builtin:fees",
    rules: noRules,
  };
  const troubles: string[] = [];
  const live = await openLiveConfig(config, {
    backupDir,
    backupNames: await listBackups(backupDir),
    stateDir: join(folder, "state"),
    lockOf: createLocks(),
    openFolder: createFolders(),
    report: (what) => troubles.push(what),
    journal: { unfinished: rest.unfinished ?? [], prepared: () => Promise.resolve() },
    backupsMax: 0,
  });
  const backupNames = async (): Promise<readonly string[]> =>
    (await readdir(backupDir)).filter((name) => name.startsWith(`${id}.`)).toSorted();

  return {
    folder,
    path,
    live,
    troubles,
    change: (text, request = {}) =>
      changeConfig(
        live,
        {
          version: versionOf(Buffer.from(text)),
          key: "fixture",
          how: "upload",
          author: request.author ?? anna,
          reason: null,
          message: request.message ?? null,
        },
        {
          signal: request.signal ?? new AbortController().signal,
          onProgress: request.onProgress ?? (() => {}),
          onPrepared: request.onPrepared ?? (() => Promise.resolve()),
          admit: request.admit ?? (() => undefined),
          backupsMax: request.backupsMax ?? 100,
        },
      ),
    read: () => readFile(path, "utf8"),
    backupNames,
    async backups() {
      const names = await backupNames();
      return Promise.all(names.map((name) => readFile(join(backupDir, name), "utf8")));
    },
    async history() {
      const text = await readFile(join(folder, "state", "history", `${id}.jsonl`), "utf8");
      expect(text.endsWith("\n")).toBe(true);
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Revision);
    },
    liveFolder: () => readdir(configDir),
    ownCopies: () => readdir(join(backupDir, ".live")),
    reopen: (unfinished = []) => openFixture({ id, folder, path, unfinished }),
  };
}
