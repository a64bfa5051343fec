// One message as a bubble, with its file and its buttons.
import { showText } from "./dialogs.ts";
import { button, clockTime, element } from "./element.ts";
import { getText, post } from "./requests.ts";

export interface Bubble {
  readonly id: number;
  readonly by: "bot" | "person";
  readonly name: string;
  readonly text: string;
  readonly atMs: number;
  readonly edited: boolean;
  readonly replyTo?: string;
  readonly document?: { readonly fileId: string; readonly name: string; readonly bytes?: number };
  readonly photo?: { readonly fileId: string; readonly width: number; readonly height: number };
  readonly buttons: readonly (readonly string[])[];
}

/** @param tell - shows the person what only they see */
export function drawBubble(
  personId: number,
  bubble: Bubble,
  fresh: boolean,
  tell: (text: string) => void,
): HTMLElement {
  const { document, photo, replyTo, text, buttons } = bubble;
  const parts: Node[] = [];
  if (replyTo !== undefined) parts.push(element("p", { class: "reply" }, replyTo));
  if (document !== undefined) parts.push(drawDocument(document));
  if (photo !== undefined) parts.push(drawPhoto(photo, text));
  if (text !== "") parts.push(element("p", {}, text));
  const time = `${bubble.edited ? "edited " : ""}${clockTime(bubble.atMs)}`;
  parts.push(element("p", { class: "meta" }, time));
  for (const row of buttons) {
    const press = async (label: string): Promise<void> => {
      const done = await post(`people/${personId}/press/${bubble.id}`, label);
      if (!done) tell("That button is gone.");
    };
    const keys = row.map((label) => button(label, () => void press(label)));
    parts.push(element("div", { class: "keys" }, ...keys));
  }
  const kind = `bubble ${bubble.by}${fresh ? " fresh" : ""}`;
  // It takes the focus when the button that had it is gone.
  const label = `${bubble.name}, ${time}`;
  return element("article", { class: kind, tabindex: "-1", "aria-label": label }, ...parts);
}

function drawPhoto(
  { fileId, width, height }: NonNullable<Bubble["photo"]>,
  caption: string,
): HTMLElement {
  const src = `/api/photos/${encodeURIComponent(fileId)}`;
  return element("img", {
    class: "photo",
    src,
    alt: caption,
    width: String(width),
    height: String(height),
  });
}

function drawDocument(document: NonNullable<Bubble["document"]>): HTMLElement {
  const { fileId, name, bytes } = document;
  const path = `documents/${encodeURIComponent(fileId)}`;
  const size = bytes === undefined ? "" : `, ${bytes} bytes`;
  const open = async (): Promise<void> => showText(name, await getText(path));
  return element(
    "div",
    { class: "document" },
    element("span", {}, `📄 ${name}${size}`),
    button("Open", () => void open()),
    element("a", { href: `/api/${path}`, download: name }, "Save"),
  );
}
