// Which question a document is for: the open one of whoever sent it, and no other. Two configs share a schema here, so that nothing
// but the question tells them apart.
import { beforeEach, expect, test } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { adminsAnew, openSharedStage, withNewPeople } from "./shared-stage.ts";

let value = 0;
/** One that was never live. */
const newFile = (): string => {
  value += 1;
  return `value: ${value}\n`;
};
const sharedStage = openSharedStage({
  adminIds: adminsAnew(20),
  configFiles: { "staging.yml": newFile(), "prod.yml": newFile() },
  rootFiles: {
    "airlock.yml": `configs:
  staging: { file: staging.yml, schema: any.schema.json }
  prod: { file: prod.yml, schema: any.schema.json }
`,
    "any.schema.json": "{}",
  },
});

const stagingQuestion = "Send me the new staging.yml as a file.";
const prodQuestion = "Send me the new prod.yml as a file.";
const asked = "Which config is";

async function revisions(): Promise<readonly number[]> {
  const { airlock } = sharedStage();
  const histories = await Promise.all([airlock.history("staging"), airlock.history("prod")]);
  return histories.map(({ length }) => length);
}

let before: readonly number[] = [];
beforeEach(async () => {
  before = await revisions();
});

/** How many each has got in this test. */
async function changes(): Promise<readonly number[]> {
  return (await revisions()).map((count, index) => count - (before[index] ?? 0));
}

/** Sends a command, and waits for the question that it is answered with. */
function ask(person: Person, command: string, question: string, where = person): Promise<Message> {
  const since = where.cursor();
  person.send(command);
  return where.waitForText(question, { since });
}

for (const restarts of [false, true]) {
  const when = restarts ? ", also after a restart" : "";

  test(`a reply to the question before the last one is asked about${when}`, async () => {
    const stage = withNewPeople(sharedStage());
    const { airlock, anna } = stage;
    const first = await ask(anna, "/set_staging", stagingQuestion);
    await ask(anna, "/set_prod", prodQuestion);
    if (restarts) await airlock.restart();
    anna.upload("a.yml", newFile(), { replyTo: first });
    const choice = await anna.waitForText(asked);
    expect(await changes()).toEqual([0, 0]);
    anna.press(choice, "Set staging.yml");
    await anna.waitForText("✅ staging.yml updated successfully!");
    // The other question is still open.
    anna.upload("a.yml", newFile());
    await anna.waitForText("✅ prod.yml updated successfully!");
    expect(await changes()).toEqual([1, 1]);
  });

  test(`a reply to the open question is its answer${when}`, async () => {
    const stage = withNewPeople(sharedStage());
    const { airlock, anna } = stage;
    await ask(anna, "/set_prod", prodQuestion);
    const open = await ask(anna, "/set_staging for a test", stagingQuestion);
    expect(open.text).toBe(
      "Send me the new staging.yml as a file. /cancel to stop.\nReason: for a test",
    );
    if (restarts) await airlock.restart();
    anna.upload("a.yml", newFile(), { replyTo: open });
    await anna.waitForText(
      /✅ staging\.yml updated successfully!\nRevision \d+\.\nReason: for a test/u,
    );
    expect(await changes()).toEqual([1, 0]);
    // Now it is closed.
    const since = anna.cursor();
    anna.upload("a.yml", newFile(), { replyTo: open });
    await anna.waitForText(asked, { since });
    expect(await changes()).toEqual([1, 0]);
  });
}

test("a reply to the command that asked, or to a hint, is for that question; to anything else it is asked about", async () => {
  const stage = withNewPeople(sharedStage());
  const { anna } = stage;
  anna.upload("old.yml", newFile(), { caption: "/set_staging" });
  const old = await anna.waitForText("✅ staging.yml updated successfully!");
  const command = anna.send("/set_prod");
  await anna.waitForText(prodQuestion);
  anna.send("here it comes");
  const hint = await anna.waitForText("I am still waiting for prod.yml as a file.");
  for (const replyTo of [old, anna.send("a word between")]) {
    const since = anna.cursor();
    anna.upload("a.yml", newFile(), { replyTo });
    await anna.waitForText(asked, { since });
  }
  const since = anna.cursor();
  anna.upload("a.yml", newFile(), { fields: { external_reply: { origin: origin() } } });
  await anna.waitForText(asked, { since });
  expect(await changes()).toEqual([1, 0]);
  anna.upload("a.yml", newFile(), { replyTo: hint });
  await anna.waitForText("✅ prod.yml updated successfully!");
  const again = anna.send("/set_prod");
  expect(again.message_id).not.toBe(command.message_id);
  const sinceAgain = anna.cursor();
  anna.upload("a.yml", newFile(), { replyTo: again });
  await anna.waitForText("✅ prod.yml updated successfully!", { since: sinceAgain });
  expect(await changes()).toEqual([1, 2]);
});

function origin() {
  return { type: "hidden_user", date: 1, sender_user_name: "Somebody" } as const;
}

test("a command in the caption and a question for something else contradict each other: that is asked about", async () => {
  const stage = withNewPeople(sharedStage());
  const { anna } = stage;
  const question = await ask(anna, "/set_staging", stagingQuestion);
  anna.upload("a.yml", newFile(), { replyTo: question, caption: "/set_prod because" });
  const choice = await anna.waitForText(asked);
  let since = anna.cursor();
  anna.upload("a.yml", newFile(), { caption: "/set_prood because" });
  await anna.waitForText("I do not know /set_prood: did you mean /set_prod?\nWhich config is", {
    since,
  });
  since = anna.cursor();
  anna.upload("a.yml", newFile(), { caption: "/get_prod because" });
  await anna.waitForText(asked, { since });
  expect(await changes()).toEqual([0, 0]);
  anna.press(choice, "Set prod.yml");
  await anna.waitForText(/✅ prod\.yml updated successfully!\nRevision \d+\.\nReason: because/u);
  // The same command in both is no contradiction, and both say why.
  since = anna.cursor();
  anna.send("/set_staging as agreed");
  const open = await anna.waitForText(stagingQuestion, { since });
  anna.upload("a.yml", newFile(), { replyTo: open, caption: "/set_staging a second time" });
  await anna.waitForText("Reason: as agreed; a second time", { since });
  expect(await changes()).toEqual([1, 1]);
});

test("in a group a question is for whoever asked", async () => {
  const stage = withNewPeople(sharedStage());
  const { server, anna, boris } = stage;
  const group = server.group({ title: "Admins", privacy: false });
  const where = { in: group } as const;
  anna.send("/set_staging@airlock_bot", where);
  const hers = await group.waitForText(stagingQuestion);
  boris.send("/set_prod@airlock_bot", where);
  const his = await group.waitForText(prodQuestion);
  for (const caption of [undefined, "/set_prod"]) {
    const since = group.cursor();
    const more = caption === undefined ? {} : { caption };
    boris.upload("a.yml", newFile(), { ...where, replyTo: hers, ...more });
    await group.waitForText(asked, { since });
  }
  expect(await changes()).toEqual([0, 0]);
  boris.upload("a.yml", newFile(), { ...where, replyTo: his });
  await group.waitForText("✅ prod.yml updated successfully!");
  anna.upload("a.yml", newFile(), { ...where, replyTo: hers });
  await group.waitForText("✅ staging.yml updated successfully!");
  // What is meant for another bot is none of this one's business.
  const since = group.cursor();
  anna.upload("a.yml", newFile(), { ...where, caption: "/set_prod@other_bot" });
  anna.send("/set_prod@other_bot", where);
  anna.send("/set_prod@airlock_bot", where);
  const next = await group.waitFor((_, { by }) => by === "bot", { since });
  expect(next.text).toContain(prodQuestion);
  expect(await changes()).toEqual([1, 1]);
});

test("in a forum topic a message replies to the topic, which is no reply", async () => {
  const stage = withNewPeople(sharedStage());
  const { server, anna } = stage;
  const group = server.group({ title: "Admins", privacy: false, isSupergroup: true });
  const topic = anna.send("the topic", { in: group });
  const inTopic = {
    in: group,
    replyTo: topic,
    fields: { is_topic_message: true, message_thread_id: topic.message_id },
  } as const;
  anna.send("/set_prod@airlock_bot", inTopic);
  await group.waitForText(prodQuestion);
  anna.upload("a.yml", newFile(), inTopic);
  await group.waitForText("✅ prod.yml updated successfully!");
});

test("the reason that came with the command outlives a restart, and is cut at 200 characters", async () => {
  const stage = withNewPeople(sharedStage());
  const { airlock, anna } = stage;
  await ask(anna, `/set_prod ${"why ".repeat(100)}`, prodQuestion);
  await airlock.restart();
  anna.upload("a.yml", newFile());
  await anna.waitForText("✅ prod.yml updated successfully!");
  const { reason } = (await airlock.history("prod")).at(-1) ?? { reason: "" };
  expect(String(reason)).toHaveLength(200);
  expect(String(reason)).toMatch(/^why why .*…$/);
});

test("a question whose showing got no answer is open, and takes a document that replies to nothing", async () => {
  const stage = withNewPeople(sharedStage());
  const { server, airlock, anna } = stage;
  // Others are sent what was changed.
  const when = ({ chatId }: { readonly chatId: number | undefined }) => chatId === anna.chatId;
  server.fault({ method: "sendMessage", when, kind: "reset", effect: "after", times: 1 });
  const question = await ask(anna, "/set_prod", prodQuestion);
  await airlock.waitForLog(({ what }) => what === "telling what is waited for");
  anna.upload("a.yml", newFile(), { replyTo: question });
  await anna.waitForText(asked);
  anna.upload("a.yml", newFile());
  await anna.waitForText("✅ prod.yml updated successfully!");
});
