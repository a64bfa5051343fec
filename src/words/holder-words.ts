// Who holds STATE_DIR, and what the two sides of its socket answer each other: for operators.

/** @param by - a process that does not answer, one of another version, or one of which only that it is there is known */
export function heldByOther(
  folder: string,
  by: "silent" | "other_version" | "somebody",
  pid: number | undefined,
): string {
  const process = pid === undefined ? "" : ` (process ${pid})`;
  const who = {
    silent: "a process that does not answer",
    other_version: "another version of Airlock",
    somebody: "another process",
  };
  return `STATE_DIR ${folder} is held by ${who[by]}${process}`;
}

export function heldByOtherBot(stateDir: string, pid: number): string {
  return `STATE_DIR ${stateDir} is in use by another bot (process ${pid}): stop that one first, or give this one a STATE_DIR of its own`;
}

export const heldByMany =
  "STATE_DIR keeps changing hands: too many processes are trying to hold it";

export function pathTooLong(folder: string, bytes: number, bytesMax: number): string {
  return `STATE_DIR must have a path of at most ${bytesMax} bytes on this system, got ${bytes}: ${folder}`;
}

export function requestTooLate(timeoutMs: number): string {
  return `no request came within ${timeoutMs / 1000} seconds`;
}

export function requestTooLong(bytesMax: number): string {
  return `the request is too long: at most ${bytesMax} bytes are accepted`;
}

/** @param issue - what is wrong with it, in the words of the library that looked at it */
export function unknownRequest(version: number, issue: string | undefined): string {
  const why = issue === undefined ? "" : `: ${issue}`;
  return `the request is not one that version ${version} knows${why}`;
}

export const noRequestsAnyMore = "requests are no longer accepted: run the command again";

export function botEndedFirst(configId: string): string {
  return `the bot ended before it answered: airlock history ${configId} shows whether the change was made`;
}

export function stateDirOfOther(uid: number): string {
  return `no bot is running, and STATE_DIR belongs to another user (uid ${uid}): run this as that user, or start the bot`;
}

export const stateDirClosed =
  "STATE_DIR is not open to this user: run this as the user that the bot runs as, or as root";
