// Why the catalog is not taken: for operators, and for those who may write everything.
import type { AirlockFilePlace, CatalogRefusal } from "../model/catalog.ts";
import { andMore } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { troubleText } from "./trouble-words.ts";

/** One line for each thing that is wrong. */
export function catalogRefusalLines(
  { shownAs, named }: AirlockFilePlace,
  refusal: CatalogRefusal,
): readonly string[] {
  switch (refusal.code) {
    case "wrong": {
      const more = refusal.total - refusal.found.length;
      const lines = [...refusal.found.map(problemText), ...(more > 0 ? [andMore(more)] : [])];
      return lines.map((line) => `${shownAs}: ${line}`);
    }
    case "unreadable": {
      const got = named === undefined ? "" : `, got ${named}`;
      return [`${shownAs} must be a file that can be read (${troubleText(refusal.trouble)})${got}`];
    }
    case "config_dir_moved":
      return [
        "CONFIG_DIR leads to another folder than when the bot started, or to none (turn its link back, or restart the bot)",
      ];
    case "cannot_be_opened":
      return [`${shownAs}: configs.${refusal.id}: cannot be opened: ${troubleText(refusal.cause)}`];
    case "file_changed":
      return [
        `${shownAs}: configs.${refusal.id}.file: cannot change while the bot runs (restart it for that)`,
      ];
    case "nobody_named":
      return [`${shownAs}: people: must name somebody, because ADMIN_IDS names nobody`];
    default:
      return refusal satisfies never;
  }
}
