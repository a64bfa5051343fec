// A text before anybody knows who reads it and how long it may be: lines (line.ts says how they are made), and lists, which may be shortened
// by the front end that shows them. Here it becomes words in one language, with the marks that a chat can show.
import { type Language, type Line, type Phrase, same } from "./line.ts";
import { andMore } from "./numbers.ts";

export interface List {
  readonly lines: readonly Line[];
  /** How many there are, of which `lines` are the first. */
  readonly total: number;
}

export type Text = readonly (Line | List)[];

/** A part of a {@link Rendered} that stands out. Offsets and lengths count UTF-16 units. */
export type Entity = {
  readonly offset: number;
  readonly length: number;
} & (
  | { readonly type: "bold" | "code" | "expandable_blockquote" }
  | {
      readonly type: "date_time";
      readonly unix_time: number;
      readonly date_time_format: "dT" | "T";
    }
);

/** What is read, in one language. */
export interface Rendered {
  readonly text: string;
  /** In their order; of two that begin together, the longer first. */
  readonly entities: readonly Entity[];
}

/** A list of more lines is quoted, and opened by whoever wants to read it all. */
const openLinesMax = 5;

export interface Limits {
  /** Of each list; what is left out is counted in one more line. */
  readonly listCharsMax: number;
  /** Of each line of a list. */
  readonly lineCharsMax?: number;
}

export function render(
  text: Text,
  language: Language,
  { listCharsMax, lineCharsMax = Infinity }: Limits = { listCharsMax: Infinity },
): Rendered {
  return joined(
    text.map((part) => {
      if (!isList(part)) return renderLine(part, language);
      const lines = part.lines.map((line) => cut(renderLine(line, language), lineCharsMax, ""));
      return quoted(fitting(lines, part.total, language, listCharsMax));
    }),
    "\n",
  );
}

/** In English and without marks, for whoever reads it elsewhere than in a chat. */
export function textOf(text: Text, listCharsMax: number): string {
  return render(text, "en", { listCharsMax }).text;
}

/** In English and without marks. */
export function english(line: Line): string {
  return renderLine(line, "en").text;
}

export function renderLine(line: Line, language: Language): Rendered {
  return renderPhrase(line, language);
}

function renderPhrase(phrase: Phrase, language: Language): Rendered {
  const written = { text: "", entities: [] };
  write(written, phrase, language);
  return written;
}

/** What is being rendered: all of it is written into one, since each part of a phrase would cost as much as the whole. */
interface Writing {
  text: string;
  readonly entities: Entity[];
}

function write(to: Writing, phrase: Phrase, language: Language): void {
  // Telegram refuses a text with half a character in it. A document in JSON may hold one.
  if (typeof phrase === "string") to.text += phrase.toWellFormed();
  else if (isSeveral(phrase)) for (const each of phrase) write(to, each, language);
  else if ("code" in phrase) writeMarked(to, phrase.code.toWellFormed(), { type: "code" });
  else if ("at" in phrase) {
    const isClock = phrase.shown === "clock";
    const text = `${isClock ? "" : `${phrase.at.slice(0, 10)} `}${phrase.at.slice(11, 19)} UTC`;
    writeMarked(to, text, {
      type: "date_time",
      unix_time: Math.floor(Date.parse(phrase.at) / 1000),
      date_time_format: isClock ? "T" : "dT",
    });
  } else if ("beginning" in phrase) {
    append(to, cut(renderPhrase(phrase.beginning, language), phrase.charsMax));
  } else write(to, phrase[language], language);
}

type Mark = Entity extends infer E
  ? E extends Entity
    ? Omit<E, "offset" | "length">
    : never
  : never;

function writeMarked(to: Writing, text: string, mark: Mark): void {
  if (text === "") return;
  to.entities.push({ offset: to.text.length, length: text.length, ...mark });
  to.text += text;
}

function append(to: Writing, { text, entities }: Rendered): void {
  for (const entity of entities) {
    to.entities.push({ ...entity, offset: entity.offset + to.text.length });
  }
  to.text += text;
}

/** One behind the other. */
export function joined(parts: readonly Rendered[], separator: string): Rendered {
  const whole: Writing = { text: "", entities: [] };
  let between = "";
  for (const part of parts) {
    whole.text += between;
    append(whole, part);
    between = separator;
  }
  return whole;
}

/**
 * The beginning, with what follows said to be left out.
 * @param charsMax - in UTF-16 units, as Telegram counts
 * @param ending - in place of the rest
 */
export function cut({ text, entities }: Rendered, charsMax: number, ending = "…"): Rendered {
  if (text.length <= charsMax) return { text, entities };
  const kept = text.slice(0, charsMax - ending.length).replace(/[\uD800-\uDBFF]$/, "");
  return {
    text: `${kept}${ending}`,
    entities: entities.flatMap((entity) => {
      const length = Math.min(entity.length, kept.length - entity.offset);
      // Half a time is none.
      const isWhole = length === entity.length;
      return length > 0 && (isWhole || entity.type !== "date_time") ? [{ ...entity, length }] : [];
    }),
  };
}

/** With its first line bold, in which nothing is in letters of one width: a chat shows only one of these. */
export function titled({ text, entities }: Rendered): Rendered {
  const end = text.indexOf("\n");
  const length = end === -1 ? text.length : end;
  if (length === 0) return { text, entities };
  const others = entities.filter(({ type, offset }) => type !== "code" || offset >= length);
  const title: Entity = { type: "bold", offset: 0, length };
  // Behind a quotation that begins with it, and is longer.
  const isBefore = (entity: Entity): boolean => entity.offset === 0 && entity.length > length;
  return {
    text,
    entities: [...others.filter(isBefore), title, ...others.filter((entity) => !isBefore(entity))],
  };
}

function quoted(lines: readonly Rendered[]): Rendered {
  const { text, entities } = joined(lines, "\n");
  return lines.length <= openLinesMax
    ? { text, entities }
    : {
        text,
        entities: [{ type: "expandable_blockquote", offset: 0, length: text.length }, ...entities],
      };
}

function fitting(
  lines: readonly Rendered[],
  total: number,
  language: Language,
  charsMax: number,
): readonly Rendered[] {
  const fitting: Rendered[] = [];
  let chars = 0;
  for (const line of lines) {
    chars += line.text.length + 1;
    if (chars > charsMax) break;
    fitting.push(line);
  }
  const rest = total - fitting.length;
  if (rest === 0) return fitting;
  return [...fitting, renderLine({ en: [andMore(rest), "."], ru: [andMore(rest), "."] }, language)];
}

export function isList(part: Line | List): part is List {
  return typeof part === "object" && "lines" in part;
}

function isSeveral(phrase: Phrase): phrase is readonly Phrase[] {
  return Array.isArray(phrase);
}

/** The same text with another line in the place of one that it holds. */
export function replaced(text: Text, line: Line, by: Line): Text {
  return text.map((part) => (!isList(part) && isSame(part, line) ? by : part));
}

export function isSame(one: Line, other: Line): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** For where there is room for one line only. */
export function firstLine(text: Text): Line {
  const [first = same("")] = text;
  return isList(first) ? (first.lines[0] ?? same("")) : first;
}
