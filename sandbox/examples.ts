// Files to send with one click, made from a live file, whatever is in it: a valid change, and mistakes that people make.

export const exampleNames = ["valid", "typo", "duplicate"] as const;
export type ExampleName = (typeof exampleNames)[number];

/** A key on a line of its own or in braces, and its number. */
const numberPattern =
  /(?<=^|[\s{,])("?)([A-Za-z_]\w*)\1( *: *)(\d+(?:\.\d+)?)(?= *(?:[,}#\r\n]|$))/g;
/** Stays within its line: else a file of empty lines takes time by the square of its length. */
const commentPattern = /^[^\S\n]*#.*$/gm;
const firstKeyPattern = /^(?:\{\s*)?("?)([A-Za-z_]\w*)\1 *: *([^\n,]*)/m;

/** What the file of this example holds. */
export function exampleFile(name: ExampleName, live: string): string {
  switch (name) {
    case "valid":
      return changedFile(live, 0);
    case "typo":
      return withTypo(live);
    case "duplicate":
      return withDuplicate(live);
    default:
      return name satisfies never;
  }
}

/**
 * Moves one number of the file to another value, so that it differs from the live one each time.
 * @param nth - which number, from 0; a file that has fewer gets another line break at its end
 */
export function changedFile(live: string, nth: number): string {
  const found = numbersIn(live)[nth];
  if (found === undefined) return `${live}\n`;
  const [whole, quote = "", key = "", colon = "", old = ""] = found;
  const next = `${quote}${key}${quote}${colon}${nextNumber(old)}`;
  return live.slice(0, found.index) + next + live.slice(found.index + whole.length);
}

function nextNumber(old: string): string {
  if (!old.includes(".")) return String(Number(old) + 1);
  const next = Number(old) >= 0.2 && Number(old) < 1 ? 0.05 : Number(old) + 0.01;
  return String(Number(next.toFixed(2)));
}

function numbersIn(text: string): readonly RegExpExecArray[] {
  // Comments as blanks, so that every place stays where it is.
  const code = text.replaceAll(commentPattern, (comment) => " ".repeat(comment.length));
  return [...code.matchAll(numberPattern)];
}

/** Two letters of a key changed places. */
function withTypo(live: string): string {
  const [found] = numbersIn(live);
  const key = found?.[2] ?? firstKeyPattern.exec(live)?.[2] ?? "";
  const at = Math.max(0, Math.min(Math.ceil(key.length / 2), key.length - 2));
  const swapped = `${key.slice(0, at)}${key.slice(at + 1, at + 2)}${key.slice(at, at + 1)}${key.slice(at + 2)}`;
  const start = found?.index ?? live.indexOf(key);
  return live.slice(0, start) + live.slice(start).replace(key, swapped);
}

/** The first key once more, at the end. */
function withDuplicate(live: string): string {
  const code = live.replaceAll(commentPattern, (comment) => " ".repeat(comment.length));
  const [, quote = "", key = "", value = ""] = firstKeyPattern.exec(code) ?? [];
  if (!live.trimStart().startsWith("{")) return `${live.trimEnd()}\n\n${key}: ${value}\n`;
  const body = live.trimEnd().replace(/\}$/, "").trimEnd();
  return `${body},\n  ${quote}${key}${quote}: 1\n}\n`;
}
