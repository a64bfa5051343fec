// Reads a small text file in one go, for a start that waits for nothing: settings, the catalog and its schemas.
import { readFileSync, statSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import type { Trouble } from "../model/trouble.ts";

type SmallFile =
  { readonly text: string } | { readonly text: undefined; readonly trouble: Trouble };

/** The text of a small file, or why there is none: `no_such_file` where that is all. */
export function readSmallFile(path: string, bytesMax: number): SmallFile {
  const refused = (trouble: Trouble): SmallFile => ({ text: undefined, trouble });
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return refused({ code: "no_such_file" });
    if (!facts.isFile()) return refused({ code: "not_regular" });
    if (facts.size > bytesMax) {
      return refused({ code: "too_many_bytes", params: { bytes: facts.size, bytesMax } });
    }
    // Also drops the byte order mark that some editors put first.
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return refused(systemTrouble(error));
  }
}

/** Why a file of an operator's cannot be read, as the system says it: they may know its words. */
export function systemTrouble(error: unknown): Trouble {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : NaN;
  const text = getSystemErrorMap().get(errno)?.[1];
  return text === undefined ? { code: "not_text" } : { code: "system_refused", params: { text } };
}
