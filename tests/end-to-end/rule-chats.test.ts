// Golden chats of what holds a change, and of what follows one: limits, approval, freezes, schedules, Keep, the service, its guard, edits on the server.
// Long: a script for each chat.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { serve } from "../local-server.ts";
import { chatFiles as uploads } from "./chat-files.ts";
import { goldenChat } from "./golden-chat.ts";
import { feesFile } from "./stage.ts";

const people = "people:\n  1003: { may: { fees: read } }\n";

/** @param rules - of fees.yml, each with a comma before it */
function withCarol(rules = "") {
  return {
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: {
      "airlock.yml": `configs:
  fees: { file: fees.yml, schema: builtin:fees${rules} }
  rates: { file: rates.yml, schema: builtin:rates }
${people}`,
    },
  };
}

goldenChat("somebody who may only read looks, and changes nothing", withCarol(), async (chat) => {
  await chat.play("reader", ["carol"], { uploads });
  expect(await chat.airlock.history("fees")).toHaveLength(1);
});

goldenChat(
  "a config is frozen for a while, and everybody who may read it knows",
  withCarol(),
  async ({ play, airlock }) => {
    await play("freeze", ["anna", "boris", "carol"], {
      uploads,
      acts: { "the bot is started again": () => airlock.restart() },
    });
    expect(await airlock.history("fees")).toHaveLength(2);
  },
);

goldenChat(
  "a change waits for Keep, gets more time, and is kept by another admin",
  withCarol(", keep: 1h"),
  async (chat) => {
    const { anna, boris, airlock } = chat;
    boris.send("/whoami");
    await chat.play("keep", ["anna"], {
      uploads,
      acts: { "Boris presses Keep": () => chat.press(boris, anna, "Keep", "✅") },
    });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(3));
  },
);

const isTold =
  "if grep -q 'maker_percent: 2$' $AIRLOCK_CONFIG_FILE; then echo fee too high; exit 3; fi";
const takes = { run: ["/bin/sh", "-c", isTold], verify: ["/bin/true"] };

goldenChat(
  "a change goes live, and back where its service does not take it",
  withCarol(`, apply: ${JSON.stringify(takes)}`),
  async ({ play, airlock }) => {
    await play("apply", ["anna"], { uploads });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  },
);

goldenChat(
  "a first file stays though the service does not take it; a service that only hears of one is not said to run with it",
  {
    ...withCarol(`, apply: ${JSON.stringify({ run: takes.run })}`),
    prepare: ({ configDir }) => rm(join(configDir, "fees.yml")),
  },
  async ({ play, airlock }) => {
    await play("apply-first", ["anna"], { uploads });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  },
);

goldenChat(
  "a change that nobody keeps goes back, and those who may only read are told",
  withCarol(", keep: 8s"),
  async (chat) => {
    const { anna, boris, airlock } = chat;
    const changes = async (percent: number, then: () => unknown, end: string): Promise<void> => {
      // What she reads first is what she changes then.
      anna.send("/get_fees");
      const since = anna.cursor();
      await anna.waitForText("fees.yml, ", { since });
      anna.upload("fees.yml", feesFile(percent), { caption: "/set_fees" });
      await anna.waitForText("✅", { since });
      await then();
      await anna.waitForText(end, { since });
    };
    const passes = (): void => {};
    const edited = () => writeFile(join(airlock.configDir, "fees.yml"), feesFile(9));
    await chat.play("keep-gone", ["carol"], {
      acts: {
        "Anna changes fees.yml, and its time passes": () => changes(1, passes, "↩️"),
        "Anna changes it again, and Boris takes it back": () =>
          changes(2, () => chat.press(boris, anna, "Revert now", "✅"), "↩️"),
        "Anna changes it again, and somebody edits it on the server": () =>
          changes(3, edited, "⚠️"),
      },
    });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(9));
  },
);

const dayMs = 24 * 60 * 60 * 1000;

/** So many days from now, as somebody types it. */
function inDays(days: number): string {
  return `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 19)}Z`;
}

const smallFees = { configFiles: { "fees.yml": feesFile(0) } };

goldenChat(
  "a change waits for its time, bound to what is live or due before it",
  smallFees,
  async (chat) => {
    const { anna, boris, airlock } = chat;
    await chat.play("schedule", ["anna", "boris"], {
      uploads,
      acts: {
        "Anna schedules fees.yml": () =>
          anna.send(`/schedule_fees ${inDays(20)} the fees of the new month`),
        "Anna schedules maker_percent 2 for a day later": () =>
          anna.upload("fees.yml", feesFile(2), { caption: `/schedule_fees ${inDays(21)}` }),
        "Anna schedules what is live": () =>
          anna.upload("fees.yml", feesFile(0), { caption: `/schedule_fees ${inDays(1)}` }),
        "Boris presses Withdraw": () => chat.press(boris, anna, "Withdraw", "🗓"),
      },
    });
    const waiting = { config_type: "fees", kind: "schedule" };
    expect(await airlock.metric("config_pending", waiting)).toBe(1);
  },
);

goldenChat("/pending lists what waits, each with its buttons", smallFees, async (chat) => {
  const { anna, boris } = chat;
  const schedule = (maker: number, days: number) => () =>
    anna.upload("fees.yml", feesFile(maker), {
      caption: `/schedule_fees ${inDays(days)} a new month`,
    });
  await chat.play("pending", ["anna", "boris"], {
    uploads,
    acts: {
      "Anna schedules maker_percent 1": schedule(1, 20),
      "Anna schedules maker_percent 2 for a day later": schedule(2, 21),
      "Boris presses Show changes again": () =>
        chat.press(boris, boris, "Show changes", "fees.yml"),
    },
  });
});

const fees = (makerPercent: string, more = ""): string =>
  `currency: USD\nmaker_percent: ${makerPercent}\ntaker_percent: 0.1\n${more}`;
const tiers = "tiers:\n  - { from_volume: 0, maker_percent: 0.08, taker_percent: 0.1 }\n";

/** Nobody but these three, and rules of fees.yml. */
function ruled(rules: string, live = fees("0.08")) {
  return {
    adminIds: [],
    configFiles: { "fees.yml": live },
    rootFiles: {
      "airlock.yml": `configs:
  fees:
    file: fees.yml
    schema: builtin:fees
    ${rules}
people:
  1001: { may: { fees: write } }
  1002: { may: { fees: write } }
  1003: { may: { fees: read } }
`,
    },
  };
}

const limits = "limits: [{ path: '**.*_percent', at_most: 50% }]";
const limited = {
  "fees.yml: maker_percent 0.09": fees("0.09"),
  "fees.yml: maker_percent 8": fees("8"),
  "fees.yml: maker_percent 20": fees("20"),
};

goldenChat(
  "two others approve, one rejects, the author withdraws",
  ruled(`${limits}\n    approval: { when: over_limits, approvals: 2, by: [1001, 1002, 1003] }`),
  async ({ play, airlock }) => {
    await play("approval", ["anna", "boris", "carol"], { uploads: limited });
    await play("approval-ended", ["anna", "boris", "carol"], { uploads: limited });
    const history = await airlock.history("fees");
    expect(history.map((entry) => entry["approved_by"])).toEqual([
      undefined,
      undefined,
      [
        { id: 1002, name: "Boris" },
        { id: 1003, name: "Carol" },
      ],
      undefined,
    ]);
    const outcomes = await Promise.all(
      ["applied", "pending", "rejected", "cancelled"].map((outcome) =>
        airlock.metric("config_uploads_total", { config_type: "fees", outcome }),
      ),
    );
    expect(outcomes).toEqual([3, 3, 1, 1]);
  },
);

goldenChat(
  "what nobody approves in its time ends",
  ruled(`${limits}\n    approval: { when: over_limits, expires: 6s }`),
  async ({ play, anna, boris, airlock }) => {
    boris.send("/whoami");
    await play("approval-late", ["anna"], {
      uploads: limited,
      acts: { "six seconds pass": () => anna.waitForText("⌛") },
    });
    expect(await airlock.history("fees")).toHaveLength(1);
  },
);

goldenChat(
  "an author types the new value of what is beyond its limit",
  ruled(
    `limits:
      - { path: '**.maker_percent', at_most: 50% }
      - { path: tiers, at_most: 50% }
      - { path: taker_percent, at_most: 0.5, hard: true }`,
    fees("0.08", tiers),
  ),
  async ({ play, airlock, anna, press }) => {
    const pending = { config_type: "fees", kind: "confirm" };
    anna.upload("fees.yml", fees("9", tiers), { caption: "/set_fees" });
    await anna.waitForText("✋");
    expect(await airlock.metric("config_pending", pending)).toBe(1);
    await press(anna, anna, "Discard", "✋");
    await anna.waitForText("🚫");
    expect(await airlock.metric("config_pending", pending)).toBe(0);
    await play("confirm", ["anna"], {
      uploads: {
        "fees.yml: maker_percent 0.09": fees("0.09", tiers),
        "fees.yml: maker_percent 8": fees("8", tiers),
        "fees.yml: without tiers": fees("8"),
        "fees.yml: taker_percent 9": fees("8").replace("0.1", "9"),
        "fees.yml: maker_percent 80": fees("80"),
      },
    });
    expect(await airlock.history("fees")).toHaveLength(3);
    expect((await airlock.live("fees")).toString()).toBe(fees("8"));
  },
);

goldenChat(
  "an edit on the server is told with what changed, and kept or put back; a freeze refuses that",
  {
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: {
      "airlock.yml": `configs:\n  fees: { file: fees.yml, schema: builtin:fees }\n${people}`,
    },
  },
  async (chat) => {
    const { anna, boris, airlock } = chat;
    const live = join(airlock.configDir, "fees.yml");
    // Promised are 60 s.
    const patience = { timeoutMs: 60_000 };
    boris.send("/whoami");
    async function noticed(edit: Promise<void>): Promise<void> {
      const since = anna.cursor();
      await edit;
      await anna.waitForText("✏️", { since, ...patience });
    }
    await chat.play("drift", ["anna"], {
      ...patience,
      acts: {
        "somebody on the server sets maker_percent to 150": () =>
          noticed(writeFile(live, feesFile(150))),
        "somebody on the server deletes fees.yml": () => noticed(rm(live)),
        "Boris presses Keep": async () => {
          await boris.waitForText("✏️", patience);
          await chat.press(boris, boris, "Keep", "✏️");
        },
      },
    });
    expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(150)));
    expect(await airlock.history("fees")).toMatchObject([
      { how: "found" },
      { revision: 2, how: "edited", author: null },
      { revision: 3, how: "rollback", author: { id: 1001, name: "Anna" } },
    ]);
    expect(await airlock.backupTexts("fees")).toEqual([feesFile(0), feesFile(150)]);
    expect(await airlock.metric("config_drift", { config_type: "fees" })).toBe(0);
  },
);

/** Answers like a Prometheus whose query has this one value, or none. */
async function serveValue(
  value: () => number | undefined,
  afterTest: (cleanUp: () => Promise<void>) => void,
): Promise<string> {
  return serve((_, response) => {
    const now = value();
    const result = now === undefined ? [] : [{ metric: {}, value: [1, String(now)] }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  }, afterTest);
}

const errors: Record<string, number | undefined> = {};

goldenChat(
  "a guard is asked before, takes a change back when it fails twice, and asks for Keep where that is unknown",
  async (afterTest, language) => {
    errors[language] = 7;
    const prometheus = await serveValue(() => errors[language], afterTest);
    return withCarol(
      `, guard: { prometheus: '${prometheus}', query: 'sum(errors)', fails: '> 5', during: 6s, every: 1s }`,
    );
  },
  async (chat) => {
    const { anna, boris, airlock, language } = chat;
    const patience = { timeoutMs: 60_000 };
    // Only those who have talked to the bot can be written to.
    boris.send("/whoami");
    await chat.play("guard", ["anna"], {
      ...patience,
      uploads,
      // A slow machine may miss one.
      replace: [[/(unclear|неясно) \d+ \p{L}+/gu, "$1 <n> times"]],
      acts: {
        "the guard fails twice": () => anna.waitForText("↩️", patience),
        "the series is gone": () => (errors[language] = undefined),
        "the guard's time is over": () => anna.waitForText("⚠️", patience),
      },
    });
    await boris.waitForText("↩️");
    await boris.waitForText("⚠️");
    expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(3)));
    expect(await airlock.history("fees")).toMatchObject([
      { revision: 1 },
      { revision: 2, how: "upload" },
      { revision: 3, how: "reverted", author: null, reverts: 2 },
      { revision: 4, how: "upload", author: { id: 1001 } },
      { kept: 4, kept_by: { id: 1001 } },
    ]);
    const counted = (name: string, more: Readonly<Record<string, string>>) =>
      airlock.metric(name, { config_type: "fees", ...more });
    expect(await counted("config_reverts_total", { cause: "guard" })).toBe(1);
    expect(await counted("config_reverts_total", { cause: "keep" })).toBe(0);
    expect(await counted("config_uploads_total", { outcome: "pending" })).toBe(2);
    expect(await counted("config_uploads_total", { outcome: "cancelled" })).toBe(1);
    expect(await counted("config_uploads_total", { outcome: "reverted" })).toBe(1);
  },
);
