// A message's text with its entities: bold, code, quotations that unfold, times in the reader's own zone, commands to press. The text comes
// from outside and stays text: each entity becomes an element that holds text nodes, whatever its ranges are.
import { button, element } from "./element.ts";

/** As Telegram sends it: `offset` and `length` in UTF-16 units, as JavaScript's strings count. */
export interface TextEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  /** Of a `date_time`: seconds since 1970. */
  readonly unix_time?: number;
  /** Of a `date_time`: `w` for the weekday, `d` or `D` for the date, `t` or `T` for the time; capitals are the longer form. */
  readonly date_time_format?: string;
}

/** Who reads it. */
export interface Reader {
  /** Of their app, in which its own words and dates are written: `en`, `ru`. */
  readonly language: string;
  /** Sends a command that was pressed in the text. */
  readonly send: (command: string) => void;
}

/** A quotation of more lines, or more characters, is folded. */
const foldedLinesMax = 3;
const foldedCharsMax = 160;

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly entity: TextEntity;
}

/**
 * The nodes of a text. Entities that cross are drawn as far as they nest, and go on behind the one that they cross; one that reaches
 * beyond the text, or is of a type that this page does not know, is drawn as far as there is text, or as plain text.
 */
export function drawText(
  text: string,
  entities: readonly TextEntity[],
  reader: Reader,
): readonly Node[] {
  const pieces = entities
    .filter(({ offset, length }) => Number.isInteger(offset) && Number.isInteger(length))
    .map((entity) => ({ from: entity.offset, to: entity.offset + entity.length, entity }))
    .toSorted((one, other) => one.from - other.from || other.to - one.to);
  return drawRange(text, { from: 0, to: text.length }, pieces, reader);
}

function drawRange(
  text: string,
  range: { readonly from: number; readonly to: number },
  pieces: readonly Piece[],
  reader: Reader,
): readonly Node[] {
  const nodes: Node[] = [];
  let at = range.from;
  const plainUpTo = (end: number): void => {
    if (end > at) nodes.push(document.createTextNode(text.slice(at, end)));
    at = Math.max(at, end);
  };
  let left = pieces;
  for (;;) {
    left = left
      .map((piece) => ({
        ...piece,
        from: Math.max(piece.from, at),
        to: Math.min(piece.to, range.to),
      }))
      .filter(({ from, to }) => to > from);
    const [first, ...rest] = left;
    if (first === undefined) break;
    plainUpTo(first.from);
    const inner = drawRange(text, first, rest, reader);
    nodes.push(...drawEntity(first.entity, text.slice(first.from, first.to), inner, reader));
    at = first.to;
    // The quotation is a block: the line break behind it would be an empty line.
    if (first.entity.type === "expandable_blockquote" && text[at] === "\n") at += 1;
    left = rest;
  }
  plainUpTo(range.to);
  return nodes;
}

function drawEntity(
  entity: TextEntity,
  text: string,
  inner: readonly Node[],
  reader: Reader,
): readonly Node[] {
  switch (entity.type) {
    case "bold":
      return [element("b", {}, ...inner)];
    case "code":
      return [element("code", {}, ...inner)];
    case "expandable_blockquote":
      return [drawQuotation(text, inner)];
    case "date_time":
      return [drawTime(entity, text, reader)];
    case "bot_command":
      return [button(text, () => reader.send(text), { class: "command" })];
    default:
      return inner;
  }
}

/** Its first lines, until it is unfolded; a short one is seen whole. */
function drawQuotation(text: string, inner: readonly Node[]): HTMLElement {
  const body = element("div", {}, ...inner);
  const quotation = element("blockquote", {}, body);
  if (text.split("\n").length <= foldedLinesMax && text.length <= foldedCharsMax) return quotation;
  const toggle = button("", () => fold(!quotation.classList.contains("folded")));
  const fold = (folded: boolean): void => {
    quotation.classList.toggle("folded", folded);
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.textContent = folded ? "Show all" : "Show less";
  };
  fold(true);
  quotation.append(toggle);
  return quotation;
}

/** What somebody has unfolded stays so when its message is drawn anew. */
export function keepUnfolded(before: HTMLElement, after: HTMLElement): void {
  const quotations = after.querySelectorAll("blockquote");
  for (const [index, old] of before.querySelectorAll("blockquote").entries()) {
    const quotation = quotations[index];
    const isSame = quotation?.firstChild?.textContent === old.firstChild?.textContent;
    if (isSame && !old.classList.contains("folded")) {
      quotation?.querySelector<HTMLElement>(":scope.folded > button")?.click();
    }
  }
}

/** In the browser's own zone; what the bot wrote, which is UTC, is its title. */
function drawTime(
  { unix_time: seconds = 0, date_time_format: format = "" }: TextEntity,
  text: string,
  { language }: Reader,
): HTMLElement {
  const time = new Date(seconds * 1000);
  const parts = /^(w)?([dD])?([tT])?$/.exec(format);
  // A format that says nothing, or is relative: then the bot's own text is shown.
  if (Number.isNaN(time.getTime()) || parts === null || format === "") {
    return element("span", {}, text);
  }
  const [, weekday, date, clock] = parts;
  const isThisYear = time.getFullYear() === new Date().getFullYear();
  const shown = new Intl.DateTimeFormat(language, {
    hourCycle: "h23",
    ...(weekday !== undefined && { weekday: "short" }),
    ...(date !== undefined && {
      day: "numeric",
      month: date === "D" ? "long" : "short",
      ...(!isThisYear && { year: "numeric" }),
    }),
    ...(clock !== undefined && { hour: "2-digit", minute: "2-digit" }),
    ...(clock === "T" && { second: "2-digit" }),
  });
  return element("time", { datetime: time.toISOString(), title: text }, shown.format(time));
}
