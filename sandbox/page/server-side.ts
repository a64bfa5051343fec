// The server's side of the page: live files, backups, history, the bot's process, the faults that wait.
import { showText } from "./dialogs.ts";
import { button, byId, clockTime, element } from "./element.ts";
import { getText } from "./requests.ts";

export interface FilesView {
  readonly live: readonly {
    readonly id: string;
    readonly fileName: string;
    readonly lines: readonly string[];
    readonly changed: readonly number[];
  }[];
  readonly backups: readonly { readonly name: string; readonly bytes: number }[];
  readonly history: readonly {
    readonly config: string;
    readonly revision: number;
    readonly at: string;
    readonly how: string;
    readonly who: string;
  }[];
}

export function showFiles({ live, backups, history }: FilesView): void {
  byId("live", HTMLElement).replaceChildren(
    ...live.map(({ fileName, lines, changed }) =>
      element(
        "figure",
        { class: "file" },
        element("figcaption", {}, fileName),
        element(
          "pre",
          { tabindex: "0", "aria-label": `${fileName} as it is live` },
          ...lines.flatMap((line, index) => [
            changed.includes(index) ? element("mark", {}, line) : line,
            "\n",
          ]),
        ),
      ),
    ),
  );
  const open = async (name: string): Promise<void> => {
    showText(name, await getText(`backups/${encodeURIComponent(name)}`));
  };
  showList(
    "backups",
    "No version was replaced yet.",
    backups.map(({ name, bytes }) => [button(name, () => void open(name)), ` ${bytes} bytes`]),
  );
  showList(
    "history",
    "Nothing yet.",
    history.map(({ config, revision, at, how, who }) => [
      `${config} revision ${revision}: ${how}${who === "" ? "" : ` by ${who}`}, ${clockTime(Date.parse(at))}`,
    ]),
  );
}

function showList(id: string, empty: string, items: readonly (readonly (Node | string)[])[]): void {
  const shown = items.length === 0 ? [[empty]] : items;
  byId(id, HTMLElement).replaceChildren(...shown.map((parts) => element("li", {}, ...parts)));
}

export function showBot({
  running,
  problem,
}: {
  readonly running: boolean;
  readonly problem: string | null;
}): void {
  byId("bot", HTMLElement).textContent = running
    ? "The bot is running."
    : (problem ?? "The bot is not running. Messages wait for it.");
  byId("kill", HTMLButtonElement).disabled = !running;
  byId("start", HTMLButtonElement).disabled = running;
}

const faultTexts: Readonly<Record<string, string>> = {
  slow_download: "the next download is slow",
  too_many: "the next call is refused with 429",
  server_error: "the next call is refused with 500",
  lost_answer: "the next answer gets lost",
};

export function showFaults(armed: readonly string[]): void {
  const texts = armed.map((name) => faultTexts[name] ?? name);
  byId("armed", HTMLElement).textContent =
    texts.length === 0 ? "Nothing is set to go wrong." : `Waiting: ${texts.join(", ")}.`;
  byId("disarm", HTMLButtonElement).hidden = texts.length === 0;
}
