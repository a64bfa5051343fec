// A key with a typo is one mistake, though a schema finds two: the key that it does not know, and the one that is missing.
import type { PathStep } from "../../model/comparison.ts";
import { missingKeyText, suggestedKey } from "./problem-words.ts";

interface Found {
  readonly path: readonly PathStep[];
  readonly message: string;
}

/** @returns those of `found` that are not about a missing key which stands there misspelt */
export function withoutMisspelt<Each extends Found>(found: readonly Each[]): readonly Each[] {
  const meant = new Set(
    found.flatMap(({ path, message }) => {
      const name = suggestedKey(message);
      return name === undefined ? [] : [JSON.stringify([...path.slice(0, -1), name])];
    }),
  );
  if (meant.size === 0) return found;
  return found.filter(
    ({ path, message }) => message !== missingKeyText || !meant.has(JSON.stringify(path)),
  );
}
