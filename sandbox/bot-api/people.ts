// People who write to the bot and press its buttons, played by a test or by the browser page.
import type { Message, User } from "grammy/types";
import { viewChat, type ChatView } from "./chat-view.ts";
import type { ChatRecord } from "./chats.ts";
import {
  captionFields,
  deliver,
  documentFields,
  makeMediaGroupId,
  photoFields,
  postFromPerson,
  stickerFields,
  textFields,
  type SendOptions,
  type UploadOptions,
} from "./incoming.ts";
import { findButton, findRecord, findStanding, pressButton, type Press } from "./presses.ts";
import type { World } from "./world.ts";

/** Who a person is to Telegram. */
export interface PersonProfile {
  readonly id: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly isBot?: boolean;
  /** Of their app. Default `en`. */
  readonly languageCode?: string;
}

/** One piece of an album. */
export type AlbumItem =
  | {
      readonly kind: "document";
      readonly name?: string;
      readonly bytes: Uint8Array;
      readonly caption?: string;
    }
  | { readonly kind: "photo"; readonly caption?: string };

/** A person; as a {@link ChatView} the private chat with the bot. Everything is queued for the bot at once. */
export interface Person extends ChatView {
  /** As it is now. */
  readonly account: User;
  /** Sets their app to another language: what they send from now on says so. */
  setLanguage(languageCode: string): void;
  send(text: string, options?: SendOptions): Message;
  /** @param name - undefined leaves `file_name` out */
  upload(name: string | undefined, bytes: Uint8Array | string, options?: UploadOptions): Message;
  sendPhoto(options?: SendOptions & { readonly caption?: string }): Message;
  sendSticker(options?: SendOptions): Message;
  sendAlbum(items: readonly AlbumItem[], options?: SendOptions): readonly Message[];
  /** Gives an own message a new text, or a new caption where it has no text. */
  edit(message: Message, newText: string): Message;
  /** @throws when the message is gone or has no such button now */
  press(message: Message, buttonLabel: string): Press;
  /** Forges a press with any data, as a hostile client can. */
  pressData(message: Message, data: string): Press;
  /** Deletes all messages of the private chat, as an app offers it; the bot is not told. */
  clearHistory(): void;
  block(): void;
}

/** Adds a person to the world; until they write, the bot may not write to them. */
export function makePerson(world: World, profile: PersonProfile): Person {
  let account = makeAccount(profile);
  const { id } = account;
  const privateChat = world.chats.add(
    {
      id,
      type: "private",
      first_name: account.first_name,
      ...(account.last_name === undefined ? {} : { last_name: account.last_name }),
      ...(account.username === undefined ? {} : { username: account.username }),
    },
    "stranger",
    { members: [account] },
  );
  const placeOf = (options: SendOptions): ChatRecord => {
    const record = options.in?.record ?? privateChat;
    if (record.botStanding === "blocked") {
      throw new Error(`${account.first_name} has blocked the bot: unblock it first`);
    }
    if (record.botStanding === "stranger") {
      record.botStanding = "member";
    }
    record.members.set(account.id, account);
    return record;
  };
  const say = (content: Partial<Message>, options: SendOptions): Message =>
    postFromPerson(world, account, placeOf(options), content, options);
  return {
    ...viewChat(world, () => id),
    get account() {
      return account;
    },
    setLanguage(languageCode) {
      account = { ...account, language_code: languageCode };
    },
    send: (text, options = {}) => say(textFields(text), options),
    upload: (name, bytes, options = {}) =>
      say(
        {
          ...documentFields(world, name, Buffer.from(bytes), options),
          ...captionFields(options.caption),
        },
        options,
      ),
    sendPhoto: (options = {}) =>
      say({ ...photoFields(world), ...captionFields(options.caption) }, options),
    sendSticker: (options = {}) => say(stickerFields(world), options),
    sendAlbum: (items, options = {}) => {
      const album = { media_group_id: makeMediaGroupId() };
      return items.map((item) => {
        const media =
          item.kind === "photo"
            ? photoFields(world)
            : documentFields(world, item.name, Buffer.from(item.bytes));
        return say({ ...media, ...captionFields(item.caption), ...album }, options);
      });
    },
    edit: (message, newText) => editMessage(world, message, newText),
    press: (message, label) => {
      const data = findButton(world, message, label);
      return pressButton(world, account, message, data);
    },
    pressData: (message, data) => pressButton(world, account, message, data),
    clearHistory: () => {
      for (const messageId of privateChat.messages.keys()) {
        world.chats.remove(privateChat, messageId);
      }
    },
    block: () => blockBot(world, account, privateChat),
  };
}

function makeAccount(profile: PersonProfile): User {
  return {
    id: profile.id,
    is_bot: profile.isBot ?? false,
    first_name: profile.firstName,
    ...(profile.lastName === undefined ? {} : { last_name: profile.lastName }),
    ...(profile.username === undefined ? {} : { username: profile.username }),
    ...(profile.isBot === true ? {} : { language_code: profile.languageCode ?? "en" }),
  };
}

function editMessage(world: World, message: Message, newText: string): Message {
  const record = findRecord(world, message);
  const { entities: _, caption_entities: __, ...rest } = findStanding(world, message);
  const content = rest.text === undefined ? captionFields(newText) : textFields(newText);
  const edited = { ...rest, ...content, edit_date: world.chats.date() };
  world.chats.replace(record, edited, "edit");
  deliver(world, record, "edited_message", edited);
  return edited;
}

function blockBot(world: World, account: User, chat: ChatRecord): void {
  const { id, is_bot, first_name, username } = world.bot;
  const user = { id, is_bot, first_name, username };
  chat.botStanding = "blocked";
  world.updates.push("my_chat_member", {
    chat: chat.chat,
    from: account,
    date: world.chats.date(),
    old_chat_member: { status: "member", user },
    new_chat_member: { status: "kicked", user, until_date: 0 },
  });
}
