// The two dialogs: one shows a file, the other takes a live file, lets one change it, and sends it.
import { byId, element } from "./element.ts";
import { getText, sendDocument } from "./requests.ts";

/** Shows a text, as text. */
export function showText(title: string, text: string): void {
  byId("viewer-title", HTMLElement).textContent = title;
  byId("viewer-text", HTMLElement).textContent = text;
  byId("viewer", HTMLDialogElement).showModal();
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
  byId("editor", HTMLDialogElement).showModal();
}

async function loadLive(): Promise<void> {
  const { value } = byId("editor-file", HTMLSelectElement);
  byId("editor-text", HTMLTextAreaElement).value = await getText(`live/${value}`);
  byId("editor-caption", HTMLInputElement).value = `/set_${value}`;
}

/** To be called once. */
export function wireDialogs(): void {
  const editor = byId("editor", HTMLDialogElement);
  byId("viewer-close", HTMLButtonElement).addEventListener("click", () => {
    byId("viewer", HTMLDialogElement).close();
  });
  byId("editor-cancel", HTMLButtonElement).addEventListener("click", () => editor.close());
  byId("editor-file", HTMLSelectElement).addEventListener("change", () => void loadLive());
  byId("editor-form", HTMLFormElement).addEventListener("submit", () => {
    const { value: id } = byId("editor-file", HTMLSelectElement);
    const name = current?.files.find((file) => file.id === id)?.fileName ?? id;
    const { value: text } = byId("editor-text", HTMLTextAreaElement);
    const { value: caption } = byId("editor-caption", HTMLInputElement);
    // A textarea's value has plain line breaks, whatever the file had; the live file's own are the same.
    if (current !== undefined) void sendDocument(current.personId, new File([text], name), caption);
  });
}
