// The paths that are probably meant by one that leads nowhere.
import leven, { closestMatch } from "leven";
import type { PathStep } from "../../model/comparison.ts";
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
  const paths = [...pathsOf(root)];
  const all = paths.map((path) => pathText(path));
  const word = asked.slice(0, comparedCharsMax);
  const isNear = closestMatch(word, all, { maxDistance: typoDistanceMax }) !== undefined;
  return { kind: "missing", isNear, nearest: nearestPaths(paths, asked) };
}

/** As they would have to be typed, the nearest first. */
export function nearestPaths(
  paths: readonly (readonly PathStep[])[],
  asked: string,
): readonly string[] {
  const word = asked.slice(0, comparedCharsMax).toLowerCase();
  const lastWord = /[^.[\]"]+(?=[\]"]*$)/.exec(word)?.[0] ?? word;
  const isHeld = lastWord.length >= heldCharsMin;
  const best: { readonly text: string; readonly distance: number }[] = [];
  for (const path of paths) {
    const text = pathText(path);
    const last = String(path.at(-1));
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
