// What `airlock follow` says on standard error and at /readyz, and what `airlock machines` prints: for operators.
import type { Machine } from "../model/machine.ts";
import type { Problem } from "../model/problem.ts";
import type { Trouble } from "../model/trouble.ts";
import { durationText } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { english } from "./text.ts";
import { storeDoesNotAnswer } from "./readiness-words.ts";
import { troubleText } from "./trouble-words.ts";

/** @param silentMs - undefined where it never did */
export function storeSilent(silentMs: number | undefined): string {
  if (silentMs === undefined) return "the store has not answered yet";
  return `the store has not answered for ${durationText(silentMs)}`;
}

export function heldByOtherFollower(stateDir: string): string {
  return `STATE_DIR ${stateDir} is in use by another airlock follow: stop that one first, or give this one a STATE_DIR of its own`;
}

/** Why `--once` ends with 1, after the file's name. */
export const onceReasons = {
  noAnswer: (keptOut = storeDoesNotAnswer): string => `was not written: ${keptOut}`,
  notInStore: "was not written: the store has no version of it",
  notYet: "was not written in time",
  notValid: (problems: readonly Problem[]): string => {
    const [first] = problems;
    const why = first === undefined ? "" : `: ${english(problemText(first))}`;
    return `was not written: the store's version is not valid here${why}`;
  },
  notWritten: (trouble: Trouble): string => `was not written: ${troubleText(trouble)}`,
};

export function onceLine(fileName: string, reason: string): string {
  return `${fileName} ${reason}`;
}

/** Where the files are there. @param keptOut - where it is that rather than that the store does not answer */
export function onceFromBefore(keptOut = "The store does not answer"): string {
  return `${keptOut}. The files are as they were when the store last answered.`;
}

const silent = "not seen for";

/** For the log, and the list of machines. */
export function nameShared(name: string): string {
  return `another machine reports as ${name} too: give each a MACHINE_NAME of its own`;
}

export function machineLines(machines: readonly Machine[], nowMs: number): readonly string[] {
  if (machines.length === 0) return ["No machines follow this store."];
  return machines.map(({ name, isSeen, isNameShared, lastSeenMs }) => {
    if (!isSeen) return `${name}: ${silent} ${durationText(nowMs - lastSeenMs)}`;
    return isNameShared === true ? `${name}: ${nameShared(name)}` : `${name}: seen now`;
  });
}

export function machineRemoved(name: string, isSeen: boolean): string {
  return isSeen
    ? `${name} was removed. It is still reporting, and will count again until its airlock follow is stopped.`
    : `${name} was removed.`;
}

export function machineUnknown(name: string): string {
  return `no machine is called ${name}: airlock machines lists them`;
}

export function storeRefused(trouble: Trouble): string {
  return `the machines could not be looked up: ${troubleText(trouble)}`;
}
