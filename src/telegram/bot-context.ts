// What every handler behind the access check works with.
import type { ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Bases } from "../change/bases.ts";
import type { Inspector } from "../document/inspector.ts";
import type { LiveConfig } from "../store/local/live-config.ts";
import type { ParkedChanges } from "../change/parked-changes.ts";
import type { People } from "../model/people.ts";
import type { RunningUpload, Uploads } from "../change/uploads.ts";
import type { AdminFlavor } from "./access.ts";

export type BotContext = ConversationFlavor<
  Context &
    AdminFlavor & {
      /** What /cancel met already, before its turn came: it must get past everything that waits. */
      cancelled?: readonly RunningUpload[];
      /** Told of what Telegram refused or lost, where that changes nothing else. */
      onTrouble: (what: string, error: unknown) => void;
    }
>;

/** What handlers work on. */
export interface ConfigService {
  readonly lives: readonly LiveConfig[];
  readonly people: People;
  readonly uploads: Uploads;
  readonly inspector: Inspector;
  readonly bases: Bases;
  readonly parked: ParkedChanges;
}
