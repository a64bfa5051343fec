// One reading of a command decides who may and what is done. Every odd spelling of every command is sent by people who may not, and
// nothing of the config comes back.
import type { MessageEntity } from "grammy/types";
import { expect, test } from "vitest";
import { feesFile, openStage } from "./stage.ts";

const catalog = `configs:
  fees: { file: fees.yml, schema: builtin:fees }
  rates: { file: rates.yml, schema: builtin:rates }
people:
  1003: { name: Carol, may: { rates: read } }
  1004: { name: Dan, may: { fees: read } }
`;
const kinds = ["set", "get", "check", "diff", "history", "rollback", "schema"] as const;

/** Of the command `/x`: a text, and the entities that a server might send with it. */
function spellings(x: string): readonly { text: string; entities?: MessageEntity[] }[] {
  const marked = (text: string, offset: number, length: number) => ({
    text,
    entities: [{ type: "bot_command" as const, offset, length }],
  });
  const named = `${x}@airlock_bot`;
  return [
    ...[
      x,
      named,
      `${named}@`,
      `${x}@AIRLOCK_BOT`,
      `${x}@other_bot`,
      `${x}@`,
      `${x}@airlock_bot@airlock_bot`,
      `${x}@other_bot@airlock_bot`,
      x.toUpperCase(),
      `${x} 1`,
      `${x}: 1`,
      `${x}\u200b`,
      `${x}\u0000`,
      `\u200e${x}`,
      `${x}😀`,
      `${x}\ud83d`,
      `${x}/`,
      `${x}_`,
      `/status ${x}`,
      `${x} /status`,
      `hello ${x}`,
      `/x${x}`,
    ].map((text) => ({ text })),
    marked(x, 0, x.length),
    marked(x, 0, x.length - 1),
    marked(x, 0, x.length + 50),
    marked(`${x}s`, 0, x.length),
    marked(`${x}@airlock_bot@`, 0, named.length),
    marked(`${x}@other_bot`, 0, x.length),
    marked(`😀${x}`, 2, x.length),
    marked(`😀${x}`, 0, x.length),
    marked(x, 1, x.length),
    marked(x.slice(1), 0, x.length),
    {
      text: x,
      entities: [
        { type: "bot_command", offset: 0, length: 4 },
        { type: "bot_command", offset: 0, length: x.length },
      ],
    },
    { text: x, entities: [{ type: "code", offset: 0, length: x.length }] },
    { text: x, entities: [] },
  ];
}

test("no spelling of a command opens what its sender may not see or change", async () => {
  const { server, airlock, anna, carol } = await openStage({
    adminIds: [1001],
    rootFiles: { "airlock.yml": catalog },
    configFiles: { "fees.yml": feesFile(42) },
  });
  const dan = server.user({ id: 1004, firstName: "Dan" });
  anna.upload("fees.yml", feesFile(43), { caption: "/set_fees a secret reason" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  for (const person of [carol, dan]) {
    person.send("/whoami");
    await person.waitForText("Your id is");
  }
  for (const kind of kinds) {
    for (const { text, entities } of spellings(`/${kind}_fees`)) {
      const fields = { text, ...(entities === undefined ? {} : { entities }) };
      carol.send("x", { fields });
      carol.upload("rates.yml", "x", {
        fields: {
          caption: text,
          ...(entities === undefined ? {} : { caption_entities: entities }),
        },
      });
      if (kind === "set" || kind === "check" || kind === "rollback") dan.send("x", { fields });
    }
  }
  // The stop waits for every answer.
  await expect.poll(() => server.pendingUpdates(), { timeout: 60_000 }).toEqual([]);
  await airlock.stop();
  const fromBot = (messages: ReturnType<typeof carol.messages>) =>
    messages.filter(({ from }) => from?.is_bot === true);
  const toCarol = fromBot(carol.messages());
  expect(toCarol.length).toBeGreaterThan(100);
  expect(toCarol.filter(({ document }) => document !== undefined)).toEqual([]);
  for (const { text = "" } of toCarol) {
    // What she wrote may be said back to her, and nothing else.
    expect(text.replaceAll(/I do not know \/\S*/g, "")).not.toMatch(/fees|secret|42|43|Anna/i);
  }
  for (const { text = "", reply_markup: markup } of fromBot(dan.messages())) {
    expect(text).not.toMatch(/Send me the|Nothing was changed yet/);
    expect(markup).toBeUndefined();
  }
  expect(await airlock.history("fees")).toHaveLength(2);
}, 120_000);
