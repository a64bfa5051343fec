// Plays a chat of tests/chats against the running bot and compares every word of what comes back with the file.
// With UPDATE_CHATS=1 the file is written instead; read what changed before you commit it. UPDATE_CHATS=words is for where only words changed: it waits for as
// many lines as the file has, so it is fast and works on a busy machine. Files in another language are always written so.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { ChatEvent } from "../../sandbox/bot-api/chat-events.ts";
import type { AlbumItem, Person } from "../../sandbox/bot-api/people.ts";
import type { TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import type { UploadOptions } from "../../sandbox/bot-api/incoming.ts";
import {
  parseChatFile,
  renderChatFile,
  renderEvent,
  type Action,
  type Step,
} from "./chat-script.ts";

// What is over the expected number of lines at the end can only be found by waiting a moment for it.
const settleMs = 150;
const updateSettleMs = Number(process.env["CHAT_SETTLE_MS"] ?? 600);

/** A document that a chat file names in brackets; its file name is what stands before the colon. */
type Upload =
  | string
  | Uint8Array
  | {
      readonly bytes: string | Uint8Array;
      readonly name?: string;
      readonly options?: UploadOptions;
    }
  | { readonly album: readonly AlbumItem[] };

/** What a chat file is played with. */
export interface ChatCast {
  readonly server: TelegramServer;
  /** By the names that the file uses. With more than one, the bot's lines say whom they go to. */
  readonly people: Readonly<Record<string, Person>>;
  /** By what stands in the brackets. */
  readonly uploads?: Readonly<Record<string, Upload>>;
  /** What lines in parentheses do, by what they say. */
  readonly acts?: Readonly<Record<string, () => unknown>>;
  /** Replaced in what the bot says, beside backup names, hashes and times. */
  readonly replace?: readonly (readonly [pattern: RegExp, replacement: string])[];
  /** For each step. Default 30,000. */
  readonly timeoutMs?: number;
  /** How a button is called in the language of this play: the file is written in English. Default: as there. */
  readonly labelOf?: (english: string) => string;
  /** The folder within `folder` that has this play, where that is not the file itself. */
  readonly playedIn?: string;
  /** Where the chat files are. Default tests/chats. */
  readonly folder?: URL;
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9_]*\.\d{8}T\d{9}Z\.[\w-]+\.yml\b/g, "<backup>"],
  [/\b[0-9a-f]{64}\b/g, "<hash>"],
  [/\b(sha-?256|hash)([:\s`]+)[0-9a-f]{7,63}\b/gi, "$1$2<hash>"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC)\b)?/g, "<time>"],
];

/**
 * Plays `<name>.md`, each line after the bot has said as much as the file expects, and fails where one word differs. In another language what people do
 * is the same, and what the bot says is compared with the file of this name in `playedIn`.
 * @throws for a file that is not in the notation, or names what the cast does not have
 */
export async function playChat(name: string, cast: ChatCast): Promise<void> {
  const folder = cast.folder ?? new URL("../chats/", import.meta.url);
  const script = await readFile(new URL(`${name}.md`, folder), "utf8");
  const path = new URL(`${cast.playedIn ?? "."}/${name}.md`, folder);
  const update = process.env["UPDATE_CHATS"];
  const isUpdate = update === "1" || update === "words";
  const isFree = update === "1" && cast.playedIn === undefined;
  const expected = isUpdate ? "" : await readFile(path, "utf8");
  const { prose, blocks } = parseChatFile(script, Object.keys(cast.people));
  const stage = new Stage(cast);
  const played: string[] = [];
  for (const steps of blocks) {
    played.push(isFree ? await stage.playFreely(steps) : await stage.playAsWritten(steps));
  }
  stage.close();
  const actual = renderChatFile(prose, played);
  if (isUpdate && stage.complaint === undefined) {
    await mkdir(new URL(".", path), { recursive: true });
    await writeFile(path, actual);
  } else {
    expect(actual, stage.complaint ?? "the chat differs").toBe(expected);
  }
}

/** What was done or said. */
interface Line {
  readonly text: string;
  /** In whose chat; undefined for what was done. */
  readonly of: string | undefined;
  /** 0 for what is no message. */
  readonly messageId: number;
}

/** How far work is that lasts: on a busy machine anything may last. */
const progress = /^⏳.*\n(?:Downloaded|Still checking|Загружено|Проверка идёт)/u;

class Stage {
  readonly #cast: ChatCast;
  readonly #names: ReadonlyMap<number, string>;
  readonly #close: () => void;
  #lines: Line[] = [];
  #botEvents = 0;
  #botEventsExpected = 0;
  /** Where in the lines the bot's answers to the last action begin. */
  #stepBegan = 0;
  complaint: string | undefined;

  constructor(cast: ChatCast) {
    this.#cast = cast;
    this.#names = new Map(
      Object.entries(cast.people).map(([name, person]) => [person.chatId, name]),
    );
    this.#close = cast.server.events.subscribe((event) => this.#listen(event));
  }

  close(): void {
    this.#close();
  }

  async playAsWritten(steps: readonly Step[]): Promise<string> {
    for (const step of steps) {
      await this.#act(step);
      this.#botEventsExpected += step.botEvents;
      if (!(await this.#hasHeardEnough())) {
        this.complaint = `nothing more came after: ${step.lines.join("\n")}`;
        return this.#takeLines();
      }
      this.#sortStep(actorOf(step));
    }
    await sleep(settleMs);
    return this.#takeLines();
  }

  async playFreely(steps: readonly Step[]): Promise<string> {
    for (const step of steps) {
      await this.#act(step);
      let heard = -1;
      while (heard !== this.#botEvents) {
        heard = this.#botEvents;
        await sleep(updateSettleMs);
      }
      this.#sortStep(actorOf(step));
    }
    return this.#takeLines();
  }

  #listen(event: ChatEvent): void {
    const name = this.#names.get(event.chatId);
    if (name === undefined || (event.kind !== "callback_answer" && event.by !== "bot")) {
      return;
    }
    if (event.kind === "edit" && progress.test(event.message.text ?? "")) return;
    const line = renderEvent(event, this.#names.size > 1 ? name : undefined);
    if (line !== undefined) {
      this.#botEvents += 1;
      const messageId = event.kind === "callback_answer" ? 0 : event.message.message_id;
      this.#lines.push({ text: this.#withoutVolatile(line), of: name, messageId });
    }
  }

  #withoutVolatile(line: string): string {
    return [...volatile, ...(this.#cast.replace ?? [])].reduce(
      (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
      line,
    );
  }

  async #hasHeardEnough(): Promise<boolean> {
    const { server, timeoutMs } = this.#cast;
    const isEnough = (): true | undefined =>
      this.#botEvents >= this.#botEventsExpected ? true : undefined;
    if (isEnough()) {
      return true;
    }
    try {
      const since = server.events.cursor();
      return await server.events.waitFor(isEnough, { since, timeoutMs: timeoutMs ?? 30_000 });
    } catch {
      return false; // The comparison shows what is missing better than any message.
    }
  }

  /** In what order several people are told of one thing is by chance, and so is that of edits of several messages. */
  #sortStep(actor: string | undefined): void {
    // Who acted comes first, then the others as they are cast.
    const order = [actor, ...Object.keys(this.#cast.people)];
    const said = this.#lines.splice(this.#stepBegan);
    this.#lines.push(
      ...said.toSorted(
        (one, other) =>
          order.indexOf(one.of) - order.indexOf(other.of) || one.messageId - other.messageId,
      ),
    );
  }

  #takeLines(): string {
    const text = this.#lines.map((line) => line.text).join("\n");
    this.#lines = [];
    this.#stepBegan = 0;
    return text;
  }

  async #act({ action, lines }: Step): Promise<void> {
    if (action === undefined) {
      return;
    }
    this.#lines.push({ text: this.#spoken(lines.join("\n"), action), of: undefined, messageId: 0 });
    this.#stepBegan = this.#lines.length;
    if (action.kind === "act") {
      await named(this.#cast.acts, action.name, "act")();
      return;
    }
    const person = named(this.#cast.people, action.person, "person");
    switch (action.kind) {
      case "text":
        person.send(action.text);
        return;
      case "press":
        person.press(...findPressed(person, this.#labelOf(action.button)));
        return;
      case "attachment":
        this.#attach(person, action);
        return;
      default:
        return action satisfies never;
    }
  }

  #labelOf(english: string): string {
    return this.#cast.labelOf?.(english) ?? english;
  }

  #spoken(line: string, action: Action): string {
    return action.kind === "press"
      ? line.replace(action.button, () => this.#labelOf(action.button))
      : line;
  }

  #attach(person: Person, { label, caption }: Action & { kind: "attachment" }): void {
    const upload = this.#cast.uploads?.[label];
    const withCaption = caption === "" ? {} : { caption };
    if (upload === undefined && label === "photo") {
      person.sendPhoto(withCaption);
    } else if (upload === undefined && label === "sticker") {
      person.sendSticker();
    } else if (upload === undefined && label === "album") {
      person.sendAlbum([{ kind: "photo", ...withCaption }, { kind: "photo" }]);
    } else {
      const found = named(this.#cast.uploads, label, "upload");
      const name = label.split(":", 1)[0] ?? label;
      if (typeof found === "string" || found instanceof Uint8Array) {
        person.upload(name, found, withCaption);
      } else if ("album" in found) {
        person.sendAlbum(found.album);
      } else {
        person.upload(found.name ?? name, found.bytes, { ...withCaption, ...found.options });
      }
    }
  }
}

function actorOf({ action }: Step): string | undefined {
  return action !== undefined && action.kind !== "act" ? action.person : undefined;
}

function findPressed(person: Person, button: string): Parameters<Person["press"]> {
  const message = person
    .messages()
    .findLast((candidate) =>
      candidate.reply_markup?.inline_keyboard.flat().some(({ text }) => text === button),
    );
  if (message === undefined) {
    throw new Error(`no message has a button "${button}":\n${person.transcript()}`);
  }
  return [message, button];
}

function named<T>(things: Readonly<Record<string, T>> | undefined, name: string, what: string): T {
  const found = things?.[name];
  if (found === undefined) {
    const known = Object.keys(things ?? {}).join(", ");
    throw new Error(`the chat names the ${what} "${name}"; the test has: ${known}`);
  }
  return found;
}
