// Why the catalog is not taken: for operators, and for those who may write everything.
import type { AirlockFilePlace, CatalogRefusal } from "../model/catalog.ts";
import { same, type Spoken, t } from "./line.ts";
import { andMore, problemsFound } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { english, type Text } from "./text.ts";
import { troubleText } from "./trouble-words.ts";

/** One line for each thing that is wrong. */
export function catalogRefusalLines(
  { shownAs, named }: AirlockFilePlace,
  refusal: CatalogRefusal,
): readonly string[] {
  switch (refusal.code) {
    case "wrong": {
      const more = refusal.total - refusal.found.length;
      const lines = [...refusal.found.map(problemText), ...(more > 0 ? [andMore(more)] : [])].map(
        english,
      );
      return lines.map((line) => `${shownAs}: ${line}`);
    }
    case "unreadable": {
      const got = named === undefined ? "" : `, got ${named}`;
      return [`${shownAs} must be a file that can be read (${troubleText(refusal.trouble)})${got}`];
    }
    case "config_dir_moved":
      return [
        "CONFIG_DIR leads to a different folder than when the bot started, or to none (point its link back, or restart the bot)",
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

const linesMax = 10;

export const catalogTaken: Spoken = {
  en: "🔔 airlock.yml was reloaded. /help lists what you can do here now.",
  ru: "🔔 airlock.yml прочитан заново. Что теперь можно: /help",
};

/** @param problems - at least one line */
export function catalogRefused(problems: readonly string[]): Text {
  const found = problems.length;
  return [
    {
      en: t`⚠️ airlock.yml was reloaded and refused: ${problemsFound(found)}. The previous rules stay in force. Please tell the operator.`,
      ru: t`⚠️ airlock.yml прочитан заново и не принят: ${problemsFound(found)}. Действуют прежние правила. Сообщите оператору.`,
    },
    { lines: problems.slice(0, linesMax).map(same), total: found },
  ];
}
