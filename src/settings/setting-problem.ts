// One thing that is wrong with the settings, and how it reads: never with a secret in it.
import { hiddenValue, moreNot, settingLine } from "../words/setting-words.ts";

export interface SettingProblem {
  readonly variable: string;
  /** What would be right: "must be a whole number from 0 to 65535". */
  readonly rule: string;
  /** What came instead; left out where that may be a secret. */
  readonly got?: string;
}

/** Its number is the bot's id: at most 52 bits (https://core.telegram.org/bots/api#user). */
export const tokenPattern = /^\d{1,15}:[\w-]+$/;
export const likeTokenPattern = /\d{3,}(?::|%3a)[\w-]{6,}|[\w-]{30,}/i;
/** Sharing this many characters in a row with the token counts as holding a part of it. */
const secretPartCharacters = 6;
const shownCharactersMax = 120;
/** Of one variable; more are counted. */
const problemsShownMax = 10;

/**
 * One line for each problem, as `METRICS_PORT must be a whole number from 0 to 65535, got "x"`.
 * @param secrets - nothing that shares a part with one of these is shown
 */
export function problemLines(
  problems: readonly SettingProblem[],
  secrets: readonly string[],
): readonly string[] {
  const variables = new Set(problems.map(({ variable }) => variable));
  return [...variables].flatMap((name) => {
    const own = problems.filter(({ variable }) => variable === name);
    const lines = own
      .slice(0, problemsShownMax)
      .map(({ rule, got }) =>
        settingLine(name, rule, got === undefined ? got : shownValue(got, secrets)),
      );
    const more = own.length - problemsShownMax;
    return more > 0 ? [...lines, moreNot(name, own[0]?.rule ?? "", more)] : lines;
  });
}

/** As JSON, shortened, and only where it cannot hold a secret. */
export function shownValue(value: string, secrets: readonly string[]): string {
  const secret =
    value.split(/[\s,/]/).some((piece) => tokenPattern.test(piece)) ||
    likeTokenPattern.test(value) ||
    secrets.some((secret) => sharesPart(value, secret));
  if (secret) return hiddenValue;
  const characters = Array.from(value);
  const short = characters.slice(0, shownCharactersMax).join("");
  const ellipsis = characters.length > shownCharactersMax ? "…" : "";
  // JSON leaves DEL, C1 and invisible format characters as they are; a terminal may obey them.
  return JSON.stringify(short + ellipsis).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function sharesPart(value: string, secret: string): boolean {
  const part = Math.min(secretPartCharacters, secret.length);
  for (let start = 0; start + part <= secret.length; start += 1) {
    if (value.includes(secret.slice(start, start + part))) return true;
  }
  return false;
}
