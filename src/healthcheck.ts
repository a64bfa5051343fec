// The health check of a container: asks the bot that has the same settings whether it works. Says on standard error why it does not.
import { get } from "node:http";
import { readMetricsAddress } from "./settings/metrics-address.ts";
import { notHealthy } from "./words/readiness-words.ts";

const timeoutMs = 4000;

const address = readMetricsAddress(process.env, process.cwd());
const trouble = address.ok ? await troubleAt(address.settings) : address.problems.join("\n");
if (trouble !== undefined) {
  process.stderr.write(`${trouble}\n`);
  process.exitCode = 1;
}

async function troubleAt(origin: string): Promise<string | undefined> {
  const status = await statusOf(`${origin}/healthz`);
  return status !== undefined && status >= 200 && status < 300
    ? undefined
    : notHealthy(origin, status);
}

/** @returns undefined where nothing answers: whatever the cause, to the container it is one thing */
function statusOf(url: string): Promise<number | undefined> {
  // Not fetch: loading that takes longer than all else here, and this is started every few seconds.
  return new Promise((resolve) => {
    get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", () => resolve(undefined));
  });
}
