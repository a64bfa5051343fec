// After a crash: tells everybody whose upload was in flight what became of it, in the same message, and the others of what it changed.
import type { Applies } from "../change/after/apply.ts";
import type { Keeps } from "../change/after/keep.ts";
import type { InterruptedChange } from "../change/interrupted.ts";
import { restoredRevision } from "../change/versions.ts";
import type { KeepNote } from "../model/outcome.ts";
import type { Journal } from "../store/journal.ts";
import type { ServiceEnd } from "../model/service-proof.ts";
import { appliedKeyboard, showChangesKeyboard } from "./buttons.ts";
import { interruptedText } from "../words/applied-words.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { Notices } from "./notices.ts";
import type { Spreads } from "./spreads.ts";
import { createStatusMessage, ownPlace, type StatusMessageOptions } from "./status-message.ts";

export interface TellFateOptions extends Pick<
  StatusMessageOptions,
  "api" | "languages" | "sent" | "onTrouble"
> {
  readonly botId: number;
  readonly journal: Pick<Journal, "ended">;
  readonly keeps: Pick<Keeps, "waits">;
  readonly applies: Pick<Applies, "endOf">;
  readonly asking: KeepMessages["asking"];
  readonly notices: Pick<Notices, "tell">;
  readonly spreads: Pick<Spreads, "lines" | "follow">;
}

/** @returns what resolves when the admin knows, or cannot be told; does not reject */
export function createTellFate({
  botId,
  journal,
  keeps,
  applies,
  asking,
  notices,
  spreads,
  ...chat
}: TellFateOptions): (change: InterruptedChange) => Promise<void> {
  async function tellAuthor(
    { upload, place, entry, live, setBack }: InterruptedChange,
    /** How long the change waits for Keep; null where it does not. */
    keep: KeepNote | null,
    end: ServiceEnd | undefined,
  ): Promise<void> {
    if (place === null) return;
    try {
      const own = ownPlace(place, botId);
      const message = createStatusMessage({
        ...chat,
        place: own,
        readerId: upload.author?.id,
        onShown: () => {},
      });
      const text = interruptedText(upload.file, entry, { setBack, keep, end });
      const { id } = live.config;
      if (entry === undefined || keep === null) {
        const isBack = end?.kind === "put_back";
        const keyboard =
          entry &&
          (isBack ? showChangesKeyboard(id, entry.revision) : appliedKeyboard(id, entry, setBack));
        if (entry === undefined || isBack) return await message.showFinal(text, keyboard);
        await message.showFinal([...text, ...spreads.lines(live, entry)], keyboard);
        const { chat_id, message_id } = message.place;
        if (message_id === null || upload.author === null) return;
        spreads.follow(live, entry, {
          message: { bot_id: botId, chat_id, message_id },
          readerId: upload.author.id,
          said: text,
          mergeable: setBack?.mergeable === true,
        });
        return;
      }
      const { revision } = entry;
      const buttons = asking({
        config: live.config,
        revision,
        keep,
        text,
        isAuthor: true,
        readerId: upload.author?.id,
      });
      await message.showFinal(text, buttons.keyboard);
      const { chat_id, message_id } = message.place;
      if (message_id !== null) await buttons.shownIn({ bot_id: botId, chat_id, message_id });
    } catch (error) {
      chat.onTrouble("telling what became of an upload", error);
    }
  }

  return async (change) => {
    const { entry, changes, live, setBack } = change;
    const { key, author } = change.upload;
    // What it waits for is going on already, and takes as long as its rules say.
    const end = entry === undefined ? undefined : await applies.endOf(live.config.id, key);
    const keep = entry === undefined ? null : keeps.waits(live.config.id, entry.revision);
    await tellAuthor(change, keep, end);
    journal.ended(key);
    // What went back is told as the end of the change that waited.
    if (entry === undefined || entry.how === "reverted" || author === null) return;
    if (end?.kind === "put_back") {
      notices.tell(author, live.config, { kind: "reverted", entry, end, changes });
      return;
    }
    const restored = restoredRevision(live, entry);
    notices.tell(author, live.config, {
      kind: "applied",
      entry,
      replaced: null,
      changes,
      restored,
      merged: false,
      setBack,
      keep,
      service: end?.kind === "taken" ? end.as : null,
    });
  };
}
