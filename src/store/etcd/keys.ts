// Where everything is kept in etcd. docs/several-machines.md tells it to operators.
import type { ConfigId } from "../../model/config-id.ts";

/** The keys of one config. */
export interface ConfigKeys {
  /** The newest revision; what every commit compares and replaces. */
  readonly head: string;
  readonly revisions: string;
  readonly revision: (revision: number) => string;
  /** Of which somebody said that it stays. */
  readonly kept: (revision: number) => string;
  readonly versions: string;
  readonly version: (sha256: string) => string;
  /** There once the attempt with this key must not commit any more. */
  readonly settled: (attemptKey: string) => string;
}

export interface StoreKeys {
  /** Which bot leads, while it does. */
  readonly leader: string;
  readonly heads: string;
  readonly settled: string;
  readonly journal: string;
  readonly records: (name: string) => string;
  /** Below it the four that follow. */
  readonly machines: string;
  /** What machines report, while they live. */
  readonly reports: string;
  /** When each machine was last known to live. */
  readonly seen: string;
  /** How far a revision's way over the machines has come, of configs with `rollout`. */
  readonly rollouts: string;
  /** Edits by hand on machines, to be announced. */
  readonly edits: string;
  readonly of: (id: ConfigId) => ConfigKeys;
}

/** Digits of a revision in its key, so that keys sort as revisions do. */
const revisionDigits = 10;

function digits(revision: number): string {
  return String(revision).padStart(revisionDigits, "0");
}

/** @param prefix - ends in a slash */
export function storeKeys(prefix: string): StoreKeys {
  const heads = `${prefix}heads/`;
  const settled = `${prefix}settled/`;
  return {
    leader: `${prefix}leader`,
    heads,
    settled,
    journal: `${prefix}journal/`,
    records: (name) => `${prefix}records/${name}/`,
    machines: `${prefix}machines/`,
    reports: `${prefix}machines/reports/`,
    seen: `${prefix}machines/seen/`,
    rollouts: `${prefix}machines/rollouts/`,
    edits: `${prefix}machines/edits/`,
    of: (id) => ({
      head: `${heads}${id}`,
      revisions: `${prefix}revisions/${id}/`,
      revision: (revision) => `${prefix}revisions/${id}/${digits(revision)}`,
      kept: (revision) => `${prefix}kept/${id}/${digits(revision)}`,
      versions: `${prefix}versions/${id}/`,
      version: (sha256) => `${prefix}versions/${id}/${sha256}`,
      settled: (attemptKey) => `${settled}${attemptKey}`,
    }),
  };
}
