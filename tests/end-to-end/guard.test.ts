// A guarded change against a real Prometheus (Debian's package `prometheus`) where there is one; never left out in CI. A golden chat of it, against
// a Prometheus of the test's own, is in rule-chats.test.ts.
import { expect, test } from "vitest";
import { serve } from "../local-server.ts";
import { prometheusIsMissing, startPrometheus } from "../real-prometheus.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const within = { timeoutMs: 60_000 };

/** @returns its host and port, as a target for Prometheus */
async function serveMetrics(answer: (path: string) => string): Promise<string> {
  const url = await serve((request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(answer(request.url ?? "/"));
  });
  return new URL(url).host;
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

if (prometheusIsMissing) {
  process.stderr.write(
    "Left out: a guard on a real Prometheus. It needs prometheus (on Debian: apt-get install prometheus).\n",
  );
}

test.skipIf(prometheusIsMissing)(
  "a real Prometheus is asked: what passes there goes live, and what fails there goes back, also over a restart",
  async () => {
    let errors = 1;
    const service = await serveMetrics(() => `# TYPE errors gauge\nerrors{path="/a"} ${errors}\n`);
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
