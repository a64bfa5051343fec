// A guarded change, through the real process: asked before, taken back when its query fails, Keep where that is unknown. Against a tiny
// Prometheus of the test's own, and a real one (Debian's package `prometheus`) where there is one; never left out in CI.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { prometheusIsMissing, startPrometheus } from "../real-prometheus.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";
import { playChat } from "./transcript.ts";

const fees = { config_type: "fees" };
const within = { timeoutMs: 60_000 };

async function serve(answer: (path: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(answer(request.url ?? "/"));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(prometheus: string, during: string): Promise<Stage> {
  const stage = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: {
      "airlock.yml": `configs:
  fees:
    file: fees.yml
    schema: builtin:fees
    guard: { prometheus: 'http://${prometheus}', query: 'sum(errors)', fails: '> 5', during: ${during}, every: 1s }
`,
    },
  });
  // Only those who have talked to the bot can be written to.
  for (const person of [stage.anna, stage.boris]) {
    person.send("/whoami");
    await person.waitForText("Your");
  }
  return stage;
}

test("it is asked before, taken back when it fails twice, and Keep is asked for where that is unknown", async () => {
  let errors: number | undefined = 7;
  const prometheus = await serve(() =>
    JSON.stringify({
      status: "success",
      data: {
        resultType: "vector",
        result: errors === undefined ? [] : [{ metric: {}, value: [1, String(errors)] }],
      },
    }),
  );
  const stage = await open(prometheus, "6s");
  const { anna, boris, airlock, server } = stage;
  const since = anna.cursor();
  await playChat("guard", {
    server,
    people: { Anna: anna },
    ...within,
    uploads: {
      "fees.yml: maker_percent 1": feesFile(1),
      "fees.yml: maker_percent 2": feesFile(2),
      "fees.yml: maker_percent 3": feesFile(3),
    },
    replace: [
      [/\b\d\d:\d\d:\d\d UTC/g, "<clock>"],
      // A slow machine may miss one.
      [/unclear \d+ times?/g, "unclear <n> times"],
    ],
    acts: {
      "the guard fails twice": () => anna.waitForText("the guard failed", { since, ...within }),
      "the series is gone": () => (errors = undefined),
      "the guard's time is over": () => anna.waitForText("could not tell", { since, ...within }),
    },
  });
  await boris.waitForText("↩️ fees.yml went back to revision 1: the guard failed.");
  await boris.waitForText("Kept by Anna.");
  expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(3)));
  expect(await airlock.history("fees")).toMatchObject([
    { revision: 1 },
    { revision: 2, how: "upload" },
    { revision: 3, how: "reverted", author: null, reverts: 2 },
    { revision: 4, how: "upload", author: { id: 1001 } },
    { kept: 4, kept_by: { id: 1001 } },
  ]);
  expect(await airlock.metric("config_reverts_total", { ...fees, cause: "guard" })).toBe(1);
  expect(await airlock.metric("config_reverts_total", { ...fees, cause: "keep" })).toBe(0);
  const counted = (outcome: string) => airlock.metric("config_uploads_total", { ...fees, outcome });
  expect(await counted("pending")).toBe(2);
  expect(await counted("cancelled")).toBe(1);
  expect(await counted("reverted")).toBe(1);
});

if (prometheusIsMissing) {
  process.stderr.write(
    "Left out: a guard on a real Prometheus. It needs prometheus (on Debian: apt-get install prometheus).\n",
  );
}

test.skipIf(prometheusIsMissing)(
  "a real Prometheus is asked: what passes there goes live, and what fails there goes back, also over a restart",
  async () => {
    let errors = 1;
    const service = await serve(() => `# TYPE errors gauge\nerrors{path="/a"} ${errors}\n`);
    const stage = await open(
      await startPrometheus({ job: "service", target: service, until: "errors" }),
      "1h",
    );
    const { anna, boris, airlock } = stage;
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText("✅ fees.yml updated successfully!");
    await airlock.kill();
    await airlock.restart();
    expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(1)));
    errors = 9.5;
    const back = await anna.waitForText(
      "↩️ fees.yml went back to revision 1: the guard failed.",
      within,
    );
    expect(back.text).toMatch(
      /\nsum\(errors\) was 9\.5 at \d\d:\d\d:\d\d UTC and 9\.5 at \d\d:\d\d:\d\d UTC; it fails when > 5\.\n/,
    );
    expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(0)));
    boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
    await boris.waitForText("✋ fees.yml was not changed yet: its guard fails.");
    expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(0)));
  },
  120_000,
);
