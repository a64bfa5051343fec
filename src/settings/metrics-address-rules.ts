// What METRICS_HOST and METRICS_PORT may hold, and what they are without it. Apart from the other variables, and without zod: the health check
// needs no more of the settings, and is started every few seconds.
import { isIP } from "node:net";

export const standardMetricsHost = "127.0.0.1";
export const standardMetricsPort = "9464";
export const portMax = 65_535;

export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (/^[a-z0-9][a-z0-9.-]{0,252}$/i.test(text) && /[a-z]/i.test(text));
}

export function isWholeNumber(text: string, min: number, max: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
}
