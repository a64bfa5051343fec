// What must hold after any crash, looked at from the files alone and from what the chats show.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Message } from "grammy/types";
import { expect } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import type { Airlock } from "../end-to-end/airlock-process.ts";

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A document that somebody sent, and what it held. */
export interface SentFile {
  readonly person: Person;
  readonly message: Message;
  readonly config: string;
  readonly text: string;
}

interface Entry {
  readonly revision: number;
  readonly sha256: string;
  readonly previous_sha256: string | null;
  readonly backup: string | null;
  readonly message: { readonly chat_id: number; readonly message_id: number } | null;
}

/** @param before - the live file's text before anything was sent */
export async function expectPromises(
  airlock: Airlock,
  config: string,
  before: string,
  sent: readonly SentFile[],
): Promise<void> {
  const files = sent.filter((each) => each.config === config);
  const live = (await airlock.live(config)).toString();
  expect(
    [before, ...files.map(({ text }) => text)],
    "the live file is one whole version",
  ).toContain(live);
  const entries = (await airlock.history(config)) as unknown as readonly Entry[];
  expect(
    entries.map(({ revision }) => revision),
    "revisions have no gap",
  ).toEqual(entries.map((_, index) => index + 1));
  expect(entries.at(-1)?.sha256, "the last revision is live").toBe(hashOf(Buffer.from(live)));
  const messages = entries.flatMap(({ message }) =>
    message === null ? [] : [JSON.stringify(message)],
  );
  expect(messages, "no document is applied twice").toEqual([...new Set(messages)]);
  for (const [index, entry] of entries.entries()) {
    const previous = entries[index - 1];
    expect(entry.previous_sha256, "each names the one before").toBe(previous?.sha256 ?? null);
    if (previous === undefined) continue;
    const backup = await readFile(join(airlock.backupDir, entry.backup ?? "missing"));
    expect(hashOf(backup), "its backup is the version replaced").toBe(previous.sha256);
  }
  await expectTidy(airlock, config, entries.length - 1);
}

async function expectTidy(airlock: Airlock, config: string, backupCount: number): Promise<void> {
  const stray = (await readdir(airlock.configDir)).filter((name) => name.startsWith("."));
  expect(stray, "no temporary file is left").toEqual([]);
  const backups = await airlock.backups(config);
  expect(backups, "there is one backup for each change").toHaveLength(backupCount);
  const { ino } = await stat(join(airlock.configDir, `${config}.yml`));
  for (const name of backups) {
    const facts = await stat(join(airlock.backupDir, name));
    expect(facts.ino, "no backup shares the live file's inode").not.toBe(ino);
  }
}

/** Every document that came was looked at, and every upload that began has told its end: nothing is said any more. */
export async function expectSettled({ stateDir }: Airlock): Promise<void> {
  const openKeys = async (): Promise<readonly string[]> => {
    const open = new Set<string>();
    const text = await readFile(join(stateDir, "journal.jsonl"), "utf8");
    for (const line of text.split("\n").filter((each) => each.endsWith("}"))) {
      const { type, key }: { type: string; key: string } = JSON.parse(line);
      if (type === "delivered" || type === "began") open.add(key);
      if (type === "handled" || type === "ended") open.delete(key);
    }
    return [...open];
  };
  await expect
    .poll(openKeys, { timeout: 15_000, message: "nothing is left open in the journal" })
    .toEqual([]);
}

const lastWords = /^(✅|👌|❌|⚠️|🚫|💥|🔁)/u;
const saidChanged = /^(✅ \S+ updated|🔁 The bot restarted\. \S+ was updated)/u;

/** Every sender is told, and what they are told is what is true. */
export async function expectFatesTold(airlock: Airlock, sent: readonly SentFile[]): Promise<void> {
  for (const { person, message, config, text } of sent) {
    const toldTexts = (): readonly string[] =>
      person
        .messages()
        .filter((each) => each.reply_to_message?.message_id === message.message_id)
        .map((each) => each.text ?? "");
    await expect
      .poll(() => toldTexts().some((each) => lastWords.test(each)), {
        timeout: 15_000,
        message: `what became of ${config} is told`,
      })
      .toBe(true);
    const entries = (await airlock.history(config)) as unknown as readonly Entry[];
    // Every document here is unlike any other: a version with its bytes can only have come from it.
    const made = entries.find(({ sha256 }) => sha256 === hashOf(Buffer.from(text)));
    if (made !== undefined) {
      const reference = { chat_id: message.chat.id, message_id: message.message_id };
      expect(made.message, "its line in history names its message").toMatchObject(reference);
    }
    const told = toldTexts().filter((each) => lastWords.test(each));
    expect(
      told.map((each) => saidChanged.test(each)),
      `what is told of ${config} is true: ${told.join(" | ")}`,
    ).toEqual(told.map(() => made !== undefined));
  }
}
