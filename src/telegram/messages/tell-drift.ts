// Tells people of edits on the server: in a message with buttons to all who may write, which says in the end who decided.
import { driftTag } from "../../change/edit-on-server.ts";
import type { ConfigId } from "../../model/config-id.ts";
import type { Drift, DriftEvent } from "../../model/drift-event.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { driftEndLine, driftLine, driftNoticed } from "../../words/drift-words.ts";
import type { AskingMessages } from "./asking-messages.ts";
import type { Notices } from "./notices.ts";
import { type Button, Keyboard } from "./keyboard.ts";

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
  const keyboard = new Keyboard();
  for (const { label, data } of driftChoices(id, drift)) keyboard.text(label, data);
  return keyboard;
}

/** What whoever may write can press. */
export function driftChoices(configId: ConfigId, drift: Drift): readonly Button[] {
  const tag = driftTag(drift);
  const { keep, putBack } = buttonLabels;
  return [
    ...(drift.sha256 === null ? [] : [{ label: keep, data: `drift:keep:${configId}:${tag}` }]),
    ...(drift.before === null ? [] : [{ label: putBack, data: `drift:back:${configId}:${tag}` }]),
  ];
}
