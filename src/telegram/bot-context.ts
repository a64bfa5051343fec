// What every handler behind the access check finds in its context.
import type { ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { RunningUpload } from "../change/uploads.ts";
import type { Author } from "../model/revision.ts";
import type { Command } from "./command.ts";

/** A person who may. */
export type Admin = Author;

export type BotContext = ConversationFlavor<
  Context & {
    admin: Admin;
    /** What the message begins with; undefined for none. */
    command: Command | undefined;
    /** What /cancel met already, before its turn came: it must get past everything that waits. */
    cancelled?: readonly RunningUpload[];
    /** Told of what Telegram refused or lost, where that changes nothing else. */
    onTrouble: (what: string, error: unknown) => void;
  }
>;
