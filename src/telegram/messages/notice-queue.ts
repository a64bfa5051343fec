// Sends notices at a pace that Telegram allows, behind everything that somebody waits for. What has piled up for one person comes in
// one message. Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
import type { MessageReference } from "../../model/revision.ts";
import type { Language, Line } from "../../words/line.ts";
import { joined, type Rendered, renderLine, type Text, titled } from "../../words/text.ts";
import { messageText } from "./message-text.ts";
import { messageCharsMax } from "../api/plain-text.ts";
import type { Keyboard } from "./keyboard.ts";
import { createUnderWay } from "../../store/under-way.ts";

/** Telegram takes about 30 messages a second from a bot; uploads need theirs. */
const messagesPerSecond = 15;
/** Telegram takes about one a second in one chat, and a few at once. */
const inOneChat = { perSecond: 1, atOnce: 5 };
/** How often it is looked whether somebody may be written to again. */
const lookMs = 50;
/** For one person; older ones are counted, not kept. */
const waitingMax = 50;

export interface Notice {
  readonly text: Text;
  /** Of a line in a list, for lines that have no limit of their own. */
  readonly lineCharsMax?: number;
  /** In a message of its own, with sound, also for those who muted the bot: something is wanted of them, or went back by itself. */
  readonly urgent?: {
    readonly keyboard: Keyboard | undefined;
    /** Told of the message that it became. */
    readonly shownIn?: (message: MessageReference) => Promise<void>;
  };
}

export interface NoticeQueue {
  /** Sends it when its turn comes, together with what else waits for this person. Returns at once. */
  add(personId: number, notice: Notice): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly notices: Notice[];
  /** How many older ones were not kept. */
  dropped: number;
}

/**
 * @param send - does not reject
 * @param droppedText - says that so many notices before were left out
 */
export function createNoticeQueue(
  send: (personId: number, said: Rendered, urgent: Notice["urgent"]) => Promise<void>,
  languageOf: (personId: number) => Promise<Language>,
  droppedText: (count: number) => Line,
): NoticeQueue {
  const waiting = new Map<number, Waiting>();
  const allowances = new Map<number, Allowance>();
  const allowance = createAllowance(messagesPerSecond, messagesPerSecond);
  const inFlight = createUnderWay();
  let running: Promise<void> | undefined;

  function allowanceOf(personId: number): Allowance {
    const known =
      allowances.get(personId) ?? createAllowance(inOneChat.perSecond, inOneChat.atOnce);
    allowances.set(personId, known);
    return known;
  }

  /** The first who may be written to at this moment. */
  function nextInLine(): { readonly personId: number; readonly one: Waiting } | undefined {
    for (const [personId, one] of waiting) {
      if (allowanceOf(personId).left() >= 1) return { personId, one };
    }
    return undefined;
  }

  async function run(): Promise<void> {
    // So that it has not ended before it is noted as running.
    await Promise.resolve();
    while (waiting.size > 0) {
      const next = allowance.left() < 1 ? undefined : nextInLine();
      if (next === undefined) {
        await wait(lookMs);
        continue;
      }
      const { personId, one } = next;
      // Each change in a message of its own, unless more have come than may be sent.
      const language = await languageOf(personId);
      const [first] = one.notices;
      const { said, taken } =
        first !== undefined &&
        (first.urgent !== undefined ||
          (one.dropped === 0 && one.notices.length <= allowanceOf(personId).left()))
          ? { said: asMessage(first, language), taken: 1 }
          : inOneMessage(one, language, droppedText);
      allowance.take();
      allowanceOf(personId).take();
      one.notices.splice(0, taken);
      if (first?.urgent === undefined) one.dropped = 0;
      // Last in the line again, where more waits: everybody gets their turn.
      waiting.delete(personId);
      if (one.notices.length > 0 || one.dropped > 0) waiting.set(personId, one);
      void inFlight.add(send(personId, said, first?.urgent));
    }
    running = undefined;
  }

  return {
    add(personId, notice) {
      const one = waiting.get(personId) ?? { notices: [], dropped: 0 };
      one.notices.push(notice);
      if (one.notices.length > waitingMax) {
        // What is urgent is never left out for what is not.
        const plain = one.notices.findIndex(({ urgent }) => urgent === undefined);
        one.notices.splice(Math.max(0, plain), 1);
        one.dropped += 1;
      }
      waiting.set(personId, one);
      running ??= run();
    },
    async idle() {
      await running;
      await inFlight.idle();
    },
  };
}

/** So many at once, and then so many a second. */
interface Allowance {
  left(): number;
  take(): void;
}

function createAllowance(perSecond: number, atOnce: number): Allowance {
  let tokens = atOnce;
  let sinceMs = performance.now();
  const refill = (): void => {
    const nowMs = performance.now();
    tokens = Math.min(atOnce, tokens + ((nowMs - sinceMs) / 1000) * perSecond);
    sinceMs = nowMs;
  };
  return {
    left() {
      refill();
      return tokens;
    },
    take() {
      refill();
      tokens -= 1;
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Many people read the same text: in each language it is made once. */
const rendered = new WeakMap<Text, Map<string, Rendered>>();

function asMessage({ text, lineCharsMax }: Notice, language: Language): Rendered {
  const known = rendered.get(text) ?? new Map<string, Rendered>();
  rendered.set(text, known);
  const key = `${language} ${lineCharsMax}`;
  const said = known.get(key) ?? messageText(text, language, lineCharsMax);
  known.set(key, said);
  return said;
}

/** Between the notices of one message. */
const separator = "\n\n";

/** As many of the plain ones as one message takes, at least one. */
function inOneMessage(
  { notices, dropped }: Waiting,
  language: Language,
  droppedText: (count: number) => Line,
): { readonly said: Rendered; readonly taken: number } {
  const parts = dropped === 0 ? [] : [titled(renderLine(droppedText(dropped), language))];
  let chars = parts.reduce((sum, { text }) => sum + text.length + separator.length, 0);
  let taken = 0;
  for (const each of notices) {
    if (each.urgent !== undefined) break;
    const next = asMessage(each, language);
    if (taken > 0 && chars + next.text.length > messageCharsMax) break;
    parts.push(next);
    chars += next.text.length + separator.length;
    taken += 1;
  }
  return { said: joined(parts, separator), taken };
}
