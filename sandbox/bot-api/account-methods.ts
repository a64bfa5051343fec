// The methods about the bot itself: getMe, getUpdates, deleteWebhook, getFile and the command menus.
import type { File } from "grammy/types";
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
  deleteMyCommands,
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
  call.world.menus.set(readScope(call), commands);
  return true;
}

function deleteMyCommands(call: ApiCall): true {
  call.world.menus.delete(readScope(call));
  return true;
}

// A menu can only be set for a chat that the bot has met, so a person who never wrote to it has none.
function readScope({ world, params }: ApiCall): MenuScope {
  const language = params.text("language_code");
  if (language !== "" && !/^[a-z]{2}$/.test(language)) throw badRequest("language_code is invalid");
  const scope = {
    ...parseMenuScope(params.json("scope", "BotCommandScope")),
    ...(language !== "" && { language }),
  };
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
