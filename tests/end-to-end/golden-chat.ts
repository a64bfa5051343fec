// A golden chat, played by the real process once in English and once in Russian, both at once: what people do is written down once, in the
// English file; what the bot says is compared with a file for each language.
import { test, vi } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { buttonLabels } from "../../src/words/decision-words.ts";
import { setButton } from "../../src/words/file-words.ts";
import { type Language, languages, type Line } from "../../src/words/line.ts";
import { renderLine } from "../../src/words/text.ts";
import type { AirlockOptions } from "./airlock-process.ts";
import { openStage, type Stage } from "./stage.ts";
import { type ChatCast, playChat } from "./transcript.ts";

// So many chats at once: mostly they wait, but a bot that starts takes a processor.
vi.setConfig({ maxConcurrency: 3 });

/** How long it took is no part of what is promised. */
const replace = [
  [/(?:up for|работает) \d+ \p{L}+/gu, "up for <uptime>"],
  [/\d+ (?:second|minute)s? ago|just now/g, "<ago>"],
  [/\d+ (?:секунд|минут)[уы]? назад|только что/g, "<ago>"],
  [/\b\d\d:\d\d:\d\d UTC/g, "<clock>"],
] as const;

export interface GoldenChat extends Stage {
  readonly language: Language;
  /** Plays a file of tests/chats. @param people - whose chats are in it */
  readonly play: (
    name: string,
    people: readonly ("anna" | "boris" | "carol" | "eve")[],
    cast?: Pick<ChatCast, "acts" | "uploads" | "replace" | "timeoutMs">,
  ) => Promise<void>;
  /** In the language of the play, to find a message by; what it must say stands in the files. */
  readonly said: (line: Line) => string;
  /** The button of the newest message of `owner` that says so and has it, pressed by `presser`. */
  readonly press: (
    presser: Person,
    owner: Person,
    button: string,
    says: string,
  ) => Promise<unknown>;
}

type AfterTest = NonNullable<AirlockOptions["afterTest"]>;
type Options = Omit<AirlockOptions, "server" | "afterTest">;

/**
 * @param title - of a chat whose texts depend on how fast something is done: it is played while no other one of its file is
 * @param open - what to start the bot with
 */
export function goldenChatAlone(...chat: Parameters<typeof goldenChat>): void {
  play(test.sequential, ...chat);
}

/** @param open - what to start the bot with */
export function goldenChat(
  title: string,
  open: Options | ((afterTest: AfterTest, language: Language) => Promise<Options>),
  body: (chat: GoldenChat) => Promise<void>,
): void {
  play(test.concurrent, title, open, body);
}

function play(
  how: typeof test.sequential,
  title: string,
  open: Options | ((afterTest: AfterTest, language: Language) => Promise<Options>),
  body: (chat: GoldenChat) => Promise<void>,
): void {
  for (const language of languages) {
    const name = `${title}, in ${language === "en" ? "English" : "Russian"}`;
    how(name, { timeout: 120_000 }, async (context) => {
      const afterTest: AfterTest = (cleanUp) => context.onTestFinished(cleanUp);
      const options = typeof open === "function" ? await open(afterTest, language) : open;
      const env = { ...options.env, LANGUAGE: language };
      const stage = await openStage({ ...options, env, afterTest });
      const labelOf = (english: string): string => label(english, language);
      await body({
        ...stage,
        language,
        said: (line) => renderLine(line, language).text,
        press: (presser, owner, button, says) => press(presser, owner, labelOf(button), says),
        play: (name, people, cast = {}) =>
          playChat(name, {
            server: stage.server,
            people: Object.fromEntries(
              people.map((who) => [stage[who].account.first_name, stage[who]]),
            ),
            ...cast,
            replace: [...(cast.replace ?? []), ...replace],
            labelOf,
            ...(language !== "en" && { playedIn: language }),
          }),
      });
    });
  }
}

const labels = [...Object.values(buttonLabels), setButton("fees.yml"), setButton("rates.yml")];

/** To find a button by. */
function label(english: string, language: Language): string {
  const place = / \(\d+\)$/.exec(english)?.[0] ?? "";
  const name = english.slice(0, english.length - place.length);
  const known = labels.find((each) => renderLine(each, "en").text === name);
  return known === undefined ? english : `${renderLine(known, language).text}${place}`;
}

function press(presser: Person, owner: Person, button: string, says: string): Promise<unknown> {
  for (const message of owner.messages().toReversed()) {
    const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
    const found = buttons.find(({ text }) => text === button);
    if (message.text?.includes(says) === true && found !== undefined && "callback_data" in found) {
      return presser.pressData(message, found.callback_data).answered;
    }
  }
  throw new Error(`there is no button ${button}`);
}
