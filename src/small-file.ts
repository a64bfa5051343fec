// Reads the small files that settings come from: `.env`, and the one that holds the token.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { getSystemErrorMap, parseEnv } from "node:util";

type Environment = Readonly<Record<string, string | undefined>>;

const dotEnvBytesMax = 65_536;

/** The variables of `.env` in this folder; none where there is no such file. */
export function readDotEnv(workingFolder: string): { variables: Environment; problems: string[] } {
  const content = readSmallFile(join(workingFolder, ".env"), dotEnvBytesMax);
  if (content.text === undefined) {
    if (content.missing) return { variables: {}, problems: [] };
    return {
      variables: {},
      problems: [`.env must be a file that can be read (${content.reason})`],
    };
  }
  // No experimental warning since Node 20.12. In Node 20 a line without "=" swallows the next one into its name, so
  // that a setting would vanish: https://nodejs.org/api/util.html#utilparseenvcontent
  const variables = parseEnv(content.text);
  const broken = Object.keys(variables).some((name) => !/^\w+$/.test(name));
  const problem = ".env must hold only NAME=value lines and # comments, and one line is neither";
  return { variables, problems: broken ? [problem] : [] };
}

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
