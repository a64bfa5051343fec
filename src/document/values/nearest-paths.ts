// The paths that are probably meant by one that leads nowhere.
import leven, { closestMatch } from "leven";
import { pathText } from "../../model/excerpt.ts";
import type { NoSuchPath } from "../../model/one-value.ts";
import type { TreeNode } from "../compare/document-tree.ts";
import { pathsOf } from "./value-places.ts";

/** Whoever differs in no more meant a path, and not a word. */
const typoDistanceMax = 2;
const nearestMax = 3;
/** What is longer is compared by its beginning. */
const comparedCharsMax = 120;
/** Behind a path that is as near as a whole. */
const lastStepExtra = 0.5;
/** What begins like that, or has it in its last step, is as near as one with so many typos. */
const beginsDistance = 1;
const holdsDistance = 2;
const heldCharsMin = 3;

export function missingPath(root: TreeNode, asked: string): NoSuchPath {
  const word = asked.slice(0, comparedCharsMax);
  const paths = [...pathsOf(root)].map((path) => ({
    text: pathText(path),
    last: String(path.at(-1)),
  }));
  const all = paths.map(({ text }) => text);
  const isNear = closestMatch(word, all, { maxDistance: typoDistanceMax }) !== undefined;
  return { kind: "missing", isNear, nearest: nearest(word.toLowerCase(), paths) };
}

function nearest(
  word: string,
  paths: readonly { readonly text: string; readonly last: string }[],
): readonly string[] {
  const lastWord = /[^.[\]"]+(?=[\]"]*$)/.exec(word)?.[0] ?? word;
  const isHeld = lastWord.length >= heldCharsMin;
  const best: { readonly text: string; readonly distance: number }[] = [];
  for (const { text, last } of paths) {
    const worst = best[nearestMax - 1]?.distance;
    const limit = worst === undefined ? {} : { maxDistance: Math.ceil(worst) };
    const distance = Math.min(
      leven(word, text.toLowerCase(), limit),
      leven(lastWord, last.toLowerCase(), limit) + lastStepExtra,
      text.toLowerCase().startsWith(word) ? beginsDistance : Infinity,
      isHeld && last.toLowerCase().includes(lastWord) ? holdsDistance : Infinity,
    );
    if (worst !== undefined && distance >= worst) continue;
    best.push({ text, distance });
    best.sort((one, other) => one.distance - other.distance);
    if (best.length > nearestMax) best.pop();
  }
  return best.map(({ text }) => text);
}
