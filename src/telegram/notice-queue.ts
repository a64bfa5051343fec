// Sends notices at a pace that Telegram allows, behind everything that somebody waits for. What has piled up for one person comes in
// one message. Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
/** Telegram takes about 30 messages a second from a bot; uploads need theirs. */
const messagesPerSecondMax = 15;
/** Telegram takes about one a second in one chat. */
const chatPauseMs = 1000;
/** Telegram's limit is 4096: https://core.telegram.org/bots/api#sendmessage */
const textCharsMax = 4096;
/** For one person; older ones are counted, not kept. */
const waitingMax = 50;

export interface NoticeQueue {
  /** Sends it when its turn comes, together with what else waits for this person. Returns at once. */
  add(personId: number, text: string): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly texts: string[];
  /** How many older ones were not kept. */
  dropped: number;
}

/**
 * @param send - does not reject
 * @param droppedText - says that so many notices before were left out
 */
export function createNoticeQueue(
  send: (personId: number, text: string) => Promise<void>,
  droppedText: (count: number) => string,
): NoticeQueue {
  const waiting = new Map<number, Waiting>();
  const sending = new Set<number>();
  const inFlight = new Set<Promise<void>>();
  let running: Promise<void> | undefined;

  async function sendTo(personId: number, text: string): Promise<void> {
    sending.add(personId);
    await send(personId, text);
    setTimeout(() => sending.delete(personId), chatPauseMs).unref();
  }

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const next = [...waiting].find(([personId]) => !sending.has(personId));
      if (next === undefined) {
        await wait(1000 / messagesPerSecondMax);
        continue;
      }
      const [personId, one] = next;
      const { text, taken } = joined(one, droppedText);
      one.texts.splice(0, taken);
      one.dropped = 0;
      // Last in the line again, where more waits: everybody gets their turn.
      waiting.delete(personId);
      if (one.texts.length > 0) waiting.set(personId, one);
      const sent = sendTo(personId, text).finally(() => inFlight.delete(sent));
      inFlight.add(sent);
      await wait(1000 / messagesPerSecondMax);
    }
    running = undefined;
  }

  return {
    add(personId, text) {
      const one = waiting.get(personId) ?? { texts: [], dropped: 0 };
      one.texts.push(text);
      if (one.texts.length > waitingMax) {
        one.texts.shift();
        one.dropped += 1;
      }
      waiting.set(personId, one);
      running ??= run();
    },
    async idle() {
      await running;
      await Promise.all(inFlight);
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** As many of the texts as one message takes, at least one. */
function joined(
  { texts, dropped }: Waiting,
  droppedText: (count: number) => string,
): { readonly text: string; readonly taken: number } {
  let text = dropped === 0 ? "" : droppedText(dropped);
  let taken = 0;
  for (const each of texts) {
    const longer = text === "" ? each : `${text}\n\n${each}`;
    if (taken > 0 && longer.length > textCharsMax) break;
    text = longer;
    taken += 1;
  }
  return { text, taken };
}
