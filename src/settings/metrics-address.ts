// Where `/healthz` is asked for, by whoever has the bot's settings.
import { isIPv6 } from "node:net";
import { settingRules } from "../words/setting-words.ts";
import { beginReading, linesOf, type Parsed } from "./reading.ts";
import { type Environment, variablesSchema } from "./variables.ts";

const addressVariables = variablesSchema.pick({ METRICS_HOST: true, METRICS_PORT: true });

/** Of a host that stands for all addresses, the one of this machine. */
const ownAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The address at which the bot with these settings answers, on its own machine: `http://127.0.0.1:9464`. */
export function readMetricsAddress(env: Environment, workingFolder: string): Parsed<string> {
  const reading = beginReading(addressVariables, env, workingFolder);
  const { METRICS_HOST: named, METRICS_PORT: port } = reading.values;
  if (port === 0) {
    reading.problems.push({ variable: "METRICS_PORT", rule: settingRules.ownPort, got: "0" });
  }
  const problems = linesOf(reading);
  if (problems.length > 0) return { ok: false, problems };
  const host = ownAddress[named] ?? named;
  return { ok: true, settings: `http://${isIPv6(host) ? `[${host}]` : host}:${port}` };
}
