// `.env` in the working folder. What each line means is Node's to say; this finds the lines that mean nothing, so that one of them
// spoils no other.
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readSmallFile } from "../file/small-file.ts";
import { dotEnvTexts } from "../words/setting-words.ts";
import type { Environment } from "./variables.ts";

const dotEnvBytesMax = 65_536;
/** More are counted. */
const problemsShownMax = 20;

const assignment = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(["'`]?)/;
const blankOrComment = /^\s*(?:#.*)?$/;
/** What a line that is no assignment seems to be about. */
const firstWord = /^\W*(?:export\s+)?(\w*)/;

interface DotEnv {
  readonly variables: Environment;
  /** Whether the line of this variable cannot be read: what it holds is not known, but it is not missing. */
  readonly isMisread: (variable: string) => boolean;
  /** One for each line that cannot be read, with its number and nothing of what it holds: that may be a secret. */
  readonly problems: readonly string[];
}

/** The variables of `.env` in this folder; none where there is no such file. */
export function readDotEnv(workingFolder: string): DotEnv {
  const content = readSmallFile(join(workingFolder, ".env"), dotEnvBytesMax);
  if (content.text !== undefined) return parseDotEnv(content.text);
  const problem = dotEnvTexts.unreadable(content.trouble);
  return content.trouble.code === "no_such_file"
    ? { variables: {}, isMisread: () => false, problems: [] }
    : { variables: {}, isMisread: () => true, problems: [problem] };
}

function parseDotEnv(text: string): DotEnv {
  const lines = text.split(/\r?\n/);
  const variables: Record<string, string | undefined> = {};
  const misread = new Set<string>();
  const problems: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (blankOrComment.test(line)) continue;
    const [begin, name = "", quote = ""] = assignment.exec(line) ?? [];
    const last = begin === undefined ? undefined : lastLine(lines, at, begin.length, quote);
    if (last === undefined) {
      misread.add(firstWord.exec(line)?.[1] ?? "");
      problems.push(dotEnvTexts.wrongLine(at + 1, begin !== undefined));
      continue;
    }
    // One at a time: in Node 20 a line that is no assignment swallows the one after it.
    variables[name] = parseEnv(lines.slice(at, last + 1).join("\n"))[name];
    at = last;
  }
  const more = problems.length - problemsShownMax;
  const listed = problems.slice(0, problemsShownMax);
  return {
    variables,
    isMisread: (variable) => misread.has(variable),
    problems: more > 0 ? [...listed, dotEnvTexts.moreLines(more)] : listed,
  };
}

/**
 * Where the value that begins there ends: a quoted one may go on over the next lines, if it ends cleanly.
 * @returns undefined where its quote is never closed
 */
function lastLine(
  lines: readonly string[],
  first: number,
  begin: number,
  quote: string,
): number | undefined {
  if (quote === "" || (lines[first] ?? "").includes(quote, begin)) return first;
  const end = lines.findIndex((line, index) => index > first && line.includes(quote));
  if (end === -1) return undefined;
  const line = lines[end] ?? "";
  return blankOrComment.test(line.slice(line.indexOf(quote) + 1)) ? end : undefined;
}
