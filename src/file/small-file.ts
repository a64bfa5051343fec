// Reads a small text file in one go, for a start that waits for nothing: settings, the catalog and its schemas.
import { readFileSync, statSync } from "node:fs";
import { getSystemErrorMap } from "node:util";

type SmallFile =
  | { readonly text: string }
  | { readonly text: undefined; readonly reason: string; readonly missing: boolean };

/** The text of a small file, or why there is none, in words without a path. */
export function readSmallFile(path: string, bytesMax: number): SmallFile {
  const refused = (reason: string) => ({ text: undefined, reason, missing: false });
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return { ...refused("no such file"), missing: true };
    if (!facts.isFile()) return refused("it is no regular file");
    if (facts.size > bytesMax) {
      return refused(`it has ${facts.size} bytes, at most ${bytesMax} may be`);
    }
    // Also drops the byte order mark that some editors put first.
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** The system's own words, which hold no path. */
export function reasonOf(error: unknown): string {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : NaN;
  return getSystemErrorMap().get(errno)?.[1] ?? "it cannot be read as text";
}
