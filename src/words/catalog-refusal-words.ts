// Why the catalog is not taken: for operators, and for those who may write everything.
import type { AirlockFilePlace, CatalogRefusal } from "../model/catalog.ts";
import { same, type Spoken, t } from "./line.ts";
import { andMore, problemsFound } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { english, type Text } from "./text.ts";
import { troubleLine } from "./trouble-words.ts";

/** One line for each thing that is wrong, for operators. */
export function catalogRefusalLines(
  place: AirlockFilePlace,
  refusal: CatalogRefusal,
): readonly string[] {
  return refusalLines(place, refusal).map(english);
}

function refusalLines(
  { shownAs, named }: AirlockFilePlace,
  refusal: CatalogRefusal,
): readonly Spoken[] {
  switch (refusal.code) {
    case "wrong": {
      const more = refusal.total - refusal.found.length;
      return [...refusal.found.map(problemText), ...(more > 0 ? [andMore(more)] : [])].map((line) =>
        same(t`${shownAs}: ${line}`),
      );
    }
    case "unreadable": {
      const why = troubleLine(refusal.trouble);
      const [gotEn, gotRu] =
        named === undefined ? ["", ""] : [`, got ${named}`, `, а здесь ${named}`];
      return [
        {
          en: t`${shownAs} must be a file that can be read (${why})${gotEn}`,
          ru: t`${shownAs}: нужен файл, который можно прочесть (${why})${gotRu}`,
        },
      ];
    }
    case "config_dir_moved":
      return [
        {
          en: "CONFIG_DIR leads to a different folder than when the bot started, or to none (point its link back, or restart the bot)",
          ru: "CONFIG_DIR ведёт не в ту папку, что при запуске бота, или в никуда (верните ссылку или перезапустите бота)",
        },
      ];
    case "cannot_be_opened": {
      const why = troubleLine(refusal.cause);
      return [
        {
          en: t`${shownAs}: configs.${refusal.id}: cannot be opened: ${why}`,
          ru: t`${shownAs}: configs.${refusal.id}: не открыть: ${why}`,
        },
      ];
    }
    case "file_changed":
      return [
        {
          en: `${shownAs}: configs.${refusal.id}.file: cannot change while the bot runs (restart it for that)`,
          ru: `${shownAs}: configs.${refusal.id}.file: при работающем боте не меняется (перезапустите его)`,
        },
      ];
    case "nobody_named":
      return [
        {
          en: `${shownAs}: people: must name somebody, because ADMIN_IDS names nobody`,
          ru: `${shownAs}: people: должен быть указан хоть кто-то, потому что в ADMIN_IDS никого нет`,
        },
      ];
    default:
      return refusal satisfies never;
  }
}

const linesMax = 10;

export const catalogTaken: Spoken = {
  en: "🔔 airlock.yml was reloaded. /help lists what you can do here now.",
  ru: "🔔 airlock.yml прочитан заново. Что теперь можно: /help",
};

/** @param refusals - at least one */
export function catalogRefused(place: AirlockFilePlace, refusals: readonly CatalogRefusal[]): Text {
  const lines = refusals.flatMap((refusal) => refusalLines(place, refusal));
  const found = problemsFound(lines.length);
  return [
    {
      en: t`⚠️ airlock.yml was reloaded and refused: ${found}. The previous rules stay in force. Please tell the operator.`,
      ru: t`⚠️ airlock.yml прочитан заново и не принят: ${found}. Действуют прежние правила. Сообщите администратору бота.`,
    },
    { lines: lines.slice(0, linesMax), total: lines.length },
  ];
}
