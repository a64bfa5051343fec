// What the page asks the sandbox for. A refusal is shown by whoever asked.

/** @returns whether it was done */
export async function post(path: string, body?: BodyInit): Promise<boolean> {
  const request: RequestInit = { method: "POST" };
  if (body !== undefined) request.body = body;
  return (await fetch(`/api/${path}`, request)).ok;
}

export async function remove(path: string): Promise<void> {
  await fetch(`/api/${path}`, { method: "DELETE" });
}

/** @returns the stranger's id */
export async function openStranger(): Promise<number> {
  const response = await fetch("/api/stranger", { method: "POST" });
  return Number(await response.text());
}

export async function getText(path: string): Promise<string> {
  const response = await fetch(`/api/${path}`);
  if (!response.ok) throw new Error(`the sandbox does not have ${path}`);
  return response.text();
}

export interface MenuCommand {
  readonly command: string;
  readonly description: string;
}

export async function getMenu(personId: number): Promise<readonly MenuCommand[]> {
  const commands: unknown = JSON.parse(await getText(`people/${personId}/menu`));
  return Array.isArray(commands) ? commands.filter(isMenuCommand) : [];
}

function isMenuCommand(value: unknown): value is MenuCommand {
  return (
    typeof value === "object" && value !== null && "command" in value && "description" in value
  );
}

export function sendDocument(personId: number, file: File, caption: string): Promise<boolean> {
  const form = new FormData();
  form.append("file", file);
  form.append("caption", caption);
  return post(`people/${personId}/document`, form);
}
