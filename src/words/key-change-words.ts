// What changed under one key, in one line: the same wherever changes are listed.
import { pathText } from "../model/excerpt.ts";
import type { KeyChange, ValueChange } from "../model/comparison.ts";
import { code, type Phrase, type Spoken, t } from "./line.ts";

/** `maker_percent: 0.08 → 0.09 (line 3)`. */
export function keyChangeText(change: KeyChange): Spoken {
  const moved = shortKeyChangeText(change);
  return { en: t`${moved} (line ${change.line})`, ru: t`${moved} (строка ${change.line})` };
}

/** `maker_percent: 0.08 → 0.09`, where a line would be one of a version that is not at hand. */
export function shortKeyChangeText({ path, what }: KeyChange): Spoken {
  const at = placeText(path);
  if (what.kind !== "moved") {
    const line = t`${at}: ${movedText(what)}`;
    return { en: line, ru: line };
  }
  const from = code(pathText(what.from));
  return { en: t`${at}: was ${from}`, ru: t`${at}: раньше ${from}` };
}

const wholeFile: Spoken = { en: "the whole file", ru: "весь файл" };

/** `maker_percent`; for the root, that it is the whole file. */
export function placeText(path: KeyChange["path"]): Phrase {
  return path.length === 0 ? wholeFile : code(pathText(path));
}

/** `0.08 → 0.09`, `+ 0.09`, `− 0.08`: the same in every language. */
export function movedText(what: ValueChange): Phrase {
  switch (what.kind) {
    case "changed":
      return t`${code(what.before)} → ${code(what.after)}`;
    case "added":
      return t`+ ${code(what.after)}`;
    case "removed":
      return t`− ${code(what.before)}`;
    default:
      return what satisfies never;
  }
}
