// What is counted and how it is called. Long: a test for each group of series, one after the other.
import { beforeEach, describe, expect, test } from "vitest";
import { parseConfigId, type ConfigId } from "../../src/model/config-id.ts";
import type { UploadEvent } from "../../src/model/upload-event.ts";
import { createMetrics, type Metrics } from "../../src/metrics/metrics.ts";

const fees = configId("fees");
const rates = configId("rates");
let metrics: Metrics;

beforeEach(() => {
  metrics = createMetrics({ configIds: [fees, rates] });
});

function configId(text: string): ConfigId {
  const id = parseConfigId(text);
  if (id === undefined) throw new Error(`${text} is no config id`);
  return id;
}

async function samples(from: Metrics = metrics): Promise<ReadonlyMap<string, number>> {
  const { body } = await from.text();
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

function observe(...events: readonly EventOfFees[]): void {
  for (const event of events) {
    metrics.observe({ configId: fees, userId: 1001, uploadId: "u1", ...event });
  }
}

type Without<T> = T extends unknown ? Omit<T, "configId" | "userId" | "uploadId"> : never;
type EventOfFees = Without<UploadEvent>;

describe("every series that can be known is there from the start with 0", () => {
  const steps = ["download", "check", "lock_wait", "backup", "replace"];
  const outcomes = [
    "applied",
    "unchanged",
    "invalid",
    "stale",
    "cancelled",
    "failed",
    "pending",
    "rejected",
    "reverted",
    "blocked",
  ];
  const methods = [
    "getMe",
    "getUpdates",
    "deleteWebhook",
    "getFile",
    "download",
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "editMessageText",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
    "setMyCommands",
    "deleteMyCommands",
    "other",
  ];
  const expected: readonly string[] = [
    ...["fees", "rates"].flatMap((id) => [
      ...["validation", "locked_section"].flatMap((stage) =>
        histogram("config_upload_duration_seconds", `config_type="${id}",stage="${stage}"`),
      ),
      ...steps.flatMap((step) =>
        histogram("config_upload_step_duration_seconds", `config_type="${id}",step="${step}"`),
      ),
      ...outcomes.map((kind) => `config_uploads_total{config_type="${id}",outcome="${kind}"}`),
      `config_lock_waiting{config_type="${id}"}`,
      `config_revision{config_type="${id}"}`,
      `config_last_change_timestamp_seconds{config_type="${id}"}`,
      `config_frozen{config_type="${id}"}`,
      `config_drift{config_type="${id}"}`,
      `config_service_ok{config_type="${id}"}`,
      ...["approval", "confirm", "keep", "schedule"].map(
        (kind) => `config_pending{config_type="${id}",kind="${kind}"}`,
      ),
      ...["keep", "service", "guard", "person"].map(
        (cause) => `config_reverts_total{config_type="${id}",cause="${cause}"}`,
      ),
    ]),
    ...methods.flatMap((method) =>
      ["ok", "refused", "failed"].map(
        (outcome) => `telegram_requests_total{method="${method}",outcome="${outcome}"}`,
      ),
    ),
    ...["message", "callback_query", "other"].map(
      (kind) => `telegram_updates_total{kind="${kind}"}`,
    ),
    "access_denied_total",
    "airlock_log_lines_lost_total",
    "airlock_ready",
    ...["polling", "backup_dir", "state_dir", "config_dir", "store"].map(
      (reason) => `airlock_not_ready{reason="${reason}"}`,
    ),
  ];

  function histogram(name: string, labels: string): readonly string[] {
    const buckets = ["0.0005", "0.25", "120", "+Inf"];
    return [
      ...buckets.map((bound) => `${name}_bucket{le="${bound}",${labels}}`),
      `${name}_sum{${labels}}`,
      `${name}_count{${labels}}`,
    ];
  }

  test("as the dashboards know them", async () => {
    const found = await samples();
    expect(expected.map((series) => [series, found.get(series)])).toEqual(
      expected.map((series) => [series, series.startsWith("config_service_ok") ? 1 : 0]),
    );
  });

  test("and no series of ours beside them", async () => {
    const names = [...(await samples()).keys()].filter(
      (series) => !/^(process|nodejs)_/.test(series) && !series.includes("_bucket{"),
    );
    expect(new Set(names)).toEqual(
      new Set([
        ...expected.filter((series) => !series.includes("_bucket{")),
        "catalog_last_reload_successful",
        "catalog_last_reload_success_timestamp_seconds",
      ]),
    );
  });
});

test("a catalog that was refused shows until one is taken, and configs that come later have their series", async () => {
  const name = "catalog_last_reload_successful";
  expect((await samples()).get(name)).toBe(1);
  metrics.catalogRead(false);
  expect((await samples()).get(name)).toBe(0);
  metrics.catalogRead(true);
  expect((await samples()).get(name)).toBe(1);
  metrics.observe({
    configId: fees,
    userId: 1,
    uploadId: "u",
    kind: "finished",
    outcome: "applied",
    durationMs: 1,
  });
  metrics.manage([fees, configId("limits")]);
  const found = await samples();
  expect(found.get('config_uploads_total{config_type="limits",outcome="failed"}')).toBe(0);
  expect(found.get('config_uploads_total{config_type="fees",outcome="applied"}')).toBe(1);
});

test("why the bot is not ready is shown by its reasons, until it is ready", async () => {
  const shown = async (): Promise<unknown> =>
    [...(await samples())].filter(([series]) => /^airlock_(not_)?ready/u.test(series));
  const zeros = ["backup_dir", "state_dir", "config_dir", "store"].map((reason) => [
    `airlock_not_ready{reason="${reason}"}`,
    0,
  ]);
  metrics.ready(["polling"]);
  expect(await shown()).toEqual([
    ["airlock_ready", 0],
    ['airlock_not_ready{reason="polling"}', 1],
    ...zeros,
  ]);
  metrics.ready([]);
  expect(await shown()).toEqual([
    ["airlock_ready", 1],
    ['airlock_not_ready{reason="polling"}', 0],
    ...zeros,
  ]);
});

test("the process itself is measured", async () => {
  const found = await samples();
  expect(found.get("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
  expect(found.has("process_cpu_seconds_total")).toBe(true);
  expect(found.has("nodejs_eventloop_lag_seconds")).toBe(true);
});

test("the text is in the Prometheus format, with help and type", async () => {
  const { contentType, body } = await metrics.text();
  expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(body).toContain("# TYPE config_upload_duration_seconds histogram\n");
  expect(body).toContain("# TYPE config_uploads_total counter\n");
  expect(body).toContain("# TYPE config_lock_waiting gauge\n");
});

describe("an upload is counted", () => {
  test("its step in seconds, in the bucket it belongs to", async () => {
    observe({ kind: "step_ended", step: "replace", durationMs: 3 });
    const found = await samples();
    const name = "config_upload_step_duration_seconds";
    const labels = 'config_type="fees",step="replace"';
    expect(found.get(`${name}_sum{${labels}}`)).toBe(0.003);
    expect(found.get(`${name}_bucket{le="0.0025",${labels}}`)).toBe(0);
    expect(found.get(`${name}_bucket{le="0.005",${labels}}`)).toBe(1);
    expect(found.get(`${name}_count{config_type="fees",step="backup"}`)).toBe(0);
  });
  test("its stage in seconds", async () => {
    observe({ kind: "stage_ended", stage: "validation", durationMs: 70_000 });
    const found = await samples();
    const name = "config_upload_duration_seconds";
    const labels = 'config_type="fees",stage="validation"';
    expect(found.get(`${name}_sum{${labels}}`)).toBe(70);
    expect(found.get(`${name}_bucket{le="60",${labels}}`)).toBe(0);
    expect(found.get(`${name}_bucket{le="120",${labels}}`)).toBe(1);
  });
  test("its waiting for the lock, while it lasts", async () => {
    const series = 'config_lock_waiting{config_type="fees"}';
    observe({ kind: "lock_wait_began" }, { kind: "lock_wait_began" });
    expect((await samples()).get(series)).toBe(2);
    observe({ kind: "lock_wait_ended" }, { kind: "lock_acquired" });
    expect((await samples()).get(series)).toBe(1);
    observe({ kind: "lock_released", durationMs: 1 }, { kind: "lock_wait_ended" });
    expect((await samples()).get(series)).toBe(0);
  });
  test("its outcome, for its own config only", async () => {
    observe({ kind: "finished", outcome: "stale", durationMs: 5 });
    const counted = [...(await samples())].filter(
      ([series, value]) => /^config_(?!service_ok)/.test(series) && value > 0,
    );
    expect(counted).toEqual([['config_uploads_total{config_type="fees",outcome="stale"}', 1]]);
  });
});

test("a change that was taken back counts by its cause, and among the uploads", async () => {
  metrics.reverted(fees, "person");
  metrics.pending(fees, "keep", 1);
  const found = await samples();
  expect(found.get('config_reverts_total{config_type="fees",cause="person"}')).toBe(1);
  expect(found.get('config_reverts_total{config_type="fees",cause="keep"}')).toBe(0);
  expect(found.get('config_uploads_total{config_type="fees",outcome="reverted"}')).toBe(1);
  expect(found.get('config_pending{config_type="fees",kind="keep"}')).toBe(1);
});

test("every machine that counts is in one of four states, and one that is not done yet is behind", async () => {
  const machine = { problem: null, silentMs: 0 };
  const others = (["fetched", "written", "behind", "failed", "unseen"] as const).map((state) => ({
    ...machine,
    name: state,
    state,
  }));
  metrics.machines(fees, { live: 2, all: 7, others });
  const found = await samples();
  const counts = [...found].filter(([series]) => series.startsWith("config_machines{"));
  expect(Object.fromEntries(counts)).toEqual({
    'config_machines{config_type="fees",state="live"}': 2,
    'config_machines{config_type="fees",state="behind"}': 3,
    'config_machines{config_type="fees",state="failed"}': 1,
    'config_machines{config_type="fees",state="unseen"}': 1,
  });
});

test("a revision is shown with the second at which it became live", async () => {
  metrics.revision(rates, 7, 1_795_442_709_123);
  const found = await samples();
  expect(found.get('config_revision{config_type="rates"}')).toBe(7);
  expect(found.get('config_last_change_timestamp_seconds{config_type="rates"}')).toBe(
    1_795_442_709.123,
  );
  expect(found.get('config_revision{config_type="fees"}')).toBe(0);
});

describe("Telegram is counted", () => {
  for (const { name, method, counted } of [
    { name: "a request by its method", method: "sendMessage", counted: "sendMessage" },
    { name: "an unknown method as other", method: "sendDice", counted: "other" },
    { name: "a method named like a property as other", method: "constructor", counted: "other" },
    { name: "a forged method as other", method: 'x"} 1\nfake', counted: "other" },
  ]) {
    test(name, async () => {
      metrics.telegramRequest(method, "refused");
      const series = `telegram_requests_total{method="${counted}",outcome="refused"}`;
      const before = await samples(createMetrics({ configIds: [] }));
      const after = await samples();
      expect(after.get(series)).toBe(1);
      const names = [...after.keys()].filter((key) => key.startsWith("telegram_"));
      expect(names).toEqual([...before.keys()].filter((key) => key.startsWith("telegram_")));
    });
  }
  for (const { kind, counted } of [
    { kind: "callback_query", counted: "callback_query" },
    { kind: "poll", counted: "other" },
  ]) {
    test(`an update of the kind ${kind} as ${counted}`, async () => {
      metrics.telegramUpdate(kind);
      const found = [...(await samples())].filter(([series]) => series.startsWith("telegram_u"));
      expect(found.filter(([, value]) => value > 0)).toEqual([
        [`telegram_updates_total{kind="${counted}"}`, 1],
      ]);
    });
  }
  test("a refused person", async () => {
    metrics.accessDenied();
    expect((await samples()).get("access_denied_total")).toBe(1);
  });
});

test("two bots in one process count apart", async () => {
  const other = createMetrics({ configIds: [fees] });
  other.accessDenied();
  expect((await samples()).get("access_denied_total")).toBe(0);
});

test("the version is shown where it is told", async () => {
  const told = createMetrics({ configIds: [], version: "1.2.3" });
  expect((await samples(told)).get('airlock_build_info{version="1.2.3"}')).toBe(1);
});
