// Reads single settings and collects what is wrong with them, without ever showing a secret.

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the functions that read settings share. Each notes its problem and returns a stand-in, so that the rest is checked too. */
export interface Reader {
  readonly problems: string[];
  readonly workingFolder: string;
  /** What is not to be shown in a problem. */
  readonly secrets: readonly string[];
  /** What earlier variables named; `identity` is undefined where that failed. */
  readonly folders: { variable: string; path: string; identity: string | undefined }[];
  /** Trimmed; undefined also where it is empty. */
  value(variable: string): string | undefined;
  /** Nothing that shares a part with this text is shown in a problem. */
  hide(secret: string): void;
  /** Notes a problem; `got` is shown unless it may hold a secret. */
  wrong(variable: string, rule: string, got?: string): void;
}

/** @param workingFolder - what relative paths begin at */
export function createReader(env: Environment, workingFolder: string): Reader {
  const problems: string[] = [];
  const secrets: string[] = [];
  return {
    problems,
    workingFolder,
    folders: [],
    secrets,
    value: (variable) => env[variable]?.trim() || undefined,
    hide(secret) {
      if (secret !== "") secrets.push(secret);
    },
    wrong(variable, rule, got) {
      problems.push(
        `${variable} ${rule}${got === undefined ? "" : `, got ${shown(got, secrets)}`}`,
      );
    },
  };
}

export const tokenPattern = /^\d+:[\w-]+$/;
export const likeTokenPattern = /\d{3,}(?::|%3a)[\w-]{6,}|[\w-]{30,}/i;
/** Sharing this many characters in a row with the token counts as holding a part of it. */
const secretPartCharacters = 6;
const shownCharactersMax = 120;

/** As JSON, shortened, and only where it cannot hold a secret. */
export function shown(value: string, secrets: readonly string[]): string {
  const secret =
    value.split(/[\s,/]/).some((piece) => tokenPattern.test(piece)) ||
    likeTokenPattern.test(value) ||
    secrets.some((secret) => sharesPart(value, secret));
  if (secret) return "a value that is not shown here because it may hold the token";
  const characters = Array.from(value);
  const short = characters.slice(0, shownCharactersMax).join("");
  const ellipsis = characters.length > shownCharactersMax ? "…" : "";
  // JSON leaves DEL, C1 and invisible format characters as they are; a terminal may obey them.
  const escaped = JSON.stringify(short + ellipsis).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return escaped;
}

function sharesPart(value: string, secret: string): boolean {
  const part = Math.min(secretPartCharacters, secret.length);
  for (let start = 0; start + part <= secret.length; start += 1) {
    if (value.includes(secret.slice(start, start + part))) return true;
  }
  return false;
}
