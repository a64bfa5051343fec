// What only the command line says: why a command cannot be done, with what to run instead.
import type { Config } from "../model/config.ts";
import type { Trouble } from "../model/trouble.ts";
import { troubleText } from "./trouble-words.ts";

export function noRevisions(fileName: string): string {
  return `${fileName} has no revisions yet`;
}

export function noFileYet(fileName: string): string {
  return `there is no ${fileName} yet`;
}

/** To look at. */
export function revisionNotKept({ id, fileName }: Config, revision: number): string {
  return `revision ${revision} of ${fileName} is not available: its backup is no longer kept; airlock history ${id} marks such revisions`;
}

/** To look at. @param last - the newest revision, 0 before the first. @param asked - 0 where the one before the newest was asked for */
export function noRevision({ fileName }: Config, asked: number, last: number): string {
  if (last === 0) return noRevisions(fileName);
  return asked === 0
    ? `${fileName} has no revision before this one`
    : `${fileName} has no revision ${asked}: its revisions are 1 to ${last}`;
}

/** To go back to. */
export function bytesNotKept({ fileName }: Config, revision: number): string {
  return `the backup of revision ${revision} of ${fileName} is no longer kept`;
}

/** To go back to. */
export function nothingToGoBackTo({ id, fileName }: Config, revision: number): string {
  return `${fileName} has no revision ${revision}: airlock history ${id} lists them`;
}

export function noSuchConfig(id: string, ids: readonly string[]): string {
  return `there is no config ${id}. The configs are: ${ids.join(", ")}`;
}

/** @param areSeveral - which have a file of this name; otherwise none has */
export function whichConfig(file: string, areSeveral: boolean, ids: readonly string[]): string {
  const why = areSeveral ? "several configs have" : "no config has";
  return `${file}: ${why} a file of this name. Say which config it is with --config ID: ${ids.join(", ")}`;
}

export const staleHint = "Look at it with airlock diff, or run this again with --anyway.";

export function tooManyChanges(max: number): string {
  return `you have ${max} changes in progress already`;
}

export const askedBefore = "this same change was requested before";

/** @param name - null for standard input */
export function cannotBeRead(name: string | null, trouble: Trouble): string {
  return `${name ?? "standard input"} cannot be read: ${troubleText(trouble)}`;
}

export function notChanged(fileName: string, trouble: Trouble): string {
  return `${fileName} was not changed: ${troubleText(trouble)}`;
}

export function needsRunningBot(fileName: string): string {
  return `${fileName} was not changed: other people must approve this change, and only the running bot can ask them. Start the bot, and try again.`;
}
