// The notation of tests/chats: a conversation as people read it, and as it is played and compared.
//
//   Anna: /set_fees                                  a text; further lines are indented
//   Anna: [fees.yml: maker_percent 150] the reason   a document, named in the test, with a caption
//   Anna: [photo]  [sticker]  [album]                what the bot should not take for a config
//   Anna: (presses Undo)                             the newest button of that name
//   (the file is edited by hand)                     something that the test does, by that name
//   Bot:  Send me the new fees.yml as a file.        a message; with several people `Bot → Anna:`
//   Bot (edited): ✅ …                               also `Bot (deleted)` and `Bot (to the press)`
//   **bold**  `code`  {a time}  > a quoted line      entities; [danger: Reject] a button with a style
import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { eventText, textIndent, type ChatEvent } from "../../sandbox/bot-api/chat-events.ts";

/** What a person or the test does. */
export type Action =
  | { readonly kind: "text"; readonly person: string; readonly text: string }
  | {
      readonly kind: "attachment";
      readonly person: string;
      readonly label: string;
      readonly caption: string;
    }
  | { readonly kind: "press"; readonly person: string; readonly button: string }
  | { readonly kind: "act"; readonly name: string };

/** One action as written, and how many of the bot's lines the script expects after it. */
export interface Step {
  /** Undefined at the start of a block that the bot opens. */
  readonly action: Action | undefined;
  readonly lines: readonly string[];
  readonly botEvents: number;
}

/** A chat file: what stands around the blocks, and the blocks; `prose` has one piece more. */
export interface ChatFile {
  readonly prose: readonly string[];
  readonly blocks: readonly (readonly Step[])[];
}

/** @throws for a line in a block that is none of the notation, with its number */
export function parseChatFile(text: string, people: readonly string[]): ChatFile {
  const prose: string[] = [];
  const blocks: Step[][] = [];
  let outside: string[] = [];
  let block: MutableStep[] | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("```")) {
      outside.push(line);
      if (block === undefined) {
        prose.push(outside.join("\n"));
        outside = [];
        block = [];
      } else {
        blocks.push(block.map(finishStep));
        outside = [line];
        block = undefined;
      }
    } else if (block === undefined) {
      outside.push(line);
    } else {
      readLine(block, line, index + 1, people);
    }
  }
  prose.push(outside.join("\n"));
  return { prose, blocks };
}

/** The text of a file whose blocks say `blocks`. */
export function renderChatFile(prose: readonly string[], blocks: readonly string[]): string {
  return prose
    .map((piece, index) => [piece, ...blocks.slice(index, index + 1)].join("\n"))
    .join("\n");
}

/** One event in the notation, or undefined for what nobody sees. `person` is whose chat it is, if that is not plain. */
export function renderEvent(event: ChatEvent, person: string | undefined): string | undefined {
  return event.kind === "callback_answer" && event.text === ""
    ? undefined
    : eventText(withMarks(event), person === undefined ? "Bot" : `Bot → ${person}`);
}

/** With what stands out marked in the text itself. */
function withMarks(event: ChatEvent): ChatEvent {
  if (event.kind === "callback_answer") return event;
  const { message } = event;
  const { text, caption, reply_markup: markup } = message;
  const shown = {
    ...message,
    ...(text !== undefined && { text: markedText(text, message.entities) }),
    ...(caption !== undefined && { caption: markedText(caption, message.caption_entities) }),
    ...(markup !== undefined && { reply_markup: { inline_keyboard: markedButtons(markup) } }),
  };
  return { ...event, message: shown };
}

const markPairs: Readonly<Record<string, readonly [before: string, after: string]>> = {
  bold: ["**", "**"],
  code: ["`", "`"],
  date_time: ["{", "}"],
};

function markedText(text: string, entities: readonly MessageEntity[] = []): string {
  const quotes = entities.filter(({ type }) => type === "expandable_blockquote");
  const characters = text.split("");
  let marked = "";
  for (let at = 0; at <= text.length; at += 1) {
    // What began last ends first.
    for (const { type, offset, length } of entities.toReversed()) {
      if (offset + length === at) marked += markPairs[type]?.[1] ?? "";
    }
    const isQuoted = quotes.some(({ offset, length }) => offset <= at && at < offset + length);
    if (isQuoted && (at === 0 || text[at - 1] === "\n")) marked += "> ";
    for (const { type, offset } of entities) {
      if (offset === at) marked += markPairs[type]?.[0] ?? "";
    }
    marked += characters[at] ?? "";
  }
  return marked;
}

function markedButtons({ inline_keyboard: rows }: InlineKeyboardMarkup): InlineKeyboardButton[][] {
  return rows.map((row) =>
    row.map((button) =>
      button.style === undefined ? button : { ...button, text: `${button.style}: ${button.text}` },
    ),
  );
}

interface MutableStep {
  person: string | undefined;
  lines: string[];
  content: string;
  botEvents: number;
}

function readLine(
  block: MutableStep[],
  line: string,
  number: number,
  people: readonly string[],
): void {
  const isContinuation = line === "" || line.startsWith(" ");
  const last = block.at(-1);
  if (isContinuation && last !== undefined) {
    // Below a line of the bot it is the bot's; those are only counted.
    if (last.botEvents === 0) {
      last.lines.push(line);
      last.content += `\n${line.slice(textIndent)}`;
    }
    return;
  }
  if (/^Bot(?: → [^:(]+)?(?: \([^)]+\))?:/.test(line)) {
    const step = last ?? { person: undefined, lines: [], content: "", botEvents: 0 };
    step.botEvents += 1;
    if (last === undefined) {
      block.push(step);
    }
    return;
  }
  const person = people.find((name) => line.startsWith(`${name}:`));
  if (person === undefined && !/^\(.+\)$/.test(line)) {
    throw new Error(`line ${number}: nobody known says this: ${line}`);
  }
  const content = person === undefined ? line : line.slice(person.length + 1).trimStart();
  block.push({ person, lines: [line], content, botEvents: 0 });
}

function finishStep({ person, lines, content, botEvents }: MutableStep): Step {
  const action = lines.length === 0 ? undefined : parseAction(person, content.trimEnd());
  return { action, lines, botEvents };
}

function parseAction(person: string | undefined, content: string): Action {
  const parenthesized = /^\((.+)\)$/s.exec(content)?.[1];
  if (person === undefined) {
    return { kind: "act", name: parenthesized ?? "" };
  }
  const button = /^presses (.+)$/s.exec(parenthesized ?? "")?.[1];
  if (button !== undefined) {
    return { kind: "press", person, button };
  }
  const [, label, caption] = /^\[([^\]]+)\]\s*(.*)$/s.exec(content) ?? [];
  return label === undefined
    ? { kind: "text", person, text: content }
    : { kind: "attachment", person, label, caption: caption ?? "" };
}
