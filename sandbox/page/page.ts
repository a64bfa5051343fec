// The sandbox's page: listens to what happens, and sends what is pressed.
import type { Bubble } from "./bubble.ts";
import { type ChatPerson, type ChatWindow, createChatWindow } from "./chat-window.ts";
import { type LiveFile, wireDialogs } from "./dialogs.ts";
import { byId } from "./element.ts";
import { type MachineView, showMachines } from "./machines.ts";
import { openStranger, post, remove } from "./requests.ts";
import { type FilesView, showBot, showFaults, showFiles, unfoldRecords } from "./server-side.ts";
import { showStage, showStories, type StageView, type StoryView } from "./stage.ts";
import { drawTimeline, type Span } from "./timeline-drawing.ts";

const windows = new Map<number, ChatWindow>();
let files: readonly LiveFile[] = [];
/** After the first load, what comes is news. */
let complete = false;
/** Somebody's chat, asked for before it was there. */
let entersWhenShown: number | undefined;

interface Messages {
  people: readonly ChatPerson[];
  files: FilesView;
  timeline: readonly Span[];
  bot: { readonly running: boolean; readonly problem: string | null };
  faults: readonly string[];
  stories: readonly StoryView[];
  stage: StageView;
  machines: readonly MachineView[];
  older: { readonly chat: number; readonly count: number };
  message: { readonly chat: number; readonly bubble: Bubble };
  deleted: { readonly chat: number; readonly bubble: Bubble };
  answer: { readonly chat: number; readonly text: string };
  complete: null;
}

const handlers: { readonly [Name in keyof Messages]: (data: Messages[Name]) => void } = {
  people(people) {
    for (const person of people) {
      windows.get(person.id)?.setLanguage(person.language);
      if (windows.has(person.id)) continue;
      const chat = createChatWindow(person, () => files);
      windows.set(person.id, chat);
      byId("chats", HTMLElement).append(chat.section);
      if (person.id === entersWhenShown) chat.enter();
    }
  },
  files(view) {
    files = view.live;
    showFiles(view);
  },
  timeline(spans) {
    byId("timeline", HTMLElement).replaceChildren(...drawTimeline(spans));
  },
  bot: showBot,
  faults: showFaults,
  stories: (stories) => showStories(stories, (id) => void play(`stories/${id}`)),
  stage: showStage,
  machines: showMachines,
  older({ chat, count }) {
    windows.get(chat)?.setOlder(count);
  },
  message({ chat, bubble }) {
    windows.get(chat)?.show(bubble, complete);
  },
  deleted({ chat, bubble }) {
    windows.get(chat)?.remove(bubble.id);
  },
  answer({ chat, text }) {
    windows.get(chat)?.toast(text);
  },
  complete() {
    complete = true;
    document.documentElement.dataset["ready"] = "true";
  },
};

function connect(): void {
  const status = byId("connection", HTMLElement);
  const source = new EventSource("/api/events");
  for (const name of Object.keys(handlers) as (keyof Messages)[]) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      // Both ends are ours, and of the same version.
      const handle = handlers[name] as (data: unknown) => void;
      handle(JSON.parse(event.data));
    });
  }
  source.addEventListener("open", () => {
    complete = false;
    status.textContent = "";
  });
  source.addEventListener("error", () => {
    status.textContent = "The sandbox does not answer. Is it still running?";
  });
}

/** As in the style sheet. */
const oneColumn = window.matchMedia("(max-width: 1179px)");

async function play(path: string): Promise<void> {
  const status = byId("connection", HTMLElement);
  status.textContent = "Resetting the stage…";
  // One below the other, the chats would be out of sight.
  if (oneColumn.matches) byId("chats", HTMLElement).scrollIntoView();
  const done = await post(path);
  status.textContent = done ? "" : "The story has stopped: the bot does not answer.";
}

/** Opens the chat, or goes back to it. */
async function enterStranger(): Promise<void> {
  entersWhenShown = await openStranger();
  windows.get(entersWhenShown)?.enter();
}

function onClick(id: string, act: () => Promise<unknown>): void {
  const pressed = byId(id, HTMLButtonElement);
  pressed.addEventListener("click", () => void act());
}

wireDialogs();
unfoldRecords();
onClick("afresh", () => play("afresh"));
onClick("stranger", enterStranger);
onClick("kill", () => post("bot/kill"));
onClick("start", () => post("bot/start"));
onClick("refuse", () => post("service/refuse"));
onClick("disarm", () => remove("faults"));
for (const fault of document.querySelectorAll<HTMLButtonElement>("button[data-fault]")) {
  fault.addEventListener("click", () => void post(`faults/${fault.dataset["fault"] ?? ""}`));
}
for (const speed of document.querySelectorAll<HTMLButtonElement>("button[data-disk]")) {
  speed.addEventListener("click", () => void post(`disk/${speed.dataset["disk"] ?? ""}`));
}
connect();
