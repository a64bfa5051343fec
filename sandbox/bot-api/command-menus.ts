// The bot's command menus by scope, and which of them a person sees in a chat.
import type { BotCommand } from "grammy/types";
import { badRequest } from "./refusal.ts";

const commandsMax = 100;
const commandCharactersMax = 32;
const descriptionCharactersMax = 256;

/** A `BotCommandScope`, checked: `chatId` and `userId` are there where its type needs them. */
export interface MenuScope {
  readonly type: string;
  readonly chatId: string | undefined;
  readonly userId: number | undefined;
  /** Two letters; undefined for whoever has no menu in their language. */
  readonly language?: string | undefined;
}

/** Those that the bot sets; Telegram has more. */
const scopeTypes = ["default", "chat", "chat_member"];

/** Reads the `scope` parameter; whether its chat exists is the caller's to find out. */
export function parseMenuScope(value: unknown): MenuScope {
  if (value === undefined) {
    return { type: "default", chatId: undefined, userId: undefined };
  }
  const fields: Record<string, unknown> =
    typeof value === "object" && value !== null ? { ...value } : {};
  const { type, chat_id: chatId, user_id: userId } = fields;
  if (typeof type !== "string" || !scopeTypes.includes(type)) {
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  }
  const needsChat = type !== "default";
  if (needsChat && typeof chatId !== "string" && typeof chatId !== "number") {
    throw badRequest(`can't parse BotCommandScope: Can't find field "chat_id"`);
  }
  if (type === "chat_member" && typeof userId !== "number") {
    throw badRequest(`can't parse BotCommandScope: Can't find field "user_id"`);
  }
  return {
    type,
    chatId: needsChat ? String(chatId) : undefined,
    userId: type === "chat_member" ? Number(userId) : undefined,
  };
}

/** @throws a refusal naming what is wrong with the list; more than 100 commands are too many */
export function parseCommands(value: unknown): readonly BotCommand[] {
  if (!Array.isArray(value)) {
    throw badRequest("can't parse commands: expected an Array of BotCommand");
  }
  if (value.length > commandsMax) {
    throw badRequest("BOT_COMMANDS_TOO_MUCH");
  }
  return value.map((command: unknown) => parseCommand(command));
}

function parseCommand(value: unknown): BotCommand {
  const fields: Record<string, unknown> =
    typeof value === "object" && value !== null ? { ...value } : {};
  if (typeof fields["command"] !== "string" || typeof fields["description"] !== "string") {
    throw badRequest(`can't parse BotCommand: Can't find field "command"`);
  }
  const command = fields["command"].trim().replace(/^\//, "");
  const description = fields["description"].trim();
  if (command === "") {
    throw badRequest("command must be non-empty");
  }
  if (command.length > commandCharactersMax) {
    throw badRequest(`command length must not exceed ${commandCharactersMax}`);
  }
  if (description === "") {
    throw badRequest("command description must be non-empty");
  }
  if (description.length > descriptionCharactersMax) {
    throw badRequest(`command description length must not exceed ${descriptionCharactersMax}`);
  }
  if (!/^[a-z0-9_]+$/.test(command)) {
    throw badRequest("BOT_COMMAND_INVALID");
  }
  return { command, description };
}

/** The menus that a bot has set. */
export class CommandMenus {
  readonly #menus = new Map<string, readonly BotCommand[]>();

  set(scope: MenuScope, commands: readonly BotCommand[]): void {
    this.#menus.set(menuKey(scope), commands);
  }

  delete(scope: MenuScope): void {
    this.#menus.delete(menuKey(scope));
  }

  /** What Telegram's app shows `userId` in that chat: the narrowest scope that has a menu, in the app's language first. */
  shown(chatId: number, userId: number, language?: string): readonly BotCommand[] {
    const chat = String(chatId);
    const scopes: readonly MenuScope[] = [
      { type: "chat_member", chatId: chat, userId },
      { type: "chat", chatId: chat, userId: undefined },
      { type: "default", chatId: undefined, userId: undefined },
    ];
    const menus = scopes
      .flatMap((scope) => [...(language === undefined ? [] : [{ ...scope, language }]), scope])
      .map((scope) => this.#menus.get(menuKey(scope)) ?? []);
    return menus.find((commands) => commands.length > 0) ?? [];
  }
}

function menuKey(scope: MenuScope): string {
  return JSON.stringify([scope.type, scope.chatId, scope.userId, scope.language]);
}
