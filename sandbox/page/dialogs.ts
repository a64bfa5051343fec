// The two dialogs: one shows a file, the other takes a live file, lets one change it, and sends it.
import { byId, counted, element } from "./element.ts";
import { focusWithin } from "./focus.ts";
import { getText, sendDocument } from "./requests.ts";

/** Both dialogs are drawn whole: a text of 20 MB would stop the browser. */
const viewerCharsMax = 100_000;
const editorCharsMax = 200_000;

/** Shows a text, as text, or its beginning where it is long. */
export function showText(title: string, text: string): void {
  byId("viewer-title", HTMLElement).textContent = title;
  byId("viewer-text", HTMLElement).textContent = text.slice(0, viewerCharsMax);
  const unseen = text.length - viewerCharsMax;
  const rest = byId("viewer-rest", HTMLElement);
  rest.hidden = unseen <= 0;
  rest.textContent = `This is the beginning. ${counted(unseen)} more characters are not shown.`;
  openDialog(byId("viewer", HTMLDialogElement));
}

export interface EditorRequest {
  readonly personId: number;
  readonly name: string;
  readonly files: readonly LiveFile[];
}

/** A config and the name of its file. */
export interface LiveFile {
  readonly id: string;
  readonly fileName: string;
}

let current: EditorRequest | undefined;

export async function openEditor(request: EditorRequest): Promise<void> {
  current = request;
  byId("editor-title", HTMLElement).textContent = `${request.name} changes a live file`;
  const select = byId("editor-file", HTMLSelectElement);
  select.replaceChildren(
    ...request.files.map(({ id, fileName }) => element("option", { value: id }, fileName)),
  );
  await loadLive();
  openDialog(byId("editor", HTMLDialogElement));
}

/** What stood in the editor when it was filled, to know whether somebody has typed since. */
let loaded = "";

async function loadLive(): Promise<void> {
  const select = byId("editor-file", HTMLSelectElement);
  const id = select.value;
  const text = await getText(`live/${id}`);
  // Another file was chosen meanwhile.
  if (select.value !== id) return;
  const fits = text.length <= editorCharsMax;
  const content = byId("editor-text", HTMLTextAreaElement);
  content.value = fits ? text : "";
  content.disabled = !fits;
  byId("editor-send", HTMLButtonElement).disabled = !fits;
  const note = byId("editor-too-long", HTMLElement);
  note.hidden = fits;
  note.textContent = `With ${counted(text.length)} characters, this file is too long to be edited here. Take it with /get_${id}, change it, and send it with “Send a file…”.`;
  byId("editor-caption", HTMLInputElement).value = `/set_${id}`;
  loaded = content.value;
}

/** To be called once. */
export function wireDialogs(): void {
  const viewer = byId("viewer", HTMLDialogElement);
  const editor = byId("editor", HTMLDialogElement);
  const content = byId("editor-text", HTMLTextAreaElement);
  closeByClickOutside(viewer, () => true);
  // A slip of the finger must not throw away what somebody typed.
  closeByClickOutside(editor, () => content.value === loaded);
  byId("viewer-close", HTMLButtonElement).addEventListener("click", () => viewer.close());
  byId("editor-cancel", HTMLButtonElement).addEventListener("click", () => editor.close());
  byId("editor-file", HTMLSelectElement).addEventListener("change", () => void loadLive());
  byId("editor-form", HTMLFormElement).addEventListener("submit", () => {
    const { value: id } = byId("editor-file", HTMLSelectElement);
    const name = current?.files.find((file) => file.id === id)?.fileName ?? id;
    const { value: caption } = byId("editor-caption", HTMLInputElement);
    // A textarea's value has plain line breaks, whatever the file had; the live file's own are the same.
    if (current !== undefined) {
      void sendDocument(current.personId, new File([content.value], name), caption);
    }
  });
}

/** Escape closes it, as the browser does it; the focus goes back to where it was. */
function openDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const opener = document.activeElement;
  // The message may be drawn anew meanwhile, and then the button that opened the dialog is not there any more.
  const fallback = opener?.closest<HTMLElement>("[role=log], .chat, #server");
  dialog.addEventListener(
    "close",
    () => {
      if (opener?.isConnected === false) focusWithin(fallback);
    },
    { once: true },
  );
  dialog.showModal();
}

/** A click counts only if it began outside as well: whoever marks a text may let go anywhere. */
function closeByClickOutside(dialog: HTMLDialogElement, mayClose: () => boolean): void {
  const isOutside = ({ target, clientX, clientY }: MouseEvent): boolean => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    return target === dialog && !isInside;
  };
  let beganOutside = false;
  dialog.addEventListener("pointerdown", (event) => {
    beganOutside = isOutside(event);
  });
  dialog.addEventListener("click", (event) => {
    if (beganOutside && isOutside(event) && mayClose()) dialog.close();
  });
}
