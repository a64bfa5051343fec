// A config on this machine's disk, as the store's port asks for it.
import { sha256Of } from "../../file/read-file.ts";
import type { Candidate, CommitEnd, CommitOptions, ConfigReader, ConfigStore } from "../port.ts";
import { changeConfig } from "./change-config.ts";
import type { Journal } from "./journal.ts";
import { type LiveConfig, readLive } from "./live-config.ts";
import { findVersion, isKept, replacedBytes } from "./versions.ts";

/** For whatever looks, and changes nothing. */
function localReader(live: LiveConfig): ConfigReader {
  const { history } = live;
  return {
    config: live.config,
    get newest() {
      return history.last;
    },
    readLive: () => readLive(live),
    async find(revision) {
      const found = await findVersion(live, revision);
      if (found.kind !== "found") return found;
      const { entry, bytes } = found;
      return { kind: "found", entry, version: { bytes, sha256: entry.sha256 } };
    },
    async replacedBy(entry) {
      const bytes = await replacedBytes(live, entry);
      return bytes && { bytes, sha256: sha256Of(bytes) };
    },
    page: (newest, count) => history.page(newest, count),
    keeps: (entry) => isKept(live, entry),
    recent: history.find,
    since: history.since,
  };
}

export interface LocalConfigOptions {
  /** Where each change is written down before its first effect. */
  readonly journal: Pick<Journal, "prepared">;
  /** Newest backups kept; 0 keeps all. */
  readonly backupsMax: number;
}

/** The whole of the port. */
export function localConfig(
  live: LiveConfig,
  { journal, backupsMax }: LocalConfigOptions,
): ConfigStore {
  const reader = localReader(live);
  return {
    ...reader,
    get newest() {
      return reader.newest;
    },
    get holder() {
      return live.lock.holder;
    },
    hasMessage: live.history.hasMessage,
    commit: <Held>(candidate: Candidate, options: CommitOptions<Held>): Promise<CommitEnd<Held>> =>
      changeConfig(live, candidate, {
        ...options,
        backupsMax,
        onPrepared: (prepared) => journal.prepared(candidate.key, prepared),
      }),
    watch: live.history.watch,
  };
}
