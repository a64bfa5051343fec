// A config on this machine's disk, as the store's port asks for it.
import { refusing } from "../../file/disk-error.ts";
import { heldLock, holdingLock } from "../lock.ts";
import type { Candidate, CommitEnd, CommitOptions } from "../port.ts";
import { changeConfig } from "./change-config.ts";
import { decideHere } from "./decide-here.ts";
import type { LocalJournal } from "./journal.ts";
import { type LiveConfig, type LiveParts, readLive } from "./live-config.ts";
import { adoptEdit } from "./take-in-edit.ts";
import { findVersion, isKept, replacedVersion } from "./versions.ts";
import { watchLive } from "./watch-live.ts";

export interface LocalConfigOptions {
  /** Where each change is written down before its first effect. */
  readonly journal: Pick<LocalJournal, "prepared">;
  /** Newest backups kept; 0 keeps all. */
  readonly backupsMax: number;
}

/** Puts the port before these parts. */
export function localConfig(
  parts: LiveParts,
  { journal, backupsMax }: LocalConfigOptions,
): LiveConfig {
  const { history } = parts;
  return {
    ...parts,
    get newest() {
      return history.last;
    },
    get lastKept() {
      return history.lastKept;
    },
    get holder() {
      return parts.lock.holder;
    },
    readLive: () => refusing(readLive(parts)),
    find: (revision) => refusing(findVersion(parts, revision)),
    replacedBy: (entry) => refusing(replacedVersion(parts, entry)),
    page: (newest, count) => refusing(history.page(newest, count)),
    keeps: (entry) => refusing(isKept(parts, entry)),
    recent: history.find,
    since: history.since,
    hasMessage: history.hasMessage,
    commit: <Held>(candidate: Candidate, options: CommitOptions<Held>): Promise<CommitEnd<Held>> =>
      changeConfig(parts, candidate, {
        ...options,
        backupsMax,
        onPrepared: (prepared) => journal.prepared(candidate.key, prepared),
      }),
    decide: (decision) => decideHere(parts, decision),
    adopt: (sha256, by) => adoptEdit(parts, sha256, by),
    holding: (holder, waiting, act) =>
      holdingLock(parts.lock, holder, waiting, () =>
        act(localConfig({ ...parts, lock: heldLock(holder) }, { journal, backupsMax })),
      ),
    watch: history.watch,
    watchLive: (onTouched) => watchLive(parts.path, onTouched),
  };
}
