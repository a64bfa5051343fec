// One message as a bubble, with its file, its picture and its buttons.
import { showText } from "./dialogs.ts";
import { button, clockTime, counted, element } from "./element.ts";
import { drawText, type Reader, type TextEntity } from "./message-text.ts";
import { getText, post } from "./requests.ts";

export interface Bubble {
  readonly id: number;
  readonly by: "bot" | "person";
  readonly name: string;
  readonly text: string;
  readonly entities: readonly TextEntity[];
  readonly atMs: number;
  readonly edited: boolean;
  readonly replyTo?: string;
  readonly document?: { readonly fileId: string; readonly name: string; readonly bytes?: number };
  readonly photo?: { readonly fileId: string; readonly width: number; readonly height: number };
  readonly buttons: readonly (readonly BubbleButton[])[];
}

interface BubbleButton {
  readonly text: string;
  readonly style?: "danger" | "success" | "primary";
}

/** Whose chat it is drawn in. */
export interface BubbleReader extends Reader {
  readonly id: number;
  /** Shows the person what only they see. */
  readonly tell: (text: string) => void;
}

export function drawBubble(bubble: Bubble, fresh: boolean, reader: BubbleReader): HTMLElement {
  const { document, photo, replyTo, text, buttons } = bubble;
  const parts: Node[] = [];
  if (replyTo !== undefined) parts.push(element("p", { class: "reply" }, replyTo));
  if (document !== undefined) parts.push(drawDocument(document));
  if (photo !== undefined) parts.push(drawPhoto(photo, text));
  if (text !== "") {
    parts.push(element("div", { class: "text" }, ...drawText(text, bubble.entities, reader)));
  }
  const time = `${bubble.edited ? "edited " : ""}${clockTime(bubble.atMs)}`;
  parts.push(element("p", { class: "meta" }, time));
  for (const row of buttons) {
    const press = async (label: string): Promise<void> => {
      const done = await post(`people/${reader.id}/press/${bubble.id}`, label);
      if (!done) reader.tell("That button is gone.");
    };
    const keys = row.map(({ text: label, style }) =>
      button(label, () => void press(label), style === undefined ? {} : { class: style }),
    );
    parts.push(element("div", { class: "keys" }, ...keys));
  }
  const kind = `bubble ${bubble.by}${fresh ? " fresh" : ""}`;
  // It takes the focus when the button that had it is gone.
  const label = `${bubble.name}, ${time}`;
  return element("article", { class: kind, tabindex: "-1", "aria-label": label }, ...parts);
}

/** As wide as the bubble; pressed, in its own size. */
function drawPhoto(
  { fileId, width, height }: NonNullable<Bubble["photo"]>,
  caption: string,
): HTMLElement {
  const src = `/api/photos/${encodeURIComponent(fileId)}`;
  const [firstLine = ""] = caption.split("\n");
  const picture = element("img", {
    class: "photo",
    src,
    alt: `Picture: ${firstLine}`,
    width: String(width),
    height: String(height),
  });
  return element("a", { href: src, target: "_blank" }, picture);
}

function drawDocument(document: NonNullable<Bubble["document"]>): HTMLElement {
  const { fileId, name, bytes } = document;
  const path = `documents/${encodeURIComponent(fileId)}`;
  const size = bytes === undefined ? "" : ` ${counted(bytes)} bytes`;
  const open = async (): Promise<void> => showText(name, await getText(path));
  return element(
    "div",
    { class: "document" },
    element("span", {}, `📄 ${name}`, element("small", {}, size)),
    element(
      "span",
      { class: "links" },
      button("Open", () => void open()),
      element("a", { href: `/api/${path}`, download: name }, "Save"),
    ),
  );
}
