// The health check of a container: asks the bot that has the same settings whether it works. Says on standard error why it does not.
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
  try {
    const answer = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(timeoutMs) });
    return answer.ok ? undefined : notHealthy(origin, answer.status);
  } catch {
    // Whatever the cause, to the container it is one thing.
    return notHealthy(origin, undefined);
  }
}
