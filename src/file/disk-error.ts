// Turns what the operating system refused into words for people. Paths stay out of them: they are for the log.

/**
 * Something about a file that forbids touching it, though the operating system would allow it.
 * The message is a reason in plain words that fits after "was not changed: ".
 */
export class DiskRefusal extends Error {
  override readonly name = "DiskRefusal";
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EACCES: "the bot is not allowed to write there",
  EPERM: "the bot is not allowed to write there",
  EIO: "the disk reported an error",
  EBUSY: "the file is mounted by itself, so it cannot be replaced (mount its folder instead)",
  ENOENT: "its folder or a file in it is gone",
  ENOTDIR: "its folder is gone",
  EEXIST: "something else is in its place",
  EISDIR: "a folder is in its place",
  ELOOP: "its links go round in a circle",
  EMFILE: "the bot has too many files open",
  ENFILE: "the server has too many files open",
  ESTALE: "the network disk lost the file",
  ETIMEDOUT: "the disk did not answer in time",
};

/** The operating system's code, such as `ENOSPC`; undefined for any other error, which is a bug. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * Waits for it.
 * @returns why the disk refused, as {@link diskReason}; undefined where it did not
 * @throws what the disk has nothing to do with
 */
export async function troubleOf(trying: Promise<unknown>): Promise<string | undefined> {
  try {
    await trying;
    return undefined;
  } catch (error) {
    const reason = diskReason(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/**
 * Why the disk refused, in words that fit after "was not changed: " and without a path.
 * @returns undefined where the disk has nothing to do with it: such an error is a bug and belongs rethrown
 */
export function diskReason(error: unknown): string | undefined {
  if (error instanceof DiskRefusal) return error.message;
  const code = errnoOf(error);
  if (code === undefined) return undefined;
  return reasons[code] ?? `the disk refused (${code})`;
}
