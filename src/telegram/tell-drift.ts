// Tells people of edits on the server: in a message with buttons to all who may write, which says in the end who decided.
import { driftTag } from "../change/edit-on-server.ts";
import type { DriftEvent } from "../model/drift-event.ts";
import { buttonLabels } from "../words/decision-words.ts";
import { driftEndLine, driftLine, driftNoticed } from "../words/drift-words.ts";
import type { AskingMessages } from "./asking-messages.ts";
import type { Notices } from "./notices.ts";
import { Keyboard } from "./keyboard.ts";

/** @returns what resolves when they were told, or their messages say how it ended */
export function createTellDrift(
  notices: Pick<Notices, "alert" | "idle">,
  messages: AskingMessages,
): (event: DriftEvent) => Promise<void> {
  return async (event) => {
    const key = keyOf(event);
    if (event.kind !== "noticed") {
      return messages.show(key, { line: driftEndLine(event), keyboardFor: undefined });
    }
    const { config, drift } = event;
    const text = driftNoticed(event);
    const line = driftLine(drift);
    const question = { text, line, isAuthor: false, readerId: undefined };
    notices.alert("write", config.id, text, driftKeyboard(event), {
      // Those whom the process before this one could still tell.
      but: await messages.chatsOf(key),
      shownIn: (message) => messages.shownIn(key, question, message),
    });
    return notices.idle();
  };
}

/** The same bytes may be there again later, after another revision. */
function keyOf({ config: { id }, drift }: DriftEvent): string {
  return `drift-${id}-${drift.before?.revision ?? 0}-${driftTag(drift)}`;
}

function driftKeyboard({ config: { id }, drift }: DriftEvent): Keyboard {
  const tag = driftTag(drift);
  const keyboard = new Keyboard();
  if (drift.sha256 !== null) keyboard.text(buttonLabels.keep, `drift:keep:${id}:${tag}`);
  if (drift.before !== null) keyboard.text(buttonLabels.putBack, `drift:back:${id}:${tag}`);
  return keyboard;
}
