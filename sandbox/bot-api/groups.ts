// Groups and channels that the bot is in.
import { randomInt } from "node:crypto";
import type { Message } from "grammy/types";
import { viewChat, type ChatView } from "./chat-view.ts";
import type { ChatRecord } from "./chats.ts";
import { deliver, textFields, type Place } from "./incoming.ts";
import type { World } from "./world.ts";

/** What a group is made with. */
export interface GroupOptions {
  readonly title: string;
  /** Whether the bot sees only what is meant for it. Default true, as for every new bot. */
  readonly privacy?: boolean;
  /** Default false: a basic group. */
  readonly isSupergroup?: boolean;
}

/** A group; write to it with `person.send(text, { in: group })`. */
export interface Group extends ChatView, Place {
  /** Turns it into a supergroup: a new id, and refusals under the old one. */
  migrate(): void;
}

/** A channel that the bot is in. */
export interface Channel extends ChatView, Place {
  /** A post by the channel itself: a message without an author. */
  post(text: string): Message;
}

/** Adds a group to the world; the bot is a member. */
export function makeGroup(world: World, options: GroupOptions): Group {
  const { title } = options;
  const privacy = options.privacy ?? true;
  const addSupergroup = (): ChatRecord =>
    world.chats.add({ id: supergroupId(), type: "supergroup", title }, "member", { privacy });
  let record =
    options.isSupergroup === true
      ? addSupergroup()
      : world.chats.add(
          { id: -randomInt(1_000_000, 900_000_000), type: "group", title },
          "member",
          {
            privacy,
          },
        );
  return {
    ...viewChat(world, () => record.chat.id),
    // Asked anew each time: both change when the group becomes a supergroup.
    get chatId() {
      return record.chat.id;
    },
    get record() {
      return record;
    },
    migrate: () => {
      const old = record;
      if (old.chat.type !== "group") {
        throw new Error(`${title} is a supergroup already`);
      }
      record = addSupergroup();
      for (const [id, member] of old.members) {
        record.members.set(id, member);
      }
      const from = old.members.values().next().value;
      const author = from === undefined ? {} : { from };
      const left = { ...author, migrate_to_chat_id: record.chat.id };
      deliver(world, old, "message", world.chats.post(old, left, { by: "user" }));
      const arrived = { ...author, migrate_from_chat_id: old.chat.id };
      deliver(world, record, "message", world.chats.post(record, arrived, { by: "user" }));
      old.migratedTo = record.chat.id;
    },
  };
}

/** Adds a channel to the world; the bot is a member. */
export function makeChannel(world: World, options: { readonly title: string }): Channel {
  const record = world.chats.add(
    { id: supergroupId(), type: "channel", title: options.title },
    "member",
  );
  return {
    ...viewChat(world, () => record.chat.id),
    record,
    post: (text) => {
      const content = { ...textFields(text), sender_chat: record.chat };
      const message = world.chats.post(record, content, { by: "user" });
      deliver(world, record, "channel_post", message);
      return message;
    },
  };
}

function supergroupId(): number {
  return -1_000_000_000_000 - randomInt(1_000_000, 900_000_000);
}
