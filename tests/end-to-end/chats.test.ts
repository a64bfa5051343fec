// Golden chats of uploads, of what comes instead of one, and of looking at what is and was live; those of rules are in rule-chats.test.ts.
// Long: a script for each chat.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { FaultHandle } from "../../sandbox/bot-api/faults.ts";
import { revisionLine } from "../../src/words/history-words.ts";
import { chatFiles as uploads } from "./chat-files.ts";
import { goldenChat, goldenChatAlone } from "./golden-chat.ts";
import { feesFile, ratesFile, type Stage } from "./stage.ts";

/** Holds the next download until it is let go. */
interface Holding {
  readonly hold: () => void;
  /** Until then it is the next download that is held, whoever asks for it. */
  readonly isHeld: () => Promise<unknown> | undefined;
  readonly letGo: () => void;
}

function holding({ server }: Stage): Holding {
  let gate: FaultHandle | undefined;
  return {
    hold: () => (gate = server.fault({ method: "download", kind: "gate", times: 1 })),
    isHeld: () => gate?.reached,
    letGo: () => gate?.open(),
  };
}

goldenChat("an admin uploads fees.yml", {}, async ({ play, airlock }) => {
  await play("upload", ["anna", "boris"], { uploads });
  expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
  expect((await airlock.live("rates")).toString()).toBe(ratesFile(0.94));
  expect(await airlock.backups("fees")).toHaveLength(3);
  expect((await airlock.history("fees"))[2]).toMatchObject({ reason: "lower for the winter" });
});

goldenChat("a file with problems changes nothing", {}, async ({ play, airlock }) => {
  await play("invalid", ["anna"], { uploads });
  expect(await airlock.backups("fees")).toEqual([]);
  expect(await airlock.history("fees")).toHaveLength(1);
  expect(
    await airlock.metric("config_uploads_total", { config_type: "fees", outcome: "invalid" }),
  ).toBe(6);
});

goldenChat("something else than a document gets a helpful sentence", {}, async ({ play }) => {
  await play("wrong-things", ["anna"], { uploads });
});

goldenChat("/cancel ends the question or the upload", {}, async ({ play, airlock, ...stage }) => {
  const { hold, letGo } = holding({ airlock, ...stage });
  await play("cancel", ["anna"], {
    uploads,
    acts: { "the next download is held": hold, "the download goes on": letGo },
  });
  expect(await airlock.history("fees")).toHaveLength(1);
});

goldenChat("a document with no command is answered with buttons", {}, async (chat) => {
  const { anna, boris, airlock } = chat;
  const question = () => {
    const found = anna.messages().find(({ reply_markup: buttons }) => buttons !== undefined);
    if (found === undefined) throw new Error("there is no question");
    return found;
  };
  let data = "";
  await chat.play("lone-document", ["anna", "boris"], {
    uploads,
    acts: {
      "Boris presses Anna's button": () => {
        const [button] = question().reply_markup?.inline_keyboard.flat() ?? [];
        data = button !== undefined && "callback_data" in button ? button.callback_data : "";
        return boris.pressData(question(), data).answered;
      },
      "the bot is started again": () => airlock.restart(),
      "Anna presses the button again": async () => {
        const done = anna.messages().find(({ text }) => text?.startsWith("✅"));
        if (done === undefined) throw new Error("nothing was updated");
        await anna.pressData(done, data).answered;
      },
    },
  });
  expect((await airlock.history("rates"))[1]).toMatchObject({ reason: "for the week" });
});

goldenChat("what the disk refuses is told as it is", {}, async ({ play, airlock }) => {
  const live = join(airlock.configDir, "fees.yml");
  const history = join(airlock.stateDir, "history", "fees.jsonl");
  await play("failed", ["anna"], {
    uploads,
    acts: {
      "a folder stands in place of fees.yml": async () => {
        await rename(live, `${live}.aside`);
        await mkdir(live);
      },
      "the folder is gone": async () => {
        await rm(live, { recursive: true });
        await rename(`${live}.aside`, live);
      },
      "history cannot be written": async () => {
        await rename(history, `${history}.aside`);
        await mkdir(history);
      },
      "history can be written": async () => {
        await rm(history, { recursive: true });
        await rename(`${history}.aside`, history);
      },
    },
  });
});

goldenChat("a stop ends what has no lock yet, and a kill is told of too", {}, async (chat) => {
  const { airlock, anna, server } = chat;
  let last: FaultHandle | undefined;
  const { hold, isHeld } = holding(chat);
  await chat.play("stopped", ["anna"], {
    uploads,
    acts: {
      "the next download is held": hold,
      "the bot is stopped": async () => {
        await isHeld();
        expect(await airlock.stop()).toEqual({ code: 0, signal: null });
      },
      "the bot is started again, and its next last text is held": async () => {
        last = server.fault({
          method: "editMessageText",
          when: ({ params }) => String(params["text"]).startsWith("✅"),
          kind: "hang",
        });
        await airlock.restart();
      },
      "the bot is killed before that is sent, and started again": async () => {
        await last?.reached;
        await airlock.kill();
        last?.remove();
        await airlock.restart();
      },
    },
  });
  expect(anna.messages().filter(({ text }) => text?.startsWith("🔁"))).toHaveLength(2);
});

goldenChat("commands that look show what is live", {}, async ({ play, airlock }) => {
  const live = join(airlock.configDir, "fees.yml");
  await play("looking", ["anna"], {
    uploads,
    acts: {
      "fees.yml is edited by hand": () => writeFile(live, feesFile(1)),
      "fees.yml is deleted by hand": () => rm(live),
    },
  });
});

goldenChat(
  "a stranger learns their id, and nothing else",
  {},
  async ({ play, airlock, server }) => {
    await play("stranger", ["eve"], { uploads });
    expect(await airlock.history("fees")).toHaveLength(1);
    await airlock.waitForLog(({ msg, what }) => msg === "access_denied" && what === "text");
    expect(await airlock.metric("access_denied_total")).toBe(4);
    expect(server.requests.filter(({ method }) => method === "sendMessage")).toHaveLength(1);
  },
);

const smallFees = { configFiles: { "fees.yml": feesFile(0) } };

goldenChat(
  "a stale edit is noticed, merged, applied anyway or discarded",
  smallFees,
  async (chat) => {
    const { airlock, anna, boris } = chat;
    await chat.play("stale", ["anna", "boris"], {
      uploads,
      acts: {
        "Anna presses Apply anyway": () => chat.press(anna, boris, "Apply anyway", "⚠️"),
        "the bot is started again": () => airlock.restart(),
      },
    });
    const stale = { config_type: "fees", outcome: "stale" };
    expect(await airlock.metric("config_uploads_total", stale)).toBeGreaterThan(0);
  },
);

goldenChatAlone("history, diffs, older revisions and rollbacks", smallFees, async (chat) => {
  const { airlock } = chat;
  await chat.play("past", ["anna"], {
    uploads,
    acts: {
      "fees.yml is edited by hand": () =>
        writeFile(join(airlock.configDir, "fees.yml"), `# by hand\n${feesFile(9)}`),
      "the oldest backup is pruned": async () => {
        const [oldest] = await airlock.backups("fees");
        await rm(join(airlock.backupDir, oldest ?? ""));
        await airlock.restart();
      },
    },
  });
  expect((await airlock.history("fees")).map(({ how }) => how)).toEqual([
    "found",
    "upload",
    "upload",
    "edited",
    "upload",
    "rollback",
    "undo",
  ]);
});

goldenChatAlone(
  "a number over time is a picture, and what is no number is told with what is",
  smallFees,
  async ({ play, airlock }) => {
    await play("charts", ["anna"], {
      uploads,
      acts: {
        "an old backup is removed": async () => {
          const [oldest] = await airlock.backups("fees");
          await rm(join(airlock.backupDir, oldest ?? ""));
          await airlock.restart();
        },
        "fees.yml is deleted": () => rm(join(airlock.configDir, "fees.yml")),
      },
    });
  },
);

goldenChat(
  "Undo takes a change back only while it is live, and the others are told",
  smallFees,
  async (chat) => {
    const ofRevision2 = chat.said(revisionLine(2));
    await chat.play("undo", ["anna", "boris"], {
      uploads,
      acts: {
        "Anna presses Undo of her change": () =>
          chat.press(chat.anna, chat.anna, "Undo", ofRevision2),
      },
    });
  },
);

goldenChat(
  "what an upload set back unseen is told to both, and either may merge both until somebody changes the file again",
  {
    ...smallFees,
    rootFiles: { "airlock.yml": "people: { 1003: { name: Carol, may: { fees: read } } }\n" },
  },
  async (chat) => {
    const { airlock, anna, boris } = chat;
    const ofRevision3 = chat.said(revisionLine(3));
    await chat.play("set-back", ["anna", "boris", "carol"], {
      uploads,
      acts: {
        "the bot is started again": () => airlock.restart(),
        "Boris presses Merge both of his upload": () =>
          chat.press(boris, boris, "Merge both", ofRevision3),
        "Anna presses Merge both of her notice": () => chat.press(anna, anna, "Merge both", "🔔"),
      },
    });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1).replace("0.1", "0.2"));
  },
);

goldenChat(
  "one value is shown, changed after a look at it, and refused with what would be right",
  {},
  async ({ play, airlock }) => {
    await play("value", ["anna", "boris"], { uploads });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
    expect((await airlock.history("fees"))[1]).toMatchObject({
      how: "value",
      reason: "winter prices",
      author: { id: 1001, name: "Anna" },
    });
  },
);

goldenChat(
  "/check validates and compares, and saves nothing",
  smallFees,
  async ({ play, airlock }) => {
    await play("check", ["anna"], { uploads });
    expect(await airlock.history("fees")).toHaveLength(1);
    expect(await airlock.backups("fees")).toEqual([]);
    const invalid = { config_type: "fees", outcome: "invalid" };
    expect(await airlock.metric("config_uploads_total", invalid)).toBe(0);
  },
);

goldenChat(
  "what /check found valid is set by a button, as an upload like any other",
  smallFees,
  async (chat) => {
    const { airlock, anna, boris } = chat;
    let pressed = "";
    await chat.play("set-it", ["anna", "boris"], {
      uploads,
      acts: {
        "Boris presses Set it": () => {
          const checked = anna.messages().find(({ text }) => text?.startsWith("✔️"));
          const [button] = checked?.reply_markup?.inline_keyboard.flat() ?? [];
          pressed = button !== undefined && "callback_data" in button ? button.callback_data : "";
          return chat.press(boris, anna, "Set it", "✔️");
        },
        "the bot is started again": () => airlock.restart(),
        "Anna presses Set it again": async () => {
          const done = anna.messages().find(({ text }) => text?.startsWith("✅"));
          if (done === undefined) throw new Error("nothing was updated");
          await anna.pressData(done, pressed).answered;
        },
      },
    });
    expect((await airlock.history("fees"))[1]).toMatchObject({ reason: "a good customer asked" });
    expect(await airlock.history("fees")).toHaveLength(3);
  },
);
