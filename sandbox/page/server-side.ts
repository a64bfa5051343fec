// The server's side of the page: live files, backups, history, the bot's process, the faults that wait.
import { showText } from "./dialogs.ts";
import { button, byId, clockTime, counted, element } from "./element.ts";
import { withdraw } from "./focus.ts";
import { showList } from "./list.ts";
import { getText } from "./requests.ts";

interface LiveFileView {
  readonly id: string;
  readonly fileName: string;
  readonly lineCount: number;
  readonly linesAbove: number;
  readonly lines: readonly string[];
  readonly changed: readonly number[];
  readonly changedUnseen: number;
}

export interface FilesView {
  readonly live: readonly LiveFileView[];
  readonly backups: {
    readonly shown: readonly { readonly name: string; readonly bytes: number }[];
    readonly older: number;
  };
  readonly history: {
    readonly shown: readonly {
      readonly config: string;
      readonly revision: number;
      readonly at: string;
      readonly how: string;
      readonly who: string;
    }[];
    readonly older: number;
  };
}

export function showFiles({ live, backups, history }: FilesView): void {
  for (const view of live) showLiveFile(view);
  const open = async (name: string): Promise<void> => {
    showText(name, await getText(`backups/${encodeURIComponent(name)}`));
  };
  showList(
    byId("backups", HTMLElement),
    backups.shown.map(({ name, bytes }) => ({
      key: name,
      draw: () =>
        element(
          "li",
          {},
          button(name, () => void open(name)),
          element("small", {}, `${counted(bytes)} bytes`),
        ),
    })),
    remark(backups, "No backups yet."),
  );
  const kept = backups.shown.length + backups.older;
  byId("backups-count", HTMLElement).textContent =
    kept === 0 ? "none yet" : `${counted(kept)} kept`;
  const entries = history.shown.map(({ config, revision, at, how, who }) => ({
    text: `${config} revision ${revision}: ${how}${who === "" ? "" : ` by ${who}`}`,
    time: clockTime(Date.parse(at)),
  }));
  byId("history-newest", HTMLElement).textContent = entries[0]?.text ?? "nothing yet";
  showList(
    byId("history", HTMLElement),
    entries.map(({ text, time }) => ({
      key: `${text} ${time}`,
      draw: () => element("li", {}, element("span", {}, text), element("small", {}, time)),
    })),
    remark(history, "Nothing yet."),
  );
}

/** Where there is room, what is kept is seen without a press. */
export function unfoldRecords(): void {
  const unfold = (): void => {
    for (const box of document.querySelectorAll<HTMLDetailsElement>(".records > details")) {
      box.open = roomy.matches;
    }
  };
  roomy.addEventListener("change", unfold);
  unfold();
}

function remark({ shown, older }: FilesView["backups" | "history"], empty: string): string {
  if (shown.length === 0) return empty;
  return older === 0 ? "" : `${counted(older)} older ones are not shown.`;
}

interface DrawnFile {
  readonly box: HTMLDetailsElement;
  readonly caption: HTMLElement;
  readonly text: HTMLElement;
  /** What is drawn, to know what changed. */
  shown: string;
}

const liveFiles = new Map<string, DrawnFile>();
/** As in the style sheet: the live files have a column of their own. */
const roomy = window.matchMedia("(min-width: 1700px)");
/** More of them, open, would not be seen without scrolling. */
const openFilesMax = 2;

/** The elements stay, and with them focus and scrolling: only what is in them changes. The file that changed last is open. */
function showLiveFile(view: LiveFileView): void {
  const { id, fileName, lines, linesAbove } = view;
  const known = liveFiles.get(id) ?? addLiveFile(id, fileName);
  const shown = JSON.stringify(view);
  if (known.shown === shown) return;
  known.shown = shown;
  known.caption.textContent = liveFileCaption(view);
  const changed = new Set(view.changed);
  // The lines are counted as the bot counts them, by the style sheet.
  known.text.style.setProperty("counter-reset", `line ${linesAbove}`);
  known.text.replaceChildren(
    ...lines.map((line, index) =>
      element("li", {}, changed.has(index) ? element("mark", {}, line) : line),
    ),
  );
  if (changed.size === 0) return;
  if (!roomy.matches) for (const { box } of liveFiles.values()) box.open = box === known.box;
  known.box.open = true;
  const mark = known.text.querySelector("mark");
  bringIntoView(mark, byId("live", HTMLElement));
  // Else it would scroll the machines out of sight, which show the change as well.
  if (byId("machines", HTMLElement).hidden) bringIntoView(mark, byId("server", HTMLElement));
}

function addLiveFile(id: string, fileName: string): DrawnFile {
  const caption = element("summary");
  const text = element("ol", { "aria-label": `${fileName} as it is live` });
  const isOpen = liveFiles.size < (roomy.matches ? openFilesMax : 1);
  const box = element("details", { class: "file", open: isOpen }, caption, text);
  const drawn: DrawnFile = { box, caption, text, shown: "" };
  liveFiles.set(id, drawn);
  byId("live", HTMLElement).append(box);
  return drawn;
}

/** Scrolls this pane alone: the page, and the chat that somebody reads, stay where they are. */
function bringIntoView(target: Element | null, pane: HTMLElement): void {
  if (target === null || pane.scrollHeight <= pane.clientHeight) return;
  const { top, bottom } = target.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (top < frame.top || bottom > frame.bottom) {
    pane.scrollTop += (top + bottom - frame.top - frame.bottom) / 2;
  }
}

function liveFileCaption(view: LiveFileView): string {
  const { fileName, lineCount, linesAbove, lines, changedUnseen } = view;
  if (lines.length === lineCount) return fileName;
  const last = counted(linesAbove + lines.length);
  const part = `lines ${counted(linesAbove + 1)} to ${last} of ${counted(lineCount)}`;
  const unseen =
    changedUnseen === 0 ? "" : `; ${counted(changedUnseen)} more changed lines are not shown`;
  return `${fileName} (${part}${unseen})`;
}

export function showBot({
  running,
  problem,
}: {
  readonly running: boolean;
  readonly problem: string | null;
}): void {
  const status = byId("bot", HTMLElement);
  status.dataset["running"] = String(running);
  status.textContent = running
    ? "The bot is running."
    : (problem ?? "The bot is not running. Messages wait for it.");
  const kill = byId("kill", HTMLButtonElement);
  const start = byId("start", HTMLButtonElement);
  const [shown, gone] = running ? [kill, start] : [start, kill];
  shown.hidden = false;
  withdraw(gone, true, shown);
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
    texts.length === 0 ? "No faults set." : `Waiting: ${texts.join(", ")}.`;
  const first = document.querySelector<HTMLElement>("[data-fault]");
  const disarm = byId("disarm", HTMLButtonElement);
  withdraw(disarm, texts.length === 0, first ?? document.body);
}
