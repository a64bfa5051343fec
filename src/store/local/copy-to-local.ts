// Takes in what another store has of one config: the way back from several machines to one. The live file is left as it is, and must be
// the newest revision already.
import { join } from "node:path";
import { errnoOf } from "../../file/disk-error.ts";
import { makeFolder, syncFolder } from "../../file/folder.ts";
import { writeNewFile } from "../../file/replace-file.ts";
import type { Config } from "../../model/config.ts";
import type { Revision } from "../../model/revision.ts";
import { versionOf } from "../../model/version.ts";
import { type CopyEnd, isKeptAt, missingRevisions, nothingToCopy } from "../copy.ts";
import type { ConfigReader } from "../port.ts";
import { makeOwnFolder } from "./backups.ts";
import type { LocalPlaces } from "./local-backing.ts";
import { openReadOnly } from "./read-only-config.ts";

/**
 * Whoever calls it holds `stateDir`. Each backup is durable before the line that names it.
 * @throws what the disk refuses, and Refusal for the source's
 */
export async function copyToLocal(
  config: Config,
  places: LocalPlaces,
  source: ConfigReader,
): Promise<CopyEnd> {
  await makeFolder(join(places.stateDir, "history"));
  await makeOwnFolder(places.backupDir);
  const here = await openReadOnly(config, places);
  const { history } = here;
  const ended = await nothingToCopy(source, history.last);
  const newest = source.newest;
  if (ended !== undefined || newest === undefined) return ended ?? { kind: "same" };
  if ((await here.readLive())?.sha256 !== newest.sha256) {
    return { kind: "not_live", newest: newest.revision };
  }
  let revisions = 0;
  let versions = 0;
  for await (const entries of missingRevisions(source, history.last?.revision ?? 0)) {
    for (const entry of entries) {
      const isKept = isKeptAt(entry.revision - 1, newest.revision, places.backupsMax);
      if (isKept && (await writeBackup(places.backupDir, entry, source))) versions += 1;
    }
    await syncFolder(places.backupDir);
    for (const { revision: _, ...entry } of entries) history.add(entry);
    await history.settle();
    revisions += entries.length;
  }
  const kept = source.lastKept;
  if (kept !== undefined && kept.kept !== history.lastKept?.kept) await history.keep(kept);
  return { kind: "copied", revisions, versions };
}

/** What this revision replaced. @returns whether it is kept */
async function writeBackup(
  folder: string,
  { revision, backup, previous_sha256: sha256 }: Revision,
  source: ConfigReader,
): Promise<boolean> {
  if (backup === null || sha256 === null) return false;
  const found = await source.find(revision - 1);
  const version = found.kind === "found" ? versionOf(found.version.bytes) : undefined;
  if (version?.sha256 !== sha256) return false;
  try {
    await writeNewFile(join(folder, backup), version.bytes);
  } catch (error) {
    // A copy that did not come to its end wrote it: what it holds is compared in the end.
    if (errnoOf(error) !== "EEXIST") throw error;
  }
  return true;
}
