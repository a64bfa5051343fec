// What only operators read: why the catalog is not taken, and what keeps the bot from its work.
import type { CatalogRefusal } from "../model/catalog.ts";
import type { Trouble } from "../model/trouble.ts";
import { troubleText } from "./trouble-words.ts";

/** @param shownAs - what problems call the catalog */
export function catalogRefusalText(shownAs: string, refusal: CatalogRefusal): string {
  switch (refusal.code) {
    case "unread":
      return refusal.line;
    case "cannot_be_opened":
      return `${shownAs}: configs.${refusal.id}: cannot be opened: ${troubleText(refusal.cause)}`;
    case "file_changed":
      return `${shownAs}: configs.${refusal.id}.file: cannot change while the bot runs (restart it for that)`;
    case "nobody_named":
      return `${shownAs}: people: must name somebody, because ADMIN_IDS names nobody`;
    default:
      return refusal satisfies never;
  }
}

export const botIsStarting = "the bot is starting";

/** @param name - of a folder, for operators: `STATE_DIR` */
export function cannotBeWritten(name: string, trouble: Trouble): string {
  return `${name} cannot be written: ${troubleText(trouble)}`;
}

/** For a setting whose folder ends the start. */
export function cannotBeUsed(variable: string, path: string, trouble: Trouble): string {
  return `${variable} (${path}) cannot be used: ${troubleText(trouble)}`;
}
