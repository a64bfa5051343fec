// Texts from outside, made fit to be shown: one line, no characters that hide or reorder others, a limited length.

import { joined, type Rendered } from "../../words/text.ts";

/** Of one message: https://core.telegram.org/bots/api#sendmessage */
export const messageCharsMax = 4096;
/** Telegram's own limit is 64 for each of the two parts of a name. */
const nameCharsMax = 64;
/** As promised for the reason of a change. */
const reasonCharsMax = 200;
const fileNameCharsMax = 80;

// Control characters, and the format characters that hide text or turn its direction: https://trojansource.codes.
const unfit = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu;

function oneLine(text: string, charsMax: number): string {
  return shortened(text.replaceAll(unfit, " ").replaceAll(/\s+/g, " ").trim(), charsMax);
}

/** @param charsMax - in characters as people count them, the "…" in place of the rest among them */
export function shortened(text: string, charsMax: number): string {
  const characters = Array.from(text);
  return characters.length <= charsMax ? text : `${characters.slice(0, charsMax - 1).join("")}…`;
}

/** How a person is called in texts and in history; an id where the name has nothing that can be shown. */
export function personName(person: {
  readonly id: number;
  readonly first_name: string;
  readonly last_name?: string;
}): string {
  const name = oneLine([person.first_name, person.last_name ?? ""].join(" "), nameCharsMax);
  return name === "" ? `id ${person.id}` : name;
}

/** @param parts - said one after another about the same change @returns null where nothing was said */
export function reasonOf(...parts: readonly (string | null)[]): string | null {
  const said = parts
    .map((part) => oneLine(part ?? "", reasonCharsMax))
    .filter((part) => part !== "");
  return said.length === 0 ? null : shortened(said.join("; "), reasonCharsMax);
}

/** The name that somebody gave a document, to show it; never part of a path. */
export function shownFileName(name: string | undefined): string {
  const shown = oneLine(name ?? "", fileNameCharsMax);
  return shown === "" ? "this file" : shown;
}

/** Joins lines into as few texts as there must be. @param charsMax - of a text; no line is longer */
export function partsOf(lines: readonly Rendered[], charsMax: number): readonly Rendered[] {
  const parts: Rendered[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    const longer = last === undefined ? line : joined([last, line], "\n");
    if (last === undefined || longer.text.length > charsMax) parts.push(line);
    else parts[parts.length - 1] = longer;
  }
  return parts;
}
