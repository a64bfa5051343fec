// Documents that a kill, or two close together, left in the journal: what is known of them is kept quiet, the others are told of.
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { straceIsMissing, trace } from "../crash/strace.ts";
import { type Airlock, startAirlock } from "./airlock-process.ts";
import { keptRecords } from "./kept-records.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
const applied = "✅ fees.yml updated successfully!";
const notChanged = "🔁 The bot restarted. fees.yml was not changed.";
const updated = "🔁 The bot restarted. fees.yml was updated successfully.";
const botId = 700000001;

interface Line {
  readonly type: string;
  readonly key: string;
}

const journalOf = ({ stateDir }: Airlock): string => join(stateDir, "journal.jsonl");

async function journalLines(airlock: Airlock): Promise<readonly Line[]> {
  const text = await readFile(journalOf(airlock), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Line => JSON.parse(line));
}

/** As a kill leaves the journal that came before these lines were written. */
async function withoutLines(airlock: Airlock, isLost: (line: Line) => boolean): Promise<void> {
  const kept = (await journalLines(airlock)).filter((line) => !isLost(line));
  await writeFile(journalOf(airlock), kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** As an earlier start leaves it that was killed while it tried the document once more. */
async function markTried(airlock: Airlock, { chat, message_id: id }: Message): Promise<void> {
  const key = `document:${botId}:${chat.id}:${id}`;
  expect(await journalLines(airlock)).toContainEqual(
    expect.objectContaining({ type: "delivered", key }),
  );
  await appendFile(journalOf(airlock), `${JSON.stringify({ type: "again", key })}\n`);
}

function answersTo(person: Person, { message_id: id }: Message): readonly string[] {
  return person
    .messages()
    .filter((each) => each.reply_to_message?.message_id === id)
    .map((each) => each.text ?? "");
}

/** Sends it so that it is written down and confirmed, and nobody looks at it before the kill. */
async function killBeforeItIsLookedAt(
  { server, airlock, anna }: { server: TelegramServer; airlock: Airlock; anna: Person },
  send: () => Message,
): Promise<Message> {
  // A handler that waits for Telegram keeps the same person's next message waiting.
  const gate = server.fault({ method: "sendMessage", kind: "gate", times: 1 });
  anna.send("hello");
  await gate.reached;
  const polls = server.requestCursor();
  const document = send();
  await server.waitForRequest(({ method }) => method === "getUpdates", { since: polls });
  await airlock.kill();
  gate.open();
  return document;
}

test("killed after ✅ and before the document was marked as handled, and again while the fates are told: what is live is never denied", async () => {
  const { server, airlock, anna } = await openStage();
  const document = anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText(applied);
  await airlock.kill();
  await withoutLines(airlock, ({ type }) => type === "handled" || type === "ended");
  const gate = server.fault({ method: "editMessageText", kind: "gate", times: 1 });
  await airlock.restart();
  await gate.reached;
  await airlock.kill();
  gate.open();
  await withoutLines(airlock, ({ type }) => type === "handled" || type === "ended");
  await airlock.restart();
  await anna.waitForText(updated);
  anna.send("/status");
  await anna.waitForText("up for");
  expect(answersTo(anna, document)).toEqual([expect.stringMatching(`^${updated}`)]);
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  expect(await airlock.history("fees")).toHaveLength(2);
});

test("the same where the journal has lost the upload too: history knows the document", async () => {
  const { airlock, anna } = await openStage();
  const document = anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText(applied);
  await airlock.kill();
  await withoutLines(airlock, ({ type }) => type !== "delivered");
  await markTried(airlock, document);
  await airlock.restart();
  anna.send("/status");
  await anna.waitForText("up for");
  expect(answersTo(anna, document)).toEqual([expect.stringMatching(`^${applied}`)]);
  expect(await airlock.history("fees")).toHaveLength(2);
});

describe("a document that two starts did not come to is told of, once", () => {
  const rows = [
    { name: "with its command as the caption", caption, told: notChanged },
    { name: "as the answer to a question", question: "/set_fees", told: notChanged },
    { name: "alone", told: "🔁 The bot restarted. Nothing was changed." },
  ];
  for (const { name, caption: words, question, told } of rows) {
    test(name, async () => {
      const { server, airlock, anna } = await openStage();
      if (question !== undefined) {
        anna.send(question);
        await anna.waitForText("Send me the new fees.yml");
      }
      const options = words === undefined ? {} : { caption: words };
      const document = await killBeforeItIsLookedAt({ server, airlock, anna }, () =>
        anna.upload("fees.yml", feesFile(1), options),
      );
      await markTried(airlock, document);
      if (question === undefined) {
        // Nor does a third kill leave it untold.
        const requests = server.requestCursor();
        const hang = server.fault({ method: "sendMessage", kind: "hang" });
        await airlock.restart();
        await server.waitForRequest(({ method }) => method === "sendMessage", { since: requests });
        await airlock.kill();
        hang.remove();
      }
      await airlock.restart();
      await anna.waitForText(told);
      // The question that it answered is closed: the next file is asked about.
      anna.upload("fees.yml", feesFile(2));
      await anna.waitForText("Which config is fees.yml for?");
      await airlock.restart();
      anna.send("/status");
      await anna.waitForText("up for");
      expect(answersTo(anna, document)).toEqual([expect.stringMatching(`^${told}`)]);
      expect(await airlock.history("fees")).toHaveLength(1);
    });
  }
});

test.skipIf(straceIsMissing)(
  "killed when the upload has begun and its question is still open: the question is closed at the next start",
  async () => {
    const { airlock, anna } = await openStage({ env: { UV_THREADPOOL_SIZE: "1" } });
    anna.send("/set_fees");
    await anna.waitForText("Send me the new fees.yml");
    await vi.waitFor(async () =>
      expect((await keptRecords(airlock.stateDir, "questions")).size).toBe(1),
    );
    const traced = await trace(airlock.pid(), [
      "-e",
      "trace=pwrite64",
      "-e",
      "inject=pwrite64:signal=SIGKILL",
      "-P",
      join(airlock.stateDir, "questions.jsonl"),
    ]);
    anna.upload("fees.yml", feesFile(1));
    await airlock.waitForEnd();
    await traced.ended;
    await airlock.restart();
    await anna.waitForText(/^🔁 The bot restarted\. fees\.yml was/u);
    anna.upload("fees.yml", feesFile(2));
    await anna.waitForText("Which config is fees.yml for?");
  },
);

describe("another bot on the same folders", () => {
  async function openOther(airlock: Airlock) {
    await airlock.stop();
    const server = await startTelegramServer({ token: "700000002:AAthe-token-of-another-bot" });
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    const start = (): Promise<Airlock> => startAirlock({ server, folders: airlock });
    return { server, anna, start };
  }

  test("takes a document whose message has the number of one that the other bot took", async () => {
    const first = await openStage();
    const old = first.anna.upload("fees.yml", feesFile(1), { caption });
    await first.anna.waitForText(applied);
    const { anna, server, start } = await openOther(first.airlock);
    const airlock = await start();
    const document = anna.upload("fees.yml", feesFile(2), { caption });
    expect(document.message_id).toBe(old.message_id);
    await anna.waitForText(applied);
    expect(await airlock.history("fees")).toMatchObject([
      {},
      { message: { chat_id: 1001, message_id: old.message_id, bot_id: botId } },
      { message: { chat_id: 1001, message_id: old.message_id, bot_id: 700000002 } },
    ]);
    server.redeliver(document);
    anna.send("/status");
    await anna.waitForText("up for");
    expect(await airlock.history("fees")).toHaveLength(3);
  });

  test("tells of what the other bot left, without touching messages of its own that have the same number", async () => {
    const first = await openStage();
    const gate = first.server.fault({ method: "download", kind: "gate", times: 1 });
    const document = first.anna.upload("fees.yml", feesFile(1), { caption });
    const progress = await first.anna.waitForText("⏳");
    await gate.reached;
    await vi.waitFor(async () =>
      expect(await journalLines(first.airlock)).toContainEqual(
        expect.objectContaining({ type: "shown" }),
      ),
    );
    await first.airlock.kill();
    gate.open();
    const { anna, start } = await openOther(first.airlock);
    // As if the bot had talked with her before: its messages stand where the other one's stood.
    anna.send("/start");
    const airlock = await start();
    await anna.waitForText(notChanged);
    const told = anna.messages().filter(({ text }) => text?.startsWith("🔁"));
    expect(told).toHaveLength(1);
    expect(told[0]).not.toHaveProperty("reply_to_message");
    expect(anna.transcript()).not.toContain("edits");
    expect([document.message_id, progress.message_id]).toEqual([1, 2]);
    expect(await airlock.history("fees")).toHaveLength(1);
  });

  test("says of a document that the other bot did not come to that nothing was changed: it cannot fetch it", async () => {
    const first = await openStage();
    const { airlock: old, anna: annaBefore } = first;
    await killBeforeItIsLookedAt(first, () =>
      annaBefore.upload("fees.yml", feesFile(1), { caption }),
    );
    await old.restart();
    await old.kill();
    await withoutLines(old, ({ type }) => type !== "delivered");
    const { anna, start } = await openOther(old);
    anna.send("/start");
    const airlock = await start();
    const told = await anna.waitForText(notChanged);
    expect(told).not.toHaveProperty("reply_to_message");
    await vi.waitFor(async () =>
      expect((await journalLines(airlock)).at(-1)).toMatchObject({ type: "handled" }),
    );
  });
});

describe("a line of history from before bots were told apart", () => {
  async function withOldHistory(ageMs: number) {
    const stage = await openStage();
    const { airlock, anna } = stage;
    const document = anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText(applied);
    await airlock.stop();
    const path = join(airlock.stateDir, "history", "fees.jsonl");
    const text = await readFile(path, "utf8");
    const at = new Date(Date.now() - ageMs).toISOString();
    const old = text.replace(`,"bot_id":${botId}`, "").replaceAll(/"at":"[^"]*"/gu, `"at":"${at}"`);
    expect(old).not.toContain("bot_id");
    await writeFile(path, old);
    await writeFile(journalOf(airlock), "");
    return { ...stage, document };
  }

  test("still keeps its document from being applied twice", async () => {
    const { server, airlock, anna, document } = await withOldHistory(0);
    await airlock.restart();
    anna.upload("fees.yml", feesFile(2), { caption });
    await anna.waitForText("Revision 3.");
    server.redeliver(document);
    anna.send("/status");
    await anna.waitForText("up for");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
  });

  test("does not keep another bot's document out when Telegram cannot deliver its own any more", async () => {
    const { airlock, document } = await withOldHistory(3 * 24 * 60 * 60 * 1000);
    const server = await startTelegramServer({ token: "700000002:AAthe-token-of-another-bot" });
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    await startAirlock({ server, folders: airlock });
    expect(anna.upload("fees.yml", feesFile(2), { caption }).message_id).toBe(document.message_id);
    await anna.waitForText(applied);
  });
});
