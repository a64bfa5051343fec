// The code in a page, in its order.
import { readFileSync } from "node:fs";

export interface CodeBlock {
  /** As behind the fence; empty for none. */
  readonly language: string;
  /** The second word behind the fence: what the block is called. */
  readonly name: string;
  readonly code: string;
}

/** @param heading - only what is below it, up to the next one of any level */
export function codeBlocks(page: string, heading?: string): readonly CodeBlock[] {
  const text = readFileSync(page, "utf8");
  const from = heading === undefined ? text : text.slice(text.indexOf(`\n## ${heading}\n`) + 1);
  if (heading !== undefined && from === text) throw new Error(`${page} has no ${heading}`);
  const section = heading === undefined ? from : from.slice(0, `${from}\n## `.indexOf("\n## ", 3));
  // Blocks in lists are indented.
  return [...section.matchAll(/^( *)```(\S*) ?(\S*)\n(.*?)^ *```$/gms)].map(
    ([, indent = "", language = "", name = "", code = ""]) => ({
      language,
      name,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}
