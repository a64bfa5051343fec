// After a crash: tells everybody whose upload was in flight what became of it, in the same message, and the others of what it changed.
import type { Applies } from "../../change/after/apply.ts";
import type { Keeps } from "../../change/after/keep.ts";
import type { InterruptedChange } from "../../change/interrupted.ts";
import { takenBackIn } from "../../change/after/take.ts";
import { restoredRevision } from "../../change/versions.ts";
import type { KeepNote } from "../../model/outcome.ts";
import type { Revision } from "../../model/revision.ts";
import type { Journal } from "../../store/journal.ts";
import type { ServiceEnd } from "../../model/service-proof.ts";
import { appliedKeyboard, showChangesKeyboard } from "./buttons.ts";
import { goneBackLine, interruptedText } from "../../words/applied-words.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { Notices } from "./notices.ts";
import type { Spreads } from "./spreads.ts";
import { type Chats, sayFinal } from "./status-message.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Text } from "../../words/text.ts";

export interface TellFateOptions extends Chats {
  readonly journal: Pick<Journal, "ended">;
  readonly keeps: Pick<Keeps, "waits">;
  readonly applies: Pick<Applies, "endOf">;
  readonly asking: KeepMessages["asking"];
  readonly notices: Pick<Notices, "tell">;
  readonly spreads: Pick<Spreads, "lines" | "follow">;
}

/** @returns what resolves when the admin knows, or cannot be told; does not reject */
export function createTellFate({
  journal,
  keeps,
  applies,
  asking,
  notices,
  spreads,
  ...chats
}: TellFateOptions): (change: InterruptedChange) => Promise<void> {
  async function tellAuthor(
    { upload, place, entry, live, setBack }: InterruptedChange,
    /** How long the change waits for Keep; null where it does not. */
    keep: KeepNote | null,
    end: ServiceEnd | undefined,
    back: Revision | undefined,
  ): Promise<void> {
    if (place === null) return;
    try {
      const readerId = upload.author?.id;
      const show = (said: Text, keyboard: Keyboard | undefined) =>
        sayFinal(chats, place, readerId, said, keyboard);
      const text = interruptedText(upload.file, entry, { setBack, keep, end, back });
      const { id } = live.config;
      if (entry === undefined || keep === null) {
        const isBack = end?.kind === "put_back" || back !== undefined;
        const keyboard =
          entry &&
          (isBack ? showChangesKeyboard(id, entry.revision) : appliedKeyboard(id, entry, setBack));
        if (entry === undefined || isBack) {
          await show(text, keyboard);
          return;
        }
        const message = await show([...text, ...spreads.lines(live, entry)], keyboard);
        if (message === undefined || readerId === undefined) return;
        const mergeable = setBack?.mergeable === true;
        spreads.follow(live, entry, { message, readerId, said: text, mergeable });
        return;
      }
      const { config } = live;
      const { revision } = entry;
      const buttons = asking({ config, revision, keep, text, isAuthor: true, readerId });
      const message = await show(text, buttons.keyboard);
      if (message !== undefined) await buttons.shownIn(message);
    } catch (error) {
      chats.onTrouble("telling what became of an upload", error);
    }
  }

  return async (change) => {
    const { entry, changes, live, setBack } = change;
    const { key, author } = change.upload;
    // What it waits for is going on already, and takes as long as its rules say.
    const end = entry === undefined ? undefined : await applies.endOf(live.config.id, key);
    const keep = entry === undefined ? null : keeps.waits(live.config.id, entry.revision);
    const back = entry && takenBackIn(live, entry.revision);
    await tellAuthor(change, keep, end, back);
    journal.ended(key);
    // What went back is told as the end of the change that waited.
    if (entry === undefined || entry.how === "reverted" || author === null) return;
    if (end?.kind === "put_back") {
      notices.tell(author, live.config, { kind: "reverted", entry, end, changes });
      return;
    }
    const restored = restoredRevision(live, entry);
    const service = end?.kind === "taken" ? end.as : null;
    const made = { kind: "applied", entry, replaced: null, changes, restored, keep } as const;
    notices.tell(
      author,
      live.config,
      { ...made, merged: false, setBack, service },
      back === undefined ? [] : [goneBackLine(back)],
    );
  };
}
