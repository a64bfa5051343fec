// Plays a chat of tests/chats against the running bot and compares every word of what comes back with the file.
// With UPDATE_CHATS=1 the file is written instead; read what changed before you commit it.
import { readFile, writeFile } from "node:fs/promises";
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
const updateSettleMs = 600;

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
  /** For each step. Default 10,000. */
  readonly timeoutMs?: number;
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
 * Plays `<name>.md`, each line after the bot has said as much as the file expects, and fails where one word differs.
 * @throws for a file that is not in the notation, or names what the cast does not have
 */
export async function playChat(name: string, cast: ChatCast): Promise<void> {
  const path = new URL(`${name}.md`, cast.folder ?? new URL("../chats/", import.meta.url));
  const isUpdate = process.env["UPDATE_CHATS"] === "1";
  const expected = await readFile(path, "utf8");
  const { prose, blocks } = parseChatFile(expected, Object.keys(cast.people));
  const stage = new Stage(cast);
  const played: string[] = [];
  for (const steps of blocks) {
    played.push(isUpdate ? await stage.playFreely(steps) : await stage.playAsWritten(steps));
  }
  stage.close();
  const actual = renderChatFile(prose, played);
  if (isUpdate) {
    await writeFile(path, actual);
  } else {
    expect(actual, stage.complaint).toBe(expected);
  }
}

class Stage {
  readonly #cast: ChatCast;
  readonly #names: ReadonlyMap<number, string>;
  readonly #close: () => void;
  #lines: string[] = [];
  #botEvents = 0;
  #botEventsExpected = 0;
  complaint = "the chat differs";

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
    }
    return this.#takeLines();
  }

  #listen(event: ChatEvent): void {
    const name = this.#names.get(event.chatId);
    if (name === undefined || (event.kind !== "callback_answer" && event.by !== "bot")) {
      return;
    }
    const line = renderEvent(event, this.#names.size > 1 ? name : undefined);
    if (line !== undefined) {
      this.#botEvents += 1;
      this.#lines.push(this.#withoutVolatile(line));
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
      return await server.events.waitFor(isEnough, { since, timeoutMs: timeoutMs ?? 10_000 });
    } catch {
      return false; // The comparison shows what is missing better than any message.
    }
  }

  #takeLines(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    return text;
  }

  async #act({ action, lines }: Step): Promise<void> {
    if (action === undefined) {
      return;
    }
    this.#lines.push(lines.join("\n"));
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
        person.press(findPressed(person, action.button), action.button);
        return;
      case "attachment":
        this.#attach(person, action);
        return;
      default:
        return action satisfies never;
    }
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

function findPressed(person: Person, button: string): ReturnType<Person["messages"]>[number] {
  const message = person
    .messages()
    .findLast((candidate) =>
      candidate.reply_markup?.inline_keyboard.flat().some(({ text }) => text === button),
    );
  if (message === undefined) {
    throw new Error(`no message has a button "${button}":\n${person.transcript()}`);
  }
  return message;
}

function named<T>(things: Readonly<Record<string, T>> | undefined, name: string, what: string): T {
  const found = things?.[name];
  if (found === undefined) {
    const known = Object.keys(things ?? {}).join(", ");
    throw new Error(`the chat names the ${what} "${name}"; the test has: ${known}`);
  }
  return found;
}
