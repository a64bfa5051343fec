// Buttons under a message, before it is known in which language they are read. At most two stand in a row, so that none is cut on a phone.
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { buttonLabels } from "../../words/decision-words.ts";
import type { Language, Line } from "../../words/line.ts";
import { renderLine } from "../../words/text.ts";

type Style = NonNullable<InlineKeyboardButton["style"]>;

export interface Button {
  readonly label: Line;
  /** What its press carries. */
  readonly data: string;
}

interface PlacedButton extends Button {
  readonly place: number | undefined;
}

/** What destroys, and what is advised. A server that does not know styles leaves them out. */
const styles = new Map<Line, Style>([
  [buttonLabels.applyAnyway, "danger"],
  [buttonLabels.discard, "danger"],
  [buttonLabels.revertNow, "danger"],
  [buttonLabels.reject, "danger"],
  [buttonLabels.rollBackAnyway, "danger"],
  [buttonLabels.apply, "success"],
  [buttonLabels.applyMerge, "success"],
  [buttonLabels.approve, "success"],
  [buttonLabels.keep, "success"],
  [buttonLabels.setIt, "success"],
  [buttonLabels.mergeBoth, "primary"],
  [buttonLabels.rollBack, "primary"],
]);

const perRowMax = 2;

export class Keyboard {
  readonly #rows: PlacedButton[][] = [[]];

  /**
   * One more in this row, or in the next where it is full. The advised one comes first.
   * @param place - the number of what it is about, in a list of several
   */
  text(label: Line, data: string, place?: number): this {
    if ((this.#rows.at(-1)?.length ?? 0) >= perRowMax) this.row();
    this.#rows.at(-1)?.push({ label, data, place });
    return this;
  }

  /** What follows stands below. */
  row(): this {
    this.#rows.push([]);
    return this;
  }

  in(language: Language): InlineKeyboardMarkup {
    const rows = this.#rows.filter((row) => row.length > 0);
    return {
      inline_keyboard: rows.map((row) =>
        row.map(({ label, data, place }) => {
          const style = styles.get(label);
          const words = renderLine(label, language).text;
          const text = place === undefined ? words : `${words} (${place})`;
          return { text, callback_data: data, ...(style !== undefined && { style }) };
        }),
      ),
    };
  }
}
