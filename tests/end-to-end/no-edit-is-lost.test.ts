// Two people and one file, through the real process: nobody's edit goes away unseen. Long: each test is one way in which it could, and they
// share the file and what is looked for at the end.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { adminsAnew, openSharedStage, withFeesSetBack } from "./shared-stage.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const caption = "/set_fees";
const healthAnswersMin = 10;
const small = { configFiles: { "fees.yml": feesFile(0) } };

async function upload({ server }: Stage, who: Person, text: string): Promise<string> {
  const since = server.events.cursor();
  who.upload("fees.yml", text, { caption });
  return (await who.waitForText(/^(✅|👌|⚠️|❌|💥)/u, { since })).text ?? "";
}

test("a long change is shown as a file, whole", async () => {
  const many = (value: number): string =>
    `${feesFile(0)}withdrawal:\n${Array.from({ length: 200 }, (_, index) => `  A${index + 10}: { fixed: ${value}, minimum: 9 }\n`).join("")}`;
  const stage = await openStage({ configFiles: { "fees.yml": many(1) } });
  const { server, anna } = stage;
  const done = await upload(stage, anna, many(2));
  expect(done).toContain("… and 190 more.");
  anna.send("/diff_fees");
  const sent = await anna.waitForText("The full list is attached.");
  expect(sent.document?.file_name).toBe("fees.yml.diff");
  const patch = server.fileBytes(sent.document?.file_id ?? "")?.toString() ?? "";
  expect(patch.match(/^\+ {2}A\d+: \{ fixed: 2, minimum: 9 \}$/gm)).toHaveLength(200);
});

test("what changed in forty thousand places is shown by key and as both versions, and the bot goes on meanwhile", async () => {
  const many = (from: number): string =>
    `base: USD\nrates:\n${Array.from({ length: 40_000 }, (_, index) => `  A${index}: ${from + index}\n`).join("")}`;
  const { server, airlock, anna } = await openStage({
    configFiles: { "rates.yml": many(100_000) },
    rootFiles: {
      "airlock.yml": `configs: { rates: { file: rates.yml, schema: builtin:rates } }
people: { 1003: { name: Carol, may: { rates: read } } }
`,
    },
  });
  const carol = server.user({ id: 1003, firstName: "Carol" });
  const since = server.events.cursor();
  anna.upload("rates.yml", many(200_000), { caption: "/set_rates" });
  await anna.waitForText(/^✅/u, { since });
  carol.send("/diff_rates");
  const seen = { answer: false };
  const answered = carol
    .waitForText("both versions are attached", { timeoutMs: 60_000 })
    .finally(() => (seen.answer = true));
  let askedMeanwhile = 0;
  while (!seen.answer) {
    const health = await fetch(`http://127.0.0.1:${String(airlock.port())}/healthz`);
    expect(health.status).toBe(200);
    askedMeanwhile += 1;
  }
  // A main thread that compares by itself answers at most what came before and after.
  expect(askedMeanwhile).toBeGreaterThan(healthAnswersMin);
  expect((await answered).text).toMatch(/rates\.A0: 100000 → 200000 [^]*… and 39\d{3} more\./);
  const after = await carol.waitFor(({ document }) => document?.file_name === "after.rates.yml");
  const before = carol
    .messages()
    .find(({ document }) => document?.file_name === "before.rates.yml");
  const sent = [before, after].map((message) =>
    server.fileBytes(message?.document?.file_id ?? "")?.toString(),
  );
  expect(sent).toEqual([many(100_000), many(200_000)]);
}, 120_000);

test("history is paged, ten at a time", async () => {
  const stage = await openStage(small);
  const { anna } = stage;
  for (let number = 1; number <= 24; number += 1) await upload(stage, anna, feesFile(number));
  anna.send("/history_fees");
  const page = await anna.waitForText("History of fees.yml");
  const shown = (): string =>
    anna.messages().find(({ message_id: id }) => id === page.message_id)?.text ?? "";
  const revisions = (): readonly number[] => (shown().match(/^\d+(?=:)/gm) ?? []).map(Number);
  expect(revisions()).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  await anna.press(page, "Older").answered;
  await anna.waitFor(({ text }) => text?.includes("\n15: ") === true);
  await anna.press(page, "Older").answered;
  await anna.waitFor(({ text }) => text?.includes("\n5: ") === true);
  expect(revisions()).toEqual([5, 4, 3, 2, 1]);
  await anna.press(page, "Newer").answered;
  await anna.waitFor(
    ({ text }, event) => event.kind === "edit" && text?.includes("\n15: ") === true,
  );
});

test("a version that today's rules refuse can be rolled back to, after a warning", async () => {
  const stage = await openStage({
    configFiles: { "fees.yml": "currency: usd\nmaker_percent: 0\ntaker_percent: 0\n" },
  });
  const { airlock, anna } = stage;
  await upload(stage, anna, feesFile(1));
  anna.send("/rollback_fees 1");
  const preview = await anna.waitForText("Today's rules refuse that version:");
  expect(preview.text).toContain("line 1, column 11: currency: must be three capital letters");
  anna.press(preview, "Roll back anyway");
  await anna.waitForText("Revision 3.");
  expect((await airlock.live("fees")).toString()).toContain("currency: usd");
});

describe("one file that many have changed already", () => {
  const sharedStage = openSharedStage({ ...small, adminIds: adminsAnew(30) });

  test("a merge that no longer fits shows the stale upload again, with the conflict and the choices", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris, revision } = stage;
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision ");
    await upload(stage, boris, feesFile(1));
    await upload(stage, anna, feesFile(0).replace("taker_percent: 0.1", "taker_percent: 0.3"));
    const stale = await anna.waitForText("⚠️ fees.yml has changed since you took it.");
    await upload(stage, boris, feesFile(1).replace("taker_percent: 0.1", "taker_percent: 0.2"));
    const since = stage.server.events.cursor();
    anna.press(stale, "Merge both");
    const again = await anna.waitForText("⚠️ fees.yml has changed since you took it.", { since });
    expect(again.text).toContain("Both of you changed:\ntaker_percent: was 0.1, is 0.2, yours 0.3");
    const labels = again.reply_markup?.inline_keyboard.flat().map(({ text }) => text);
    expect(labels).toEqual(["Show changes", "Apply anyway", "Discard"]);
    anna.press(again, "Apply anyway");
    await anna.waitForText(`Revision ${revision + 3}.`);
    expect((await airlock.live("fees")).toString()).toBe(
      feesFile(0).replace("taker_percent: 0.1", "taker_percent: 0.3"),
    );
  });

  test("what others changed between two refusals is no edit of the one who presses Merge both", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { server, airlock, anna, boris, revision } = stage;
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision ");
    await upload(stage, boris, feesFile(1));
    await upload(stage, anna, feesFile(0).replace("taker_percent: 0.1", "taker_percent: 0.3"));
    const stale = await anna.waitForText("⚠️ fees.yml has changed since you took it.");
    await upload(stage, boris, `${feesFile(1)}tiers: []\n`);
    const refused = { since: server.events.cursor() };
    anna.press(stale, "Apply anyway");
    const again = await anna.waitForText("⚠️ fees.yml has changed since you took it.", refused);
    const pressed = { since: server.events.cursor() };
    anna.press(again, "Merge both");
    const offer = await anna.waitForText("Both edits of fees.yml can be merged.", pressed);
    anna.press(offer, "Apply merge");
    await anna.waitForText(`Revision ${revision + 3}.`);
    expect((await airlock.live("fees")).toString()).toBe(
      `${feesFile(1).replace("taker_percent: 0.1", "taker_percent: 0.3")}tiers: []\n`,
    );
  });

  test("a rollback that was previewed before another change asks again", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris } = stage;
    await upload(stage, anna, feesFile(1));
    anna.send("/rollback_fees 1");
    const preview = await anna.waitForText("Roll fees.yml back");
    await upload(stage, boris, feesFile(2));
    anna.press(preview, "Roll back");
    await anna.waitForText("⚠️ fees.yml has changed since you took it. Nothing was changed yet.");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
  });

  test("a parked upload survives a restart, and is applied once however often its button is pressed", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris, revision } = stage;
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision ");
    await upload(stage, boris, feesFile(1));
    expect(await upload(stage, anna, feesFile(2))).toContain("⚠️");
    await airlock.restart();
    const parked = await anna.waitForText("⚠️");
    anna.press(parked, "Apply anyway");
    anna.press(parked, "Apply anyway");
    await anna.waitForText(`Revision ${revision + 2}.`);
    expect(await airlock.history("fees")).toHaveLength(revision + 2);
  });

  test("a change that lands while an upload waits for the lock makes it stale", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { server, airlock, anna, boris, revision } = stage;
    for (const who of [anna, boris]) {
      const since = server.events.cursor();
      who.send("/get_fees");
      await who.waitForText("fees.yml, revision ", { since });
    }
    const gates = [1, 2].map(() => server.fault({ method: "download", kind: "gate", times: 1 }));
    anna.upload("fees.yml", feesFile(1), { caption });
    boris.upload("fees.yml", feesFile(2), { caption });
    await Promise.all(gates.map(({ reached }) => reached));
    for (const gate of gates) gate.open();
    await Promise.all([anna, boris].map((who) => who.waitForText(/^(✅|⚠️)/u)));
    expect(await airlock.history("fees")).toHaveLength(revision + 1);
  });

  test("who has blocked the bot is not told of a change, which is no trouble to it", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris } = stage;
    boris.send("/status");
    await boris.waitForText("up for");
    boris.block();
    expect(await upload(stage, anna, feesFile(1))).toContain("✅");
    await airlock.waitForLog(
      ({ msg, what }) => msg === "trouble" && what === "telling an admin of a change",
    );
    expect(await upload(stage, anna, feesFile(2))).toContain("✅");
  });

  test("files that one admin sends one right after the other do not make each other stale; somebody else's still does", async () => {
    const { airlock, anna, boris, revision } = await withFeesSetBack(sharedStage());
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision ");
    for (let percent = 1; percent <= 20; percent += 1) {
      anna.upload("fees.yml", feesFile(percent), { caption: "/set_fees" });
    }
    await anna.waitForText(`Revision ${revision + 20}.`);
    expect(await airlock.history("fees")).toHaveLength(revision + 20);
    boris.upload("fees.yml", feesFile(50), { caption: "/set_fees" });
    await boris.waitForText("✅ fees.yml updated successfully!");
    anna.upload("fees.yml", feesFile(6), { caption: "/set_fees" });
    await anna.waitForText("⚠️ fees.yml has changed since you took it.");
  });

  test("Undo of a version that somebody else brought back since is refused, and says whose it is", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris, revision } = stage;
    await upload(stage, anna, feesFile(1));
    const done = await anna.waitForText(`Revision ${revision + 1}.`);
    await upload(stage, boris, feesFile(0));
    await upload(stage, boris, feesFile(1));
    const { text } = await anna.press(done, "Undo").answered;
    expect(text).toContain("Boris");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect(await airlock.history("fees")).toHaveLength(revision + 3);
  });

  for (const { label, told } of [
    { label: "Discard", told: "🚫 Cancelled. fees.yml was not changed." },
    { label: "Merge both", told: "Apply merge" },
  ] as const) {
    test(`a press of ${label} that cannot be shown can be made again`, async () => {
      const stage = await withFeesSetBack(sharedStage());
      const { server, airlock, anna, boris } = stage;
      anna.send("/get_fees");
      await anna.waitForText("fees.yml, revision ");
      await upload(stage, boris, feesFile(1));
      await upload(stage, anna, feesFile(0).replace("taker_percent: 0.1", "taker_percent: 0.3"));
      const stale = await anna.waitForText("⚠️ fees.yml has changed since you took it.");
      const refused = server.fault({
        method: "editMessageText",
        kind: "too_many",
        retryAfterSeconds: 3600,
        times: 1,
      });
      const since = airlock.logCursor();
      anna.press(stale, label);
      await refused.reached;
      await airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "answering", {
        since,
      });
      const retried = { since: server.events.cursor() };
      anna.press(stale, label);
      await anna.waitFor(
        ({ text, reply_markup: markup }) =>
          text === told ||
          markup?.inline_keyboard.flat().some((button) => button.text === told) === true,
        retried,
      );
    });
  }
});

type Step =
  | {
      readonly act: "upload" | "get" | "rollback" | "undo";
      readonly who: number;
      readonly value: number;
    }
  | { readonly act: "edit"; readonly value: number }
  | { readonly act: "restart" };

test("whatever three admins do, every version can be fetched, and what was told is in history", async () => {
  const who = fc.integer({ min: 0, max: 2 });
  const value = fc.integer({ min: 1, max: 99 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: fc.constant("upload" as const), who, value }) },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constantFrom("get", "rollback", "undo"), who, value }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant("edit" as const), value }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const stage = await openStage({ ...small, adminIds: [1001, 1002, 1003] });
      const clara = stage.server.user({ id: 1003, firstName: "Clara" });
      await perform(stage, [stage.anna, stage.boris, clara], steps);
      await checkHistory(stage);
      await stage.airlock.stop();
    }),
    { numRuns: 3, interruptAfterTimeLimit: 60_000 },
  );
}, 120_000);

async function perform(
  stage: Stage,
  people: readonly Person[],
  steps: readonly Step[],
): Promise<void> {
  const { server, airlock } = stage;
  const live = join(airlock.configDir, "fees.yml");
  for (const step of steps) {
    if (step.act === "restart") await airlock.restart();
    else if (step.act === "edit") await writeFile(live, `# by hand\n${feesFile(step.value)}`);
    else {
      const person = people[step.who];
      if (person === undefined) throw new Error("there are three");
      const since = server.events.cursor();
      if (step.act === "upload") await upload(stage, person, feesFile(step.value));
      else if (step.act === "get") {
        person.send("/get_fees");
        await person.waitForText("sha256", { since });
      } else if (step.act === "rollback") {
        person.send("/rollback_fees");
        const answer = await person.waitForText("fees.yml", { since });
        if (answer.reply_markup !== undefined) {
          person.press(answer, "Roll back");
          await person.waitForText(/^(✅|👌|⚠️)/u, { since });
        }
      } else await undoNewest(server, person);
    }
  }
}

async function undoNewest(server: Stage["server"], person: Person): Promise<void> {
  const done = person
    .messages()
    .findLast(({ reply_markup: markup }) =>
      markup?.inline_keyboard.flat().some(({ text }) => text === "Undo"),
    );
  if (done === undefined) return;
  const since = server.events.cursor();
  const { text } = await person.press(done, "Undo").answered;
  if (text !== "") return;
  // Taking the buttons away edits the message of the change itself, which says ✅ too: the undo has a message of its own.
  await server.events.waitFor(
    (event) =>
      "message" in event &&
      event.message.message_id !== done.message_id &&
      /^(✅|👌|⚠️|💥)/u.test(event.message.text ?? "")
        ? event
        : undefined,
    { since },
  );
}

/** Every revision, without a gap, can be fetched with the bytes that history says; and every ✅ is in it. */
async function checkHistory({ server, airlock, anna }: Stage): Promise<void> {
  const history = await airlock.history("fees");
  expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index + 1));
  const { createHash } = await import("node:crypto");
  for (const { revision, sha256 } of history) {
    const since = server.events.cursor();
    anna.send(`/get_fees ${String(revision)}`);
    const sent = await anna.waitForText(`fees.yml, revision ${String(revision)}`, { since });
    const bytes = server.fileBytes(sent.document?.file_id ?? "") ?? Buffer.of();
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  }
  const told = server.events.entries.flatMap((event) =>
    "message" in event && event.by === "bot"
      ? [/✅.*\nRevision (\d+)\./.exec(event.message.text ?? "")?.[1]]
      : [],
  );
  for (const revision of told) {
    if (revision !== undefined) expect(history.length).toBeGreaterThanOrEqual(Number(revision));
  }
  const live = await readFile(join(airlock.configDir, "fees.yml"));
  const last = createHash("sha256").update(live).digest("hex");
  const isByHand = live.toString().startsWith("# by hand");
  if (!isByHand) expect(history.at(-1)?.["sha256"]).toBe(last);
}

test("when a stale upload cannot be kept, the reason is told in plain words; what is small is kept in memory", async () => {
  const stage = await openStage(small);
  const { airlock, anna, boris } = stage;
  anna.send("/get_fees");
  await anna.waitForText("fees.yml, revision 1");
  await upload(stage, boris, feesFile(1));
  await rm(join(airlock.stateDir, "parked"), { recursive: true });
  await writeFile(join(airlock.stateDir, "parked"), "in the way");
  await rm(join(airlock.stateDir, "choices.jsonl"), { force: true });
  await mkdir(join(airlock.stateDir, "choices.jsonl"));
  expect(await upload(stage, anna, feesFile(2))).toBe(
    "💥 fees.yml was not changed: its folder is gone.\nPlease try again once that is fixed.",
  );
  anna.upload("fees.yml", feesFile(3));
  anna.press(await anna.waitForText("Which config is fees.yml for?"), "Set fees.yml");
  await anna.waitForText(
    "💥 fees.yml was not changed: its folder is gone.\nPlease try again once that is fixed.",
    { since: anna.cursor() },
  );
});
