// Under a change that went live: how far it has come over the machines that follow the store. Its message is edited as they come, until it
// is live on all, or another change takes its place; also where this bot took over from another one, or was started again.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { spreadOf, type Spread } from "../../model/machine.ts";
import { type MessageReference, messageSchema, type Revision } from "../../model/revision.ts";
import { refusedBecause } from "../../model/trouble.ts";
import type { Machines } from "../../store/machines.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { Records } from "../../store/records.ts";
import type { Line } from "../../words/line.ts";
import { spreadLines } from "../../words/machine-words.ts";
import { textSchema } from "../../words/kept-text.ts";
import { appliedKeyboard } from "./buttons.ts";
import type { LastEdit } from "./last-edit.ts";

/** Between two edits of one message. */
const editEveryMs = 3000;
/** Those that take longer than that are named. */
const earlyMs = 5000;
/** After that, `/status` is the place to look. */
export const followedMs = 60 * 60 * 1000;
const minuteMs = 60_000;
/** By then a bot that has just begun to lead knows which machines there are. */
const machinesKnownMs = 10_000;

const followedSchema = z.object({
  config: z.string(),
  revision: z.int().positive(),
  message: messageSchema,
  readerId: z.int(),
  /** What the message says, without the machines. */
  said: textSchema,
  /** Its buttons may offer to join what it set back. */
  mergeable: z.boolean(),
  /** When it went live; milliseconds since 1970. */
  sinceMs: z.number(),
});
type Followed = Readonly<z.infer<typeof followedSchema>>;

/** A message that says that a change went live. */
type ToldChange = Pick<Followed, "message" | "readerId" | "said" | "mergeable">;

export interface Spreads {
  /** For the message that says that it went live; empty where no machine follows. */
  lines(live: ConfigStore, entry: Revision): readonly Line[];
  /** From now on the message is edited. Returns at once. */
  follow(live: ConfigStore, entry: Revision, told: ToldChange): void;
  /** Goes on with what another bot followed, or this one before it was started. Does not reject. */
  goOn(lives: readonly ConfigStore[]): Promise<void>;
  stop(): void;
}

interface SpreadsOptions {
  /** undefined where no machine can follow. */
  readonly followed:
    { readonly machines: Pick<Machines, "all">; readonly store: Records } | undefined;
  readonly lastEdit: LastEdit;
  readonly onTrouble: (what: string, error: unknown) => void;
}

export function createSpreads({ followed, lastEdit, onTrouble }: SpreadsOptions): Spreads {
  const timers = new Map<string, NodeJS.Timeout>();
  const machines = followed?.machines;
  const begunMs = performance.now();

  function spread({ config }: ConfigStore, revision: number): Spread {
    return spreadOf(machines?.all ?? [], config.id, revision, Date.now());
  }

  /** What is worth an edit: seconds that pass are not. */
  function worth(now: Spread, ageMs: number): unknown {
    const others = now.others.map((each) => ({
      ...each,
      silentMs: Math.floor(each.silentMs / minuteMs),
    }));
    return { ...now, others, isEarly: ageMs < earlyMs };
  }

  /** What the store refuses for now is lost at the worst: `/status` is there. */
  function note(noting: Promise<void> | undefined): void {
    noting?.catch((error: unknown) => onTrouble("noting where a change is shown", error));
  }

  /** @param shown - what the message says already; undefined where that is not known */
  function begin(key: string, live: ConfigStore, told: Followed, shown: unknown): void {
    const { revision, message, readerId, said, mergeable, sinceMs } = told;
    let last = shown;
    let isOver = false;

    async function look(): Promise<void> {
      const { newest } = live;
      const ageMs = Date.now() - sinceMs;
      const now = spread(live, revision);
      isOver = newest?.revision !== revision || ageMs > followedMs;
      if (isOver || newest === undefined) return;
      const next = worth(now, ageMs);
      if (now.all > 0 && !isDeepStrictEqual(next, last)) {
        const buttons = appliedKeyboard(live.config.id, newest, { mergeable });
        const text = [...said, ...spreadLines(now, ageMs < earlyMs)];
        await lastEdit({ ...message, readerId }, text, buttons);
        last = next;
      }
      isOver = now.all > 0 && now.live === now.all;
    }

    function again(): void {
      clearTimeout(timers.get(key));
      const timer = setTimeout(() => {
        look()
          .catch((error: unknown) => onTrouble("showing where a change is live", error))
          .finally(() => {
            // Another one of the same message has taken its place.
            if (timers.get(key) !== timer) return;
            timers.delete(key);
            if (isOver) note(followed?.store.remove(key));
            else again();
          });
      }, editEveryMs);
      timers.set(key, timer);
    }
    again();
  }

  return {
    lines: (live, entry) => spreadLines(spread(live, entry.revision), true),
    follow(live, { revision }, told) {
      if (followed === undefined) return;
      const now = spread(live, revision);
      if (now.all === 0 && performance.now() - begunMs > machinesKnownMs) return;
      const key = keyOf(told.message);
      const noted = { ...told, config: live.config.id, revision, sinceMs: Date.now() };
      note(followed.store.write(key, noted));
      begin(key, live, noted, worth(now, 0));
    },
    async goOn(lives) {
      if (followed === undefined) return;
      const { store } = followed;
      try {
        for (const key of await store.keys()) {
          if (timers.has(key)) continue;
          const told = followedSchema.safeParse(await store.read(key)).data;
          const live = lives.find(({ config }) => config.id === told?.config);
          if (told === undefined || live === undefined) await store.remove(key);
          else begin(key, live, told, undefined);
        }
      } catch (error) {
        if (refusedBecause(error) === undefined) throw error;
        onTrouble("reading what was followed", error);
      }
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function keyOf({ chat_id: chatId, message_id: messageId }: MessageReference): string {
  return `${chatId}-${messageId}`;
}
