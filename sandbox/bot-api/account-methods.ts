// The methods about the bot itself and whom it knows: getMe, getUpdates, getFile, menus, chats, members.
import type { BotCommand, ChatMember, File } from "grammy/types";
import type { ApiCall, ApiMethod } from "./api-method.ts";
import { parseCommands, parseMenuScope, type MenuScope } from "./command-menus.ts";
import { badRequest } from "./refusal.ts";

/** The methods that leave every chat as it is. */
export const accountMethods: Readonly<Record<string, ApiMethod>> = {
  getMe: ({ world }) => world.bot,
  getUpdates,
  deleteWebhook: () => true,
  getFile: ({ world, params }): File => world.files.publish(params.text("file_id")),
  setMyCommands,
  getMyCommands: (call): readonly BotCommand[] =>
    call.world.menus.get(readScope(call), call.params.text("language_code")),
  deleteMyCommands,
  getChat: ({ world, params }) => ({
    ...world.chats.openKnown(params.text("chat_id")).chat,
    accent_color_id: 0,
    max_reaction_count: 11,
  }),
  getChatMember,
};

async function getUpdates({ world, params, signal }: ApiCall): Promise<unknown> {
  const allowed = params.json("allowed_updates", "allowed updates");
  if (allowed !== undefined && !Array.isArray(allowed)) {
    throw badRequest("can't parse allowed updates: expected an Array of String");
  }
  return world.updates.poll({
    offset: params.integer("offset") ?? 0,
    limit: params.integer("limit") ?? 100,
    timeoutSeconds: params.integer("timeout") ?? 0,
    allowed: allowed?.map(String),
    signal,
  });
}

function setMyCommands(call: ApiCall): true {
  const commands = parseCommands(call.params.json("commands", "commands"));
  call.world.menus.set(readScope(call), call.params.text("language_code"), commands);
  return true;
}

function deleteMyCommands(call: ApiCall): true {
  call.world.menus.delete(readScope(call), call.params.text("language_code"));
  return true;
}

// A menu can only be set for a chat that the bot has met, so a person who never wrote to it has none.
function readScope({ world, params }: ApiCall): MenuScope {
  const scope = parseMenuScope(params.json("scope", "BotCommandScope"));
  if (scope.chatId === undefined) {
    return scope;
  }
  const record = world.chats.openKnown(scope.chatId);
  if (scope.type !== "chat" && record.chat.type === "private") {
    throw badRequest("can't use specified scope in private chats");
  }
  if (scope.userId !== undefined && !record.members.has(scope.userId)) {
    throw badRequest("user not found");
  }
  return scope;
}

function getChatMember({ world, params }: ApiCall): ChatMember {
  const record = world.chats.openKnown(params.text("chat_id"));
  const userId = params.integer("user_id");
  if (userId === undefined) {
    throw badRequest("invalid user_id specified");
  }
  const user = userId === world.bot.id ? world.bot : record.members.get(userId);
  if (user === undefined) {
    throw badRequest("PARTICIPANT_ID_INVALID");
  }
  return { status: "member", user };
}
