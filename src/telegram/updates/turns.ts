// How much of the bot one person can take up at once, however fast they write and however slowly Telegram takes the answers: so that
// everybody else is answered, and memory stays as it is. Commands that look are answered a few at a time, since each holds a file;
// the others wait here, as the small messages they are. All else waits for its turn in the chat (see routes.ts), where it is as small.
import type { Update } from "grammy/types";
import { createUnderWay } from "../../store/under-way.ts";

/** Of one person, commands that look and presses: each may hold a config as large as may be. */
const answersUnderWayMax = 4;
/** Of one person, what the poller waits for; it waits for {@link import("./poller.ts")}'s own number in all. */
const awaitedMax = 16;
/** Of one person, commands that look and presses that wait for the others; and as many of all else under way. More is not looked at. */
const updatesMax = 500;

export interface Turns {
  /** Resolves when the update was handled, or at once where so much of its person's is under way that nobody should wait for it. */
  take(update: Update): Promise<void>;
  /** Whether this one is too much, and should only be told so. */
  isTooMuch(update: Update): boolean;
  /** Resolves when everything that was taken is handled. */
  idle(): Promise<void>;
}

export interface TurnsOptions {
  readonly handle: (update: Update) => Promise<void>;
  /** Whether it is one of those of which only a few are answered at a time. */
  readonly isHeavy: (update: Update) => boolean;
  /** For what nobody waits for any more. */
  readonly onBug: (error: unknown) => void;
}

interface Person {
  /** Handled at this moment, or waiting for its turn in a chat; those that look are not among them. */
  light: number;
  looking: number;
  /** Those that look later. */
  readonly waiting: Update[];
}

export function createTurns({ handle, isHeavy, onBug }: TurnsOptions): Turns {
  const people = new Map<number, Person>();
  const tooMuch = new WeakSet<Update>();
  const unawaited = createUnderWay();

  function leaveUnawaited(handling: Promise<void>): void {
    void unawaited.add(handling.catch(onBug));
  }

  async function run(update: Update, id: number, person: Person): Promise<void> {
    const kind = isHeavy(update) && !tooMuch.has(update) ? "looking" : "light";
    person[kind] += 1;
    try {
      await handle(update);
    } finally {
      person[kind] -= 1;
      const next = person.looking < answersUnderWayMax ? person.waiting.shift() : undefined;
      if (next !== undefined) leaveUnawaited(run(next, id, person));
      else if (person.light + person.looking === 0) people.delete(id);
    }
  }

  return {
    isTooMuch: (update) => tooMuch.has(update),
    async take(update) {
      const id = personOf(update);
      if (id === undefined) return handle(update);
      const person = people.get(id) ?? { light: 0, looking: 0, waiting: [] };
      people.set(id, person);
      const heavy = isHeavy(update);
      if ((heavy ? person.waiting.length : person.light) >= updatesMax) tooMuch.add(update);
      else if (heavy && person.looking >= answersUnderWayMax) {
        person.waiting.push(update);
        return undefined;
      }
      const handling = run(update, id, person);
      if (person.light + person.looking <= awaitedMax) return handling;
      leaveUnawaited(handling);
      return undefined;
    },
    idle: () => unawaited.idle(),
  };
}

function personOf({ message, callback_query: press }: Update): number | undefined {
  return (message?.from ?? press?.from)?.id;
}
