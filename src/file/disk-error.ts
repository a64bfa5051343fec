// Turns what the operating system refused into a trouble: a value without a path in it. Paths are for the log.
import { type PlainTrouble, Refusal, type Trouble } from "../model/trouble.ts";

const codes: Readonly<Record<string, PlainTrouble>> = {
  ENOSPC: "disk_full",
  EDQUOT: "disk_quota_used_up",
  EROFS: "disk_read_only",
  EACCES: "writing_not_allowed",
  EPERM: "writing_not_allowed",
  EIO: "disk_error",
  EBUSY: "busy_mount",
  ENOENT: "something_gone",
  ENOTDIR: "folder_gone",
  EEXIST: "name_taken",
  EISDIR: "folder_in_place",
  ELOOP: "link_circle",
  EMFILE: "too_many_files_of_bot",
  ENFILE: "too_many_files_of_server",
  ESTALE: "network_disk_lost_file",
  ETIMEDOUT: "disk_timed_out",
};

/** The operating system's code, such as `ENOSPC`; undefined for any other error, which is a bug. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * Why the disk refused.
 * @returns undefined where the disk has nothing to do with it: such an error is a bug and belongs rethrown
 */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof Refusal) return error.trouble;
  const errno = errnoOf(error);
  if (errno === undefined) return undefined;
  const code = codes[errno];
  return code === undefined ? { code: "disk_refused", params: { errno } } : { code };
}

/** As {@link troubleOf}. @throws the error itself where the disk has nothing to do with it */
export function troubleOrThrow(error: unknown): Trouble {
  const trouble = troubleOf(error);
  if (trouble === undefined) throw error;
  return trouble;
}

/**
 * Waits for it.
 * @returns why the disk refused, as {@link troubleOf}; undefined where it did not
 * @throws what the disk has nothing to do with
 */
export async function troubleIn(trying: Promise<unknown>): Promise<Trouble | undefined> {
  try {
    await trying;
    return undefined;
  } catch (error) {
    return troubleOrThrow(error);
  }
}

/**
 * Waits for it, where the caller knows nothing of disks.
 * @throws Refusal for what the disk refused, with the operating system's error as its cause
 */
export async function refusing<Result>(trying: Promise<Result>): Promise<Result> {
  try {
    return await trying;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === undefined || error instanceof Refusal) throw error;
    throw new Refusal(trouble, { cause: error });
  }
}
