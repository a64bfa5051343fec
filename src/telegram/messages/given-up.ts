// Says of what waited for a button, in the message that has the buttons, that it was given up. One after another, behind everything
// that somebody waits for: there may be many at once.
import { type ParkedNote, parkedPerPersonMax } from "../../change/parked-changes.ts";
import type { Config } from "../../model/config.ts";
import type { GivenUpBecause } from "../../model/outcome.ts";
import { rollbackGivenUp, uploadGivenUp, valueGivenUp } from "../../words/decision-words.ts";
import type { Text } from "../../words/text.ts";
import type { LastEdit, ToldMessage } from "./last-edit.ts";
import type { Said } from "./say.ts";

/** More are not told; their buttons say that they are out of date. */
const untoldMax = 200;

/** Returns at once. */
export type TellGivenUp = (shownIn: ToldMessage, text: Said) => void;

export function createTellGivenUp(lastEdit: LastEdit): TellGivenUp {
  const untold: (readonly [ToldMessage, Said])[] = [];
  let isTelling = false;

  async function tellAll(): Promise<void> {
    for (let next = untold[0]; next !== undefined; next = untold[0]) {
      const [shownIn, text] = next;
      await lastEdit(shownIn, text, undefined);
      untold.shift();
    }
    isTelling = false;
  }

  return (...one) => {
    if (untold.length < untoldMax) untold.push(one);
    if (isTelling) return;
    isTelling = true;
    void tellAll();
  };
}

/** @param config - undefined where it is not managed any more */
export function parkedGivenUp(
  { configId, how }: ParkedNote,
  config: Config | undefined,
  because: GivenUpBecause,
): Text {
  const texts = { rollback: rollbackGivenUp, value: valueGivenUp };
  const text = how === "rollback" || how === "value" ? texts[how] : uploadGivenUp;
  return text(config?.fileName ?? configId, because, parkedPerPersonMax);
}
