// Finds out whether a file is a mount of its own, as `docker run -v file:file` makes it: nothing can be renamed over such a file.
import { readFile } from "node:fs/promises";
import { errnoOf } from "./disk-error.ts";

/** The fifth field is the mount point: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
const mountPointField = 4;

/** @param path - real and absolute. @returns false also where the system does not tell its mounts in Linux's way */
export async function isMountedAlone(path: string): Promise<boolean> {
  let mounts: string;
  try {
    mounts = await readFile("/proc/self/mountinfo", "utf8");
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
  return mounts
    .split("\n")
    .some((line) => unescaped(line.split(" ")[mountPointField] ?? "") === path);
}

/** Blanks and the like stand as three octal digits. */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
