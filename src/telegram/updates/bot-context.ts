// What every handler behind the access check finds in its context.
import type { ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Cancellation } from "../../change/uploads.ts";
import type { Author } from "../../model/revision.ts";
import type { Language } from "../../words/line.ts";
import type { Command } from "./command.ts";
import type { Ticket } from "./tickets.ts";

/** A person who may. */
export type Admin = Author;

export type BotContext = ConversationFlavor<
  Context & {
    admin: Admin;
    /** What the message begins with; undefined for none. */
    command: Command | undefined;
    /** How many updates have come since the start, this one included. */
    arrival: number;
    /** Of what takes its turn. */
    ticket: Ticket | undefined;
    /** Of /cancel: what it ends, from its arrival until it has had its turn. */
    cancellation?: Cancellation;
    /** In which whoever sent it is answered. */
    language: Language;
    /** Told of what Telegram refused or lost, where that changes nothing else. */
    onTrouble: (what: string, error: unknown) => void;
  }
>;
