// The number after a command: `/get_fees 12`.

const pattern = /^#?(\d{1,9})$/;

/** @returns undefined where there is none; 0, which no revision has, for what is not a number */
export function parseRevision(argument: string | RegExpMatchArray): number | undefined {
  const text = String(argument).trim();
  if (text === "") return undefined;
  return Number(pattern.exec(text)?.[1] ?? 0);
}
