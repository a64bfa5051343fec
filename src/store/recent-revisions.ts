// The newest revisions of one config, in memory: to know a version again, and a message that was applied.
import type { MessageReference, Revision } from "../model/revision.ts";

export const recentRevisionsMax = 1000;
/** Telegram delivers a message again for a day at the most; twice that, for clocks that differ. */
const redeliveredForMs = 2 * 24 * 60 * 60 * 1000;

export interface RecentRevisions {
  readonly last: Revision | undefined;
  /** Oldest first. */
  readonly all: readonly Revision[];
  /** @param entry - the one after {@link last} */
  add(entry: Revision): void;
  /** Tells of one that everybody may know of. */
  tell(entry: Revision): void;
  /**
   * Whether one of them came in this message. One that names no bot is taken for this bot's while Telegram could still deliver its
   * message again: rather ask for a file once more than apply one twice.
   */
  readonly hasMessage: (message: MessageReference) => boolean;
  readonly since: (revision: number) => readonly Revision[];
  /** The newest with these bytes that is `sinceRevision` or later. */
  readonly find: (sha256: string, sinceRevision: number) => Revision | undefined;
  /** Calls `listener` with each that is told from now on. @returns what ends that */
  readonly watch: (listener: (entry: Revision) => void) => () => void;
}

/** @param entries - the newest there are, oldest first */
export function recentRevisions(entries: readonly Revision[]): RecentRevisions {
  const recent = entries.slice(-recentRevisionsMax);
  /** By their message: each document that arrives is looked for in every config. */
  const byMessage = new Map<string, Revision[]>();
  for (const entry of recent) noteMessage(entry);
  const listeners = new Set<(entry: Revision) => void>();

  function noteMessage(entry: Revision): void {
    if (entry.message === null) return;
    const place = placeOf(entry.message);
    byMessage.set(place, [...(byMessage.get(place) ?? []), entry]);
  }

  function forgetMessage(forgotten: Revision | undefined): void {
    if (forgotten === undefined || forgotten.message === null) return;
    const place = placeOf(forgotten.message);
    const left = (byMessage.get(place) ?? []).filter((entry) => entry !== forgotten);
    if (left.length === 0) byMessage.delete(place);
    else byMessage.set(place, left);
  }

  return {
    get last() {
      return recent.at(-1);
    },
    all: recent,
    add(entry) {
      recent.push(entry);
      noteMessage(entry);
      if (recent.length > recentRevisionsMax) forgetMessage(recent.shift());
    },
    tell(entry) {
      for (const listener of listeners) listener(entry);
    },
    hasMessage(message) {
      const entries = byMessage.get(placeOf(message)) ?? [];
      return entries.some(({ at, message: known }) =>
        known?.bot_id === undefined
          ? Date.parse(at) > Date.now() - redeliveredForMs
          : known.bot_id === message.bot_id,
      );
    },
    since: (revision) => recent.filter((entry) => entry.revision > revision),
    find: (sha256, sinceRevision) =>
      recent.findLast((entry) => entry.sha256 === sha256 && entry.revision >= sinceRevision),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Each bot counts the messages of a chat itself: two of them may have the same place. */
function placeOf({ chat_id: chatId, message_id: messageId }: MessageReference): string {
  return `${chatId}:${messageId}`;
}
