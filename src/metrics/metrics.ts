// What Airlock counts, in the words that dashboards rely on. Every series that can be known is there from the start with 0,
// so that a rate over a first failure is right. Labels come from closed sets only. May import the types of change/.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ConfigId } from "../model/config-id.ts";
import { machineStates, type Spread } from "../model/machine.ts";
import { type NotReadyReason, notReadyReasons } from "./readiness.ts";
import {
  outcomeKinds,
  uploadStages,
  uploadSteps,
  type UploadEvent,
} from "../model/upload-event.ts";

/** What the bot asks of Telegram. `download` is the fetching of a file; whatever is not listed counts as `other`. */
const telegramMethods = [
  "getMe",
  "getUpdates",
  "deleteWebhook",
  "getFile",
  "download",
  "sendMessage",
  "sendDocument",
  "sendChatAction",
  "editMessageText",
  "editMessageReplyMarkup",
  "answerCallbackQuery",
  "setMyCommands",
  "deleteMyCommands",
  "other",
] as const;

/** `refused`: Telegram answered with an error. `failed`: no answer came. */
const requestOutcomes = ["ok", "refused", "failed"] as const;
type RequestOutcome = (typeof requestOutcomes)[number];

/** What Telegram sends; whatever is not listed counts as `other`. */
const updateKinds = ["message", "edited_message", "callback_query", "other"] as const;

/** For what a change waits. */
const pendingKinds = ["approval", "confirm", "keep", "schedule"] as const;
type PendingKind = (typeof pendingKinds)[number];

/** Why a change was taken back. */
const revertCauses = ["keep", "service", "guard", "person"] as const;
type RevertCause = (typeof revertCauses)[number];

// From the fastest replacement on a good disk (0.3 ms) to a wait behind many others. Validation may take as long as
// DOWNLOAD_SECONDS and VALIDATION_SECONDS together, 70 s by default.
const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
];

export interface Metrics {
  /** Exports the series of configs that came later, from 0. */
  manage(configIds: readonly ConfigId[]): void;
  /** The catalog was read while the bot runs, and taken or refused. */
  catalogRead(isTaken: boolean): void;
  /** Counts one step of one upload. Never throws. */
  observe(event: UploadEvent): void;
  /** The revision that is live now, and when it became so (milliseconds since 1970). */
  revision(configId: ConfigId, revision: number, atMs: number): void;
  frozen(configId: ConfigId, isFrozen: boolean): void;
  /** Whether the live file differs from the newest revision. */
  drift(configId: ConfigId, isDrifting: boolean): void;
  /** So many changes of this config wait at this moment. */
  pending(configId: ConfigId, kind: PendingKind, count: number): void;
  /** Whether the service took the last change, or was never asked. */
  serviceOk(configId: ConfigId, isOk: boolean): void;
  /** How far the newest revision has come over the machines that follow the store. */
  machines(configId: ConfigId, spread: Spread): void;
  /** A change was taken back by its rules, or by a person while they could. */
  reverted(configId: ConfigId, cause: RevertCause): void;
  /** @param method - any text; an unknown one counts as `other` */
  telegramRequest(method: string, outcome: RequestOutcome): void;
  /** @param kind - any text, such as the key in Telegram's Update; an unknown one counts as `other` */
  telegramUpdate(kind: string): void;
  accessDenied(): void;
  /** Why the bot is not ready now; no reason where it is. */
  ready(reasons: readonly NotReadyReason[]): void;
  /** Everything in the Prometheus text format. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Metrics in a registry of their own, beside prom-client's on the process.
 * @param options.version - exported as the label of `airlock_build_info`, which is left out without it
 * @param options.logLinesLost - asked whenever the metrics are read; 0 without it
 */
export function createMetrics(options: {
  readonly configIds: readonly ConfigId[];
  readonly version?: string;
  readonly logLinesLost?: () => number;
}): Metrics {
  const registry = createProcessRegistry(options);
  const configs = createConfigSeries(registry, options.configIds);
  const telegram = createTelegramSeries(registry);
  return {
    ...configs,
    ...telegram,
    ready: createReadySeries(registry),
    catalogRead: createCatalogSeries(registry),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

/** With what every process of Airlock exports: prom-client's own series, its version, lines of the log that were lost. */
export function createProcessRegistry(options: {
  readonly version?: string;
  readonly logLinesLost?: () => number;
}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (options.version !== undefined) exportVersion(registry, options.version);
  exportLostLogLines(registry, options.logLinesLost ?? (() => 0));
  return registry;
}

function createConfigSeries(
  registry: Registry,
  configIds: readonly ConfigId[],
): Pick<
  Metrics,
  | "manage"
  | "observe"
  | "revision"
  | "frozen"
  | "drift"
  | "pending"
  | "machines"
  | "serviceOk"
  | "reverted"
> {
  const registers = [registry];
  const stageDurations = new Histogram({
    name: "config_upload_duration_seconds",
    help: "Time per stage of an upload: validation (with the download), locked_section (with the wait).",
    labelNames: ["config_type", "stage"],
    buckets: durationBucketsSeconds,
    registers,
  });
  const stepDurations = new Histogram({
    name: "config_upload_step_duration_seconds",
    help: "Time per step of an upload.",
    labelNames: ["config_type", "step"],
    buckets: durationBucketsSeconds,
    registers,
  });
  const uploads = new Counter({
    name: "config_uploads_total",
    help: "Uploads that have ended, by outcome.",
    labelNames: ["config_type", "outcome"],
    registers,
  });
  const waiting = new Gauge({
    name: "config_lock_waiting",
    help: "Uploads that wait for the config's lock now.",
    labelNames: ["config_type"],
    registers,
  });
  const revisions = new Gauge({
    name: "config_revision",
    help: "Number of the revision that is live; 0 where there is none yet.",
    labelNames: ["config_type"],
    registers,
  });
  const lastChanges = new Gauge({
    name: "config_last_change_timestamp_seconds",
    help: "When the live revision became live, in seconds since 1970; 0 where there is none yet.",
    labelNames: ["config_type"],
    registers,
  });
  const frozen = new Gauge({
    name: "config_frozen",
    help: "1 while every change of the config is refused, 0 otherwise.",
    labelNames: ["config_type"],
    registers,
  });
  const drift = new Gauge({
    name: "config_drift",
    help: "1 while the live file differs from the newest revision, 0 otherwise.",
    labelNames: ["config_type"],
    registers,
  });
  const serviceOk = new Gauge({
    name: "config_service_ok",
    help: "1 where the service took the last change or was never asked, 0 where it did not.",
    labelNames: ["config_type"],
    registers,
  });
  const pending = new Gauge({
    name: "config_pending",
    help: "Changes that wait: for approval, for a typed confirmation, for Keep, for their time.",
    labelNames: ["config_type", "kind"],
    registers,
  });
  const reverts = new Counter({
    name: "config_reverts_total",
    help: "Changes that were taken back: nobody kept them, the service did not take them, their guard failed, a person did.",
    labelNames: ["config_type", "cause"],
    registers,
  });
  const machines = new Gauge({
    name: "config_machines",
    help: "Machines that follow the store, by how far the newest revision has come there.",
    labelNames: ["config_type", "state"],
    registers,
  });
  const managed = new Set<ConfigId>();
  function manage(ids: readonly ConfigId[]): void {
    for (const config_type of ids.filter((id) => !managed.has(id))) {
      managed.add(config_type);
      for (const stage of uploadStages) stageDurations.zero({ config_type, stage });
      for (const step of uploadSteps) stepDurations.zero({ config_type, step });
      for (const outcome of outcomeKinds) uploads.inc({ config_type, outcome }, 0);
      for (const gauge of [waiting, revisions, lastChanges, frozen, drift]) {
        gauge.set({ config_type }, 0);
      }
      serviceOk.set({ config_type }, 1);
      for (const kind of pendingKinds) pending.set({ config_type, kind }, 0);
      for (const cause of revertCauses) reverts.inc({ config_type, cause }, 0);
    }
  }
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
      for (const state of machineStates) {
        const count = others.filter((each) => each.state === state).length;
        machines.set({ config_type, state }, state === "live" ? live : count);
      }
    },
    pending: (config_type, kind, count) => pending.set({ config_type, kind }, count),
    serviceOk: (config_type, isOk) => serviceOk.set({ config_type }, isOk ? 1 : 0),
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

function createCatalogSeries(registry: Registry): Metrics["catalogRead"] {
  const registers = [registry];
  const successful = new Gauge({
    name: "catalog_last_reload_successful",
    help: "Whether airlock.yml was taken when it was last read: 1, or 0 while the rules before it stay in force.",
    registers,
  });
  const successTime = new Gauge({
    name: "catalog_last_reload_success_timestamp_seconds",
    help: "When airlock.yml was last read and taken, in seconds since 1970.",
    registers,
  });
  const note: Metrics["catalogRead"] = (isTaken) => {
    successful.set(isTaken ? 1 : 0);
    if (isTaken) successTime.setToCurrentTime();
  };
  // The bot would not have started with a catalog that is wrong.
  note(true);
  return note;
}

/** What /readyz says, as series. */
export function createReadySeries(registry: Registry): Metrics["ready"] {
  const registers = [registry];
  const ready = new Gauge({
    name: "airlock_ready",
    help: "What /readyz says: 1 while the bot can do its work, 0 while it cannot.",
    registers,
  });
  const notReady = new Gauge({
    name: "airlock_not_ready",
    help: "1 for each reason why the bot is not ready.",
    labelNames: ["reason"],
    registers,
  });
  for (const reason of notReadyReasons) notReady.set({ reason }, 0);
  return (reasons) => {
    ready.set(reasons.length === 0 ? 1 : 0);
    for (const reason of notReadyReasons) {
      notReady.set({ reason }, reasons.includes(reason) ? 1 : 0);
    }
  };
}

function createTelegramSeries(
  registry: Registry,
): Pick<Metrics, "telegramRequest" | "telegramUpdate" | "accessDenied"> {
  const registers = [registry];
  const requests = new Counter({
    name: "telegram_requests_total",
    help: "Requests to Telegram that have ended: ok, refused (Telegram said no), failed (no answer).",
    labelNames: ["method", "outcome"],
    registers,
  });
  const updates = new Counter({
    name: "telegram_updates_total",
    help: "Updates received from Telegram, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const denied = new Counter({
    name: "access_denied_total",
    help: "Commands, documents and button presses of people who may not.",
    registers,
  });
  for (const method of telegramMethods) {
    for (const outcome of requestOutcomes) requests.inc({ method, outcome }, 0);
  }
  for (const kind of updateKinds) updates.inc({ kind }, 0);
  return {
    telegramRequest: (method, outcome) =>
      requests.inc({ method: knownOrOther(method, telegramMethods), outcome }),
    telegramUpdate: (kind) => updates.inc({ kind: knownOrOther(kind, updateKinds) }),
    accessDenied: () => denied.inc(),
  };
}

function knownOrOther(text: string, known: readonly string[]): string {
  return known.includes(text) ? text : "other";
}

function exportVersion(registry: Registry, version: string): void {
  const info = new Gauge({
    name: "airlock_build_info",
    help: "Always 1; the version that runs is in the label.",
    labelNames: ["version"],
    registers: [registry],
  });
  info.set({ version }, 1);
}

function exportLostLogLines(registry: Registry, linesLost: () => number): void {
  registry.registerMetric(
    new Counter({
      name: "airlock_log_lines_lost_total",
      help: "Lines of the log that could not be written to standard output.",
      registers: [],
      collect() {
        this.reset();
        this.inc(linesLost());
      },
    }),
  );
}
