// What every handler behind the access check works with.
import type { ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { RunningUpload } from "../change/uploads.ts";
import type { AdminFlavor } from "./access.ts";

export type BotContext = ConversationFlavor<
  Context &
    AdminFlavor & {
      /** What /cancel met already, before its turn came: it must get past everything that waits. */
      cancelled?: readonly RunningUpload[];
    }
>;
