// Waits for what /readyz answers. There is nothing else to wait on: readiness is only to be had by asking.
import { setTimeout as sleep } from "node:timers/promises";
import type { Airlock } from "./airlock-process.ts";

/** Soon after it is asked for, most of the time; where it takes longer, asking is not to keep the machine busy. */
const pausesMs = { first: 10, last: 160 };

export interface Readiness {
  readonly status: number;
  readonly body: string;
}

export async function readyz(airlock: Pick<Airlock, "port">): Promise<Readiness> {
  const response = await fetch(`http://127.0.0.1:${airlock.port()}/readyz`);
  return { status: response.status, body: await response.text() };
}

/** @throws with the last answer when it is not `status` within `timeoutMs` */
export async function readyzIs(
  airlock: Pick<Airlock, "port">,
  status: number,
  timeoutMs = 30_000,
): Promise<Readiness> {
  const deadlineMs = Date.now() + timeoutMs;
  let last = await readyz(airlock);
  let pauseMs = pausesMs.first;
  while (last.status !== status) {
    if (Date.now() > deadlineMs) throw new Error(`/readyz is ${last.status} ${last.body}`);
    await sleep(pauseMs);
    pauseMs = Math.min(pausesMs.last, pauseMs * 2);
    last = await readyz(airlock);
  }
  return last;
}
