// Whole chats against their golden files, in both languages. Long: one test for each file in tests/chats, with what has to be so before it.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import type { FaultHandle } from "../../sandbox/bot-api/faults.ts";
import { feesFile, openStage, ratesFile, type Stage } from "./stage.ts";
import { playChat } from "./transcript.ts";

const manyMistakes = `currency: usd
maker_percent: yes
taker_precent: 0.1
tiers:
  - { from_volume: 1, maker_percent: 0.1, taker_percent: 0.1 }
withdrawal:
  BTC: { fixed: 2, minimum: 1 }
`;
const thirtyProblems = `${feesFile(1)}${Array.from({ length: 30 }, (_, index) => `x${index}: 1\n`).join("")}`;

const uploads = {
  "fees.yml: maker_percent 1": feesFile(1),
  "fees.yml: maker_percent 2": feesFile(2),
  "fees.yml: maker_percent 3": feesFile(3),
  "fees.yml: maker_percent 150": feesFile(150),
  "fees.yml: many mistakes": manyMistakes,
  "fees.yml: a syntax error": 'currency: "USD\n',
  "fees.yml: a picture": Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]),
  "fees.yml: too large": `# ${"x".repeat(2 * 1024 * 1024)}\n`,
  "fees.yml: thirty problems": thirtyProblems,
  "rates.yml: EUR 0.93": ratesFile(0.93),
  "rates.yml: EUR 0.94": ratesFile(0.94),
  "my <b>fees</b>.yml": feesFile(1),
  "fees.yml: maker_percent 5": feesFile(5),
  "fees.yml: maker_percent 6": feesFile(6),
  "fees.yml: maker_percent 7": feesFile(7),
  "fees.yml: taker_percent 2": feesFile(0).replace("0.1", "2"),
  "fees.yml: maker_percent 7, taker_percent 0.1": feesFile(7),
  "fees.yml: maker_percent 6, taker_percent 2": feesFile(6).replace("0.1", "2"),
  "fees.yml: taker_percent 0.2": feesFile(0).replace("0.1", "0.2"),
  "fees.yml: only comments": `# a comment\n${feesFile(0)}`,
  "fees.yml: the live file": feesFile(0),
};

/** How long it took is no part of what is promised. */
const replace = [
  [/up for \d+ seconds?/g, "up for <uptime>"],
  [/\d+ (?:second|minute)s? ago|just now/g, "<ago>"],
  [/\b\d\d:\d\d:\d\d UTC/g, "<clock>"],
] as const;

async function play(
  name: string,
  people: readonly ("anna" | "boris" | "carol" | "eve")[],
  actsOf: (stage: Stage) => Readonly<Record<string, () => unknown>> = () => ({}),
  options: Parameters<typeof openStage>[0] = {},
): Promise<Stage> {
  const stage = await openStage(options);
  const cast = Object.fromEntries(people.map((who) => [stage[who].account.first_name, stage[who]]));
  await playChat(name, {
    server: stage.server,
    people: cast,
    uploads,
    replace,
    acts: actsOf(stage),
  });
  return stage;
}

/** Holds the next download until it is let go. */
function holding({ server }: Stage): { hold: () => void; letGo: () => void } {
  let gate: FaultHandle | undefined;
  return {
    hold: () => (gate = server.fault({ method: "download", kind: "gate", times: 1 })),
    letGo: () => gate?.open(),
  };
}

test("an admin uploads fees.yml", async () => {
  const { airlock } = await play("upload", ["anna", "boris"]);
  expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
  expect((await airlock.live("rates")).toString()).toBe(ratesFile(0.94));
  expect(await airlock.backups("fees")).toHaveLength(3);
  expect((await airlock.history("fees"))[2]).toMatchObject({ reason: "lower for the winter" });
});

test("a file with problems changes nothing", async () => {
  const { airlock } = await play("invalid", ["anna"]);
  expect(await airlock.backups("fees")).toEqual([]);
  expect(await airlock.history("fees")).toHaveLength(1);
  expect(
    await airlock.metric("config_uploads_total", { config_type: "fees", outcome: "invalid" }),
  ).toBe(6);
});

test("something else than a document gets a helpful sentence", async () => {
  await play("wrong-things", ["anna"]);
});

test("/cancel ends the question or the upload", async () => {
  const { airlock } = await play("cancel", ["anna"], (stage) => {
    const { hold, letGo } = holding(stage);
    return { "the next download is held": hold, "the download goes on": letGo };
  });
  expect(await airlock.history("fees")).toHaveLength(1);
});

test("a document with no command is answered with buttons", async () => {
  const stage = await play("lone-document", ["anna", "boris"], ({ anna, boris, airlock }) => {
    const question = () => {
      const found = anna.messages().find(({ text }) => text?.startsWith("Which config"));
      if (found === undefined) throw new Error("there is no question");
      return found;
    };
    let data = "";
    return {
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
    };
  });
  expect((await stage.airlock.history("rates"))[1]).toMatchObject({ reason: "for the week" });
});

test("what the disk refuses is told as it is", async () => {
  await play("failed", ["anna"], ({ airlock }) => {
    const live = join(airlock.configDir, "fees.yml");
    const history = join(airlock.stateDir, "history", "fees.jsonl");
    return {
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
    };
  });
});

test("a stop ends what has no lock yet, and says so", async () => {
  await play("stopped", ["anna"], (stage) => ({
    "the next download is held": holding(stage).hold,
    "the bot is stopped": async () => {
      expect(await stage.airlock.stop()).toEqual({ code: 0, signal: null });
    },
  }));
});

test("commands that look show what is live", async () => {
  await play("looking", ["anna"], ({ airlock }) => {
    const live = join(airlock.configDir, "fees.yml");
    return {
      "fees.yml is edited by hand": () => writeFile(live, feesFile(1)),
      "fees.yml is deleted by hand": () => rm(live),
    };
  });
});

test("a stranger learns their id, and nothing else", async () => {
  const { airlock, server } = await play("stranger", ["eve"]);
  expect(await airlock.history("fees")).toHaveLength(1);
  await airlock.waitForLog(({ msg, what }) => msg === "access_denied" && what === "text");
  expect(await airlock.metric("access_denied_total")).toBe(4);
  expect(server.requests.filter(({ method }) => method === "sendMessage")).toHaveLength(1);
});

const smallFees = { configFiles: { "fees.yml": feesFile(0) } };

/** Presses the button of this name under the newest message that has it, whoever's chat it is in. */
function pressing(
  presser: Person,
  owner: Person,
  label: string,
  says: string,
): () => Promise<unknown> {
  return () => {
    const message = owner.messages().findLast(({ text }) => text?.includes(says));
    const button = message?.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
    if (message === undefined || button === undefined || !("callback_data" in button)) {
      throw new Error(`there is no button ${label}`);
    }
    return presser.pressData(message, button.callback_data).answered;
  };
}

test("a stale edit is noticed, merged, applied anyway or discarded", async () => {
  const { airlock } = await play(
    "stale",
    ["anna", "boris"],
    ({ airlock: bot, anna, boris }) => ({
      "Anna presses Apply anyway": pressing(anna, boris, "Apply anyway", "has changed since"),
      "the bot is started again": () => bot.restart(),
    }),
    smallFees,
  );
  const stale = { config_type: "fees", outcome: "stale" };
  expect(await airlock.metric("config_uploads_total", stale)).toBeGreaterThan(0);
});

test("history, diffs, older revisions and rollbacks", async () => {
  const { airlock } = await play(
    "past",
    ["anna"],
    ({ airlock: bot }) => ({
      "fees.yml is edited by hand": () =>
        writeFile(join(bot.configDir, "fees.yml"), `# by hand\n${feesFile(9)}`),
      "the oldest backup is pruned": async () => {
        const [oldest] = await bot.backups("fees");
        await rm(join(bot.backupDir, oldest ?? ""));
        await bot.restart();
      },
    }),
    smallFees,
  );
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

test("a number over time is a picture, and what is no number is told with what is", async () => {
  await play(
    "charts",
    ["anna"],
    ({ airlock: bot }) => ({
      "an old backup is removed": async () => {
        const [oldest] = await bot.backups("fees");
        await rm(join(bot.backupDir, oldest ?? ""));
        await bot.restart();
      },
      "fees.yml is deleted": () => rm(join(bot.configDir, "fees.yml")),
    }),
    smallFees,
  );
});

test("Undo takes a change back only while it is live, and the others are told", async () => {
  await play(
    "undo",
    ["anna", "boris"],
    ({ anna }) => ({
      "Anna presses Undo of her change": pressing(anna, anna, "Undo", "Revision 2."),
    }),
    smallFees,
  );
});

test("what an upload set back unseen is told to both, and either may merge both until somebody changes the file again", async () => {
  const { airlock } = await play(
    "set-back",
    ["anna", "boris", "carol"],
    ({ airlock: bot, anna, boris }) => ({
      "the bot is started again": () => bot.restart(),
      "Boris presses Merge both of his upload": pressing(boris, boris, "Merge both", "Revision 3."),
      "Anna presses Merge both of her notice": pressing(anna, anna, "Merge both", "set back your"),
    }),
    {
      ...smallFees,
      rootFiles: { "airlock.yml": "people: { 1003: { name: Carol, may: { fees: read } } }\n" },
    },
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1).replace("0.1", "0.2"));
});

test("one value is shown, changed after a look at it, and refused with what would be right", async () => {
  const { airlock } = await play("value", ["anna", "boris"]);
  expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
  expect((await airlock.history("fees"))[1]).toMatchObject({
    how: "value",
    reason: "winter prices",
    author: { id: 1001, name: "Anna" },
  });
});

test("/check validates and compares, and saves nothing", async () => {
  const { airlock } = await play("check", ["anna"], () => ({}), smallFees);
  expect(await airlock.history("fees")).toHaveLength(1);
  expect(await airlock.backups("fees")).toEqual([]);
  const invalid = { config_type: "fees", outcome: "invalid" };
  expect(await airlock.metric("config_uploads_total", invalid)).toBe(0);
});

test("what /check found valid is set by a button, as an upload like any other", async () => {
  const { airlock } = await play(
    "set-it",
    ["anna", "boris"],
    ({ airlock: bot, anna, boris }) => {
      const data = (): string => {
        const checked = anna.messages().find(({ text }) => text?.startsWith("✔️"));
        const [button] = checked?.reply_markup?.inline_keyboard.flat() ?? [];
        return button !== undefined && "callback_data" in button ? button.callback_data : "";
      };
      let pressed = "";
      return {
        "Boris presses Set it": () => {
          pressed = data();
          return pressing(boris, anna, "Set it", "is valid")();
        },
        "the bot is started again": () => bot.restart(),
        "Anna presses Set it again": async () => {
          const done = anna.messages().find(({ text }) => text?.startsWith("✅"));
          if (done === undefined) throw new Error("nothing was updated");
          await anna.pressData(done, pressed).answered;
        },
      };
    },
    smallFees,
  );
  expect((await airlock.history("fees"))[1]).toMatchObject({ reason: "a good customer asked" });
  expect(await airlock.history("fees")).toHaveLength(3);
});

const withCarol = {
  rootFiles: {
    "airlock.yml": `configs:
  fees: { file: fees.yml, schema: builtin:fees }
  rates: { file: rates.yml, schema: builtin:rates }
people:
  1003: { may: { fees: read } }
`,
  },
};

test("a config is frozen for a while, and everybody who may read it knows", async () => {
  const { airlock } = await play(
    "freeze",
    ["anna", "boris", "carol"],
    ({ airlock: bot }) => ({ "the bot is started again": () => bot.restart() }),
    { ...smallFees, ...withCarol },
  );
  expect(await airlock.history("fees")).toHaveLength(2);
});

function withKeep(keep: string): Parameters<typeof openStage>[0] {
  const catalog = withCarol.rootFiles["airlock.yml"].replace(
    "builtin:fees }",
    `builtin:fees, keep: ${keep} }`,
  );
  return { ...smallFees, rootFiles: { "airlock.yml": catalog } };
}

test("a change waits for Keep, gets more time, and is kept by another admin", async () => {
  const { airlock } = await play(
    "keep",
    ["anna"],
    ({ boris, anna }) => {
      boris.send("/whoami");
      return { "Boris presses Keep": pressing(boris, anna, "Keep", "✅") };
    },
    withKeep("1h"),
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
});

test("a change goes live, and back where its service does not take it", async () => {
  const script =
    "if grep -q 'maker_percent: 2$' $AIRLOCK_CONFIG_FILE; then echo fee too high; exit 3; fi";
  const apply = { run: ["/bin/sh", "-c", script], verify: ["/bin/true"] };
  const catalog = withCarol.rootFiles["airlock.yml"].replace(
    "builtin:fees }",
    () => `builtin:fees, apply: ${JSON.stringify(apply)} }`,
  );
  const { airlock } = await play("apply", ["anna"], () => ({}), {
    ...smallFees,
    rootFiles: { "airlock.yml": catalog },
  });
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
});

test("a change that nobody keeps goes back, and those who may only read are told", async () => {
  const { airlock } = await play(
    "keep-gone",
    ["carol"],
    ({ anna, boris, airlock: bot }) => {
      const changes = async (percent: number, then: () => unknown, end: string): Promise<void> => {
        // What she reads first is what she changes then.
        anna.send("/get_fees");
        const since = anna.cursor();
        await anna.waitForText("fees.yml, ", { since });
        anna.upload("fees.yml", feesFile(percent), { caption: "/set_fees" });
        await anna.waitForText("unless somebody presses Keep", { since });
        await then();
        await anna.waitForText(end, { since });
      };
      const passes = (): void => {};
      const edited = () => writeFile(join(bot.configDir, "fees.yml"), feesFile(9));
      return {
        "Anna changes fees.yml, and four seconds pass": () => changes(1, passes, "↩️"),
        "Anna changes it again, and Boris takes it back": () =>
          changes(2, pressing(boris, anna, "Revert now", "✅"), "↩️"),
        "Anna changes it again, and somebody edits it on the server": () =>
          changes(3, edited, "⚠️"),
      };
    },
    withKeep("4s"),
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(9));
});

const dayMs = 24 * 60 * 60 * 1000;

/** So many days from now, as somebody types it. */
function inDays(days: number): string {
  return `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 19)}Z`;
}

test("a change waits for its time, bound to what is live or due before it", async () => {
  const { airlock } = await play(
    "schedule",
    ["anna", "boris"],
    ({ anna, boris }) => ({
      "Anna schedules fees.yml": () =>
        anna.send(`/schedule_fees ${inDays(20)} the fees of the new month`),
      "Anna schedules maker_percent 2 for a day later": () =>
        anna.upload("fees.yml", feesFile(2), { caption: `/schedule_fees ${inDays(21)}` }),
      "Anna schedules what is live": () =>
        anna.upload("fees.yml", feesFile(0), { caption: `/schedule_fees ${inDays(1)}` }),
      "Boris presses Withdraw": pressing(boris, anna, "Withdraw", "🗓"),
    }),
    smallFees,
  );
  const waiting = { config_type: "fees", kind: "schedule" };
  expect(await airlock.metric("config_pending", waiting)).toBe(1);
});

test("/pending lists what waits, each with its buttons", async () => {
  await play(
    "pending",
    ["anna", "boris"],
    ({ anna, boris }) => {
      const schedule = (maker: number, days: number) => () =>
        anna.upload("fees.yml", feesFile(maker), {
          caption: `/schedule_fees ${inDays(days)} a new month`,
        });
      return {
        "Anna schedules maker_percent 1": schedule(1, 20),
        "Anna schedules maker_percent 2 for a day later": schedule(2, 21),
        "Boris presses Show changes again": pressing(boris, boris, "Show changes", "Waiting now"),
      };
    },
    smallFees,
  );
});

test("somebody who may only read looks, and changes nothing", async () => {
  const { airlock } = await play("reader", ["carol"], undefined, withCarol);
  expect(await airlock.history("fees")).toHaveLength(1);
});
