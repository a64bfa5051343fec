// Where open questions are kept, so that they survive a restart: by chat and person, since two admins of one group must
// not share a conversation.
import type { ConversationData, VersionedState } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Records } from "../../store/records.ts";

/** To be raised when a conversation's steps change: old ones are forgotten then. */
const conversationVersion = 2;

/** The chat and person that an update belongs to; undefined where it has not both. */
export function chatAndPerson(ctx: Context): string | undefined {
  const { chatId, from } = ctx;
  return chatId === undefined || from === undefined ? undefined : `${chatId}_${from.id}`;
}

export function conversationStorage(store: Records): {
  readonly type: "key";
  readonly version: number;
  readonly getStorageKey: (ctx: Context) => string | undefined;
  readonly adapter: {
    read(key: string): Promise<VersionedState<ConversationData> | undefined>;
    write(key: string, state: VersionedState<ConversationData>): Promise<void>;
    delete(key: string): Promise<void>;
  };
} {
  return {
    type: "key",
    version: conversationVersion,
    // A question of another bot, whose chats have the same numbers, is none of this one's.
    getStorageKey: (ctx) => {
      const key = chatAndPerson(ctx);
      return key === undefined ? undefined : `${ctx.me.id}_${key}`;
    },
    adapter: {
      async read(key) {
        const value = await store.read(key);
        return isVersionedState(value) ? value : undefined;
      },
      write: (key, state) => store.write(key, state),
      delete: (key) => store.remove(key),
    },
  };
}

/** The plugin checks the version inside; this checks that there is one. */
function isVersionedState(value: unknown): value is VersionedState<ConversationData> {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    Array.isArray(value.version) &&
    "state" in value &&
    typeof value.state === "object" &&
    value.state !== null
  );
}
