// What is counted for each config. Every series is there from the start with 0, so that a rate over a first failure is right.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ConfigId } from "../model/config-id.ts";
import type { Spread } from "../model/machine.ts";
import {
  outcomeKinds,
  uploadStages,
  uploadSteps,
  type UploadEvent,
} from "../model/upload-event.ts";

/** For what a change waits. */
const pendingKinds = ["approval", "confirm", "keep", "schedule"] as const;

/** Why a change was taken back. */
const revertCauses = ["keep", "service", "guard", "person"] as const;

// From the fastest replacement on a good disk (0.3 ms) to a wait behind many others. Validation may take as long as
// DOWNLOAD_SECONDS and VALIDATION_SECONDS together, 70 s by default.
const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
];

export interface ConfigSeries {
  /** Exports the series of configs that came later, from 0. */
  manage(configIds: readonly ConfigId[]): void;
  /** Counts one step of one upload. Never throws. */
  observe(event: UploadEvent): void;
  /** The revision that is live now, and when it became so (milliseconds since 1970). */
  revision(configId: ConfigId, revision: number, atMs: number): void;
  frozen(configId: ConfigId, isFrozen: boolean): void;
  /** Whether the live file differs from the newest revision. */
  drift(configId: ConfigId, isDrifting: boolean): void;
  /** So many changes of this config wait at this moment. */
  pending(configId: ConfigId, kind: (typeof pendingKinds)[number], count: number): void;
  /** Whether the service took the last change, or was never asked. */
  serviceOk(configId: ConfigId, isOk: boolean): void;
  /** How far the newest revision has come over the machines that follow the store. */
  machines(configId: ConfigId, spread: Spread): void;
  /** A change was taken back by its rules, or by a person while they could. */
  reverted(configId: ConfigId, cause: (typeof revertCauses)[number]): void;
}

export function createConfigSeries(
  registry: Registry,
  configIds: readonly ConfigId[],
): ConfigSeries {
  const { counter, gauge, histogram } = perConfig(registry);
  const stageDurations = histogram({
    name: "config_upload_duration_seconds",
    help: "Time per stage of an upload: validation (with the download), locked_section (with the wait).",
    labels: ["stage"],
  });
  const stepDurations = histogram({
    name: "config_upload_step_duration_seconds",
    help: "Time per step of an upload.",
    labels: ["step"],
  });
  const uploads = counter({
    name: "config_uploads_total",
    help: "Uploads that have ended, by outcome.",
    labels: ["outcome"],
  });
  const waiting = gauge({
    name: "config_lock_waiting",
    help: "Uploads that wait for the config's lock now.",
  });
  const revisions = gauge({
    name: "config_revision",
    help: "Number of the revision that is live; 0 where there is none yet.",
  });
  const lastChanges = gauge({
    name: "config_last_change_timestamp_seconds",
    help: "When the live revision became live, in seconds since 1970; 0 where there is none yet.",
  });
  const frozen = gauge({
    name: "config_frozen",
    help: "1 while every change of the config is refused, 0 otherwise.",
  });
  const drift = gauge({
    name: "config_drift",
    help: "1 while the live file differs from the newest revision, 0 otherwise.",
  });
  const serviceOk = createServiceSeries(registry);
  const pending = gauge({
    name: "config_pending",
    help: "Changes that wait: for approval, for a typed confirmation, for Keep, for their time.",
    labels: ["kind"],
  });
  const reverts = counter({
    name: "config_reverts_total",
    help: "Changes that were taken back: nobody kept them, the service did not take them, their guard failed, a person did.",
    labels: ["cause"],
  });
  const machines = gauge({
    name: "config_machines",
    help: "Machines that follow the store, by how far the newest revision has come there.",
    labels: ["state"],
  });
  const manage = onceEach((config_type) => {
    for (const stage of uploadStages) stageDurations.zero({ config_type, stage });
    for (const step of uploadSteps) stepDurations.zero({ config_type, step });
    for (const outcome of outcomeKinds) uploads.inc({ config_type, outcome }, 0);
    for (const each of [waiting, revisions, lastChanges, frozen, drift]) {
      each.set({ config_type }, 0);
    }
    serviceOk(config_type, true);
    for (const kind of pendingKinds) pending.set({ config_type, kind }, 0);
    for (const cause of revertCauses) reverts.inc({ config_type, cause }, 0);
  });
  manage(configIds);
  return {
    manage,
    observe(event) {
      const config_type = event.configId;
      switch (event.kind) {
        case "step_ended":
          stepDurations.observe({ config_type, step: event.step }, event.durationMs / 1000);
          return;
        case "stage_ended":
          stageDurations.observe({ config_type, stage: event.stage }, event.durationMs / 1000);
          return;
        case "lock_wait_began":
          waiting.inc({ config_type });
          return;
        case "lock_wait_ended":
          waiting.dec({ config_type });
          return;
        case "began":
        case "lock_acquired":
        case "lock_released":
          // Only the log tells these; their times are in the steps.
          return;
        case "finished":
          uploads.inc({ config_type, outcome: event.outcome });
          return;
        default:
          event satisfies never;
      }
    },
    machines(config_type, { live, others }) {
      const count = (state: "failed" | "unseen"): number =>
        others.filter((each) => each.state === state).length;
      const [failed, unseen] = [count("failed"), count("unseen")];
      // Fetched or written is not live yet.
      const behind = others.length - failed - unseen;
      for (const [state, value] of Object.entries({ live, behind, failed, unseen }))
        machines.set({ config_type, state }, value);
    },
    pending: (config_type, kind, count) => pending.set({ config_type, kind }, count),
    serviceOk,
    reverted(config_type, cause) {
      reverts.inc({ config_type, cause });
      // What its service did not take ends as that itself.
      if (cause !== "service") uploads.inc({ config_type, outcome: "reverted" });
    },
    revision(config_type, revision, atMs) {
      revisions.set({ config_type }, revision);
      lastChanges.set({ config_type }, atMs / 1000);
    },
    frozen: (config_type, isFrozen) => frozen.set({ config_type }, isFrozen ? 1 : 0),
    drift: (config_type, isDrifting) => drift.set({ config_type }, isDrifting ? 1 : 0),
  };
}

/** Whether the service that reads a config took it; counted alike by the bot and by a machine that follows. */
export function createServiceSeries(registry: Registry): ConfigSeries["serviceOk"] {
  const serviceOk = perConfig(registry).gauge({
    name: "config_service_ok",
    help: "1 where the service took the last change or was never asked, 0 where it did not.",
  });
  return (config_type, isOk) => serviceOk.set({ config_type }, isOk ? 1 : 0);
}

interface Declared<Label extends string> {
  readonly name: string;
  readonly help: string;
  /** Beside the config's id. */
  readonly labels?: readonly Label[];
}

/** Declares series with a config's id as their first label. */
export function perConfig(registry: Registry) {
  function asked<Label extends string>({ name, help, labels = [] }: Declared<Label>) {
    const labelNames = ["config_type", ...labels] as const;
    return { name, help, labelNames, registers: [registry] };
  }
  return {
    counter: <Label extends string = never>(series: Declared<Label>) => new Counter(asked(series)),
    gauge: <Label extends string = never>(series: Declared<Label>) => new Gauge(asked(series)),
    histogram: <Label extends string = never>(series: Declared<Label>) =>
      new Histogram({ ...asked(series), buckets: durationBucketsSeconds }),
  };
}

/** @returns calls `begin` for each config that it had not been called for */
export function onceEach(
  begin: (configId: ConfigId) => void,
): (configIds: readonly ConfigId[]) => void {
  const known = new Set<ConfigId>();
  return (configIds) => {
    for (const id of configIds.filter((each) => !known.has(each))) {
      known.add(id);
      begin(id);
    }
  };
}
