// The variables that are given, by the environment and by `.env`, before anybody looks at what they hold.
import { readDotEnv } from "./dot-env.ts";
import { problemLines, type SettingProblem } from "./setting-problem.ts";
import type { Environment } from "./variables.ts";

export interface GivenVariables {
  /** Trimmed; an empty one is not given. */
  readonly texts: Environment;
  /** Whether its line of `.env` cannot be read, and nothing else sets it. */
  readonly isMisread: (variable: string) => boolean;
  /** Of `.env` itself. */
  readonly lines: readonly string[];
  /** Grows while more is looked at; is not to be shown in any problem. */
  readonly secrets: string[];
}

export function readGivenVariables(env: Environment, workingFolder: string): GivenVariables {
  const dotEnv = readDotEnv(workingFolder);
  const entries = [
    ...Object.entries(dotEnv.variables),
    ...Object.entries(env).filter(([name, value]) => !isLocale(name, value)),
  ];
  const texts: Environment = Object.fromEntries(
    entries.map(([name, value = ""]) => [name, value.trim()]).filter(([, text]) => text !== ""),
  );
  const { BOT_TOKEN: token } = texts;
  return {
    texts,
    isMisread: (variable) => texts[variable] === undefined && dotEnv.isMisread(variable),
    lines: dotEnv.problems,
    secrets: token === undefined ? [] : [token],
  };
}

/**
 * On many systems a login shell sets LANGUAGE to the locales that its programs are to speak, `en_US:en`: that is not meant for the bot, and must
 * not win over `.env`. https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html
 */
function isLocale(name: string, value = ""): boolean {
  return name === "LANGUAGE" && /^(?:C|POSIX)$|^[A-Za-z]{2,3}[_:.@]/.test(value.trim());
}

/** Everything that is wrong, a line each. @param problems - in the order in which they are listed */
export function problemLinesOf(
  { lines, secrets, isMisread }: Pick<GivenVariables, "lines" | "secrets" | "isMisread">,
  problems: readonly SettingProblem[],
): readonly string[] {
  // That is told of its line; what stood in for it was nobody's choice.
  const own = problems.filter(({ variable }) => !isMisread(variable));
  return [...lines, ...problemLines(own, secrets)];
}
