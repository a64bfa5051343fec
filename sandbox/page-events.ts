// What an open page is sent: everything at first, then whatever changes.
import { chatBubble } from "./chat-bubble.ts";
import { etcdMissing } from "./machine-stage.ts";
import type { SendEvent } from "./routes.ts";
import { type Sandbox, type SandboxChange, sandboxChanges } from "./sandbox.ts";
import type { Story } from "./stories.ts";

/** A silent connection is kept open through proxies and sleeping laptops. */
const heartbeatMs = 15_000;
/** Of each chat, to a page that is loaded; as many as it shows. */
const messagesSentMax = 200;

/** @returns what ends it */
export function followSandbox(sandbox: Sandbox, send: SendEvent): () => void {
  const botId = sandbox.telegram.bot.id;
  const views: Readonly<Record<SandboxChange, () => unknown>> = {
    people: () =>
      sandbox.cast.all.map(
        ({ account: { id, first_name: name, language_code: language = "en" } }) => ({
          id,
          name,
          language,
        }),
      ),
    files: () => {
      const view = sandbox.files.view();
      return { ...view, history: sandbox.machines?.history() ?? view.history };
    },
    timeline: () => sandbox.timeline.spans(),
    bot: () => ({ running: sandbox.bot.state === "running", problem: sandbox.botProblem ?? null }),
    faults: () => sandbox.faults.waiting,
    machines: () => sandbox.machines?.view() ?? [],
    stage: () => ({
      disk: sandbox.disk.speed,
      story: sandbox.story?.id ?? null,
      service:
        sandbox.service === undefined
          ? null
          : {
              // Of several machines, each says what it charges itself.
              makerFee:
                sandbox.machines === undefined
                  ? sandbox.service.makerFee(sandbox.mainConfig.path)
                  : null,
              refusesNext: sandbox.service.refusesNext,
            },
    }),
  };
  const show = (change: SandboxChange): void => send(change, views[change]());
  send(
    "stories",
    sandbox.stories.map((story) => {
      const { id, title, watch } = story;
      return { id, title, watch, missing: missingFor(story) ?? null };
    }),
  );
  for (const change of sandboxChanges) show(change);
  for (const person of sandbox.cast.all) {
    const messages = person.messages();
    const older = Math.max(0, messages.length - messagesSentMax);
    send("older", { chat: person.account.id, count: older });
    for (const message of messages.slice(older)) {
      send("message", { chat: person.account.id, bubble: chatBubble(message, botId) });
    }
  }
  send("complete", null);

  const stopChanges = sandbox.onChange(show);
  const stopChats = sandbox.telegram.events.subscribe((event) => {
    if (event.kind === "callback_answer") {
      send("answer", { chat: event.chatId, text: event.text });
    } else {
      const bubble = chatBubble(event.message, botId);
      send(event.kind === "delete" ? "deleted" : "message", { chat: event.chatId, bubble });
    }
  });
  const heartbeat = setInterval(() => send("heartbeat", null), heartbeatMs);
  return () => {
    clearInterval(heartbeat);
    stopChanges();
    stopChats();
  };
}

/** Why it cannot be played here. */
export function missingFor({ machines = 0 }: Story): string | undefined {
  return machines > 0 ? etcdMissing : undefined;
}
