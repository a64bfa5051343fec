// How the values of two versions are shown side by side, so that the difference is seen.
import { cutOff, beginningAt, pathText, quoted } from "../../model/excerpt.ts";
import { type ContentNode, contentOf, type TreeNode } from "./document-tree.ts";
import { plainValue } from "./plain-value.ts";

/** More changes than this are counted, not listed. */
export const keyChangesMax = 1000;
const shownCharsMax = 60;
/** A text that a person reads without quotes, and no reader of YAML takes for anything else. */
const plainText = /^[A-Za-z](?:[A-Za-z0-9 _./-]*[A-Za-z0-9_./-])?$/;
const wordsOfYaml = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A value as a person would write it, shortened; numbers as they are written. */
export function shownValue(node: TreeNode): string {
  return cutOff(writtenValue(node, 0), shownCharsMax);
}

/** Where two values differ beyond what is shown, or in what cannot be seen, so much before the difference and behind it. */
const beforeDifferenceChars = 15;
const differenceCharsMax = 40;

/** Two different values, so that the difference is seen. */
export function shownPair(before: TreeNode, after: TreeNode): readonly [string, string] {
  const [one, other] = [shownValue(before), shownValue(after)];
  const [from, to] = [contentOf(before), contentOf(after)];
  if (one !== other || from.kind !== "scalar" || to.kind !== "scalar") return [one, other];
  let same = 0;
  while (same < from.text.length && from.text[same] === to.text[same]) same += 1;
  const start = Math.max(0, same - beforeDifferenceChars);
  return [shownFrom(from.text, start), shownFrom(to.text, start)];
}

function shownFrom(text: string, start: number): string {
  const shown = cutOff(beginningAt(text, start), differenceCharsMax);
  return JSON.stringify((start > 0 ? "…" : "") + shown).replaceAll(
    /\p{Cf}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const shownDepthMax = 3;
const shownItemsMax = 12;

function writtenValue(node: TreeNode, depth: number): string {
  const content = contentOf(node);
  const tag = content.tag === undefined ? "" : `${content.tag} `;
  return tag + writtenContent(content, depth);
}

function writtenContent(content: ContentNode, depth: number): string {
  switch (content.kind) {
    case "scalar": {
      const { style, text } = content;
      return style === "plain" && plainValue(text).kind === "other"
        ? writtenPlain(text)
        : writtenText(text);
    }
    case "list": {
      if (depth === shownDepthMax) return "…";
      const items = content.items.slice(0, shownItemsMax);
      return `[${items.map((item) => writtenValue(item, depth + 1)).join(", ")}]`;
    }
    case "map": {
      if (depth === shownDepthMax) return "…";
      const pairs = content.entries
        .slice(0, shownItemsMax)
        .map(({ name, value }) => `${pathText([name])}: ${writtenValue(value, depth + 1)}`);
      return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
    }
    default:
      return content satisfies never;
  }
}

function writtenPlain(source: string): string {
  return source === "" || source === "~" ? "null" : source;
}

function writtenText(text: string): string {
  return plainText.test(text) && !wordsOfYaml.test(text) ? text : quoted(text);
}
