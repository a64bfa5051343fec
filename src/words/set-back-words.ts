// What is said where an upload that nobody took from took back what somebody else had just changed. The first lines are promised.
import type { SetBack } from "../model/outcome.ts";
import { keyChangeList } from "./change-words.ts";
import { t } from "./line.ts";
import type { Text } from "./text.ts";

/** For whoever uploaded it. */
export function setBackText({ of, changes, total }: SetBack): Text {
  return [
    {
      en: t`It set back the change of ${of.name}:`,
      ru: t`Пропало чужое изменение (${of.name}):`,
    },
    keyChangeList(changes, total),
  ];
}

/** For whoever had made that change. */
export function yoursSetBackText({ changes, total }: SetBack): Text {
  return [
    { en: "This set back your change:", ru: "Ваше изменение пропало:" },
    keyChangeList(changes, total),
  ];
}
