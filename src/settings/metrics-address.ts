// Where `/healthz` is asked for, by whoever has the bot's settings.
import { isIPv6 } from "node:net";
import { settingRules } from "../words/setting-words.ts";
import { problemLinesOf, readGivenVariables } from "./given-variables.ts";
import {
  isHost,
  isWholeNumber,
  portMax,
  standardMetricsHost,
  standardMetricsPort,
} from "./metrics-address-rules.ts";
import type { Parsed } from "./reading.ts";
import type { SettingProblem } from "./setting-problem.ts";
import type { Environment } from "./variables.ts";

/** Of a host that stands for all addresses, the one of this machine. */
const ownAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The address at which the bot with these settings answers, on its own machine: `http://127.0.0.1:9464`. */
export function readMetricsAddress(env: Environment, workingFolder: string): Parsed<string> {
  const given = readGivenVariables(env, workingFolder);
  const { METRICS_HOST: named = standardMetricsHost, METRICS_PORT: port = standardMetricsPort } =
    given.texts;
  const wrong: SettingProblem[] = [];
  if (!isHost(named)) {
    wrong.push({ variable: "METRICS_HOST", rule: settingRules.host, got: named });
  }
  if (!isWholeNumber(port, 0, portMax)) {
    const rule = settingRules.wholeNumber(0, portMax);
    wrong.push({ variable: "METRICS_PORT", rule, got: port });
  } else if (Number(port) === 0) {
    wrong.push({ variable: "METRICS_PORT", rule: settingRules.ownPort, got: port });
  }
  const problems = problemLinesOf(given, wrong);
  if (problems.length > 0) return { ok: false, problems };
  const host = ownAddress[named] ?? named;
  return { ok: true, settings: `http://${isIPv6(host) ? `[${host}]` : host}:${Number(port)}` };
}
