// Uploads through the chat, each another file, and what their authors were told; compared with what etcd has, read without a line of the
// product.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "grammy/types";
import type { TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { ratesFile } from "../bot.ts";
import { eventually } from "./airlock-process.ts";

export interface Upload {
  readonly configId: string;
  readonly text: string;
  readonly sentMs: number;
  /** When its author first read how it ended; by performance.now(). */
  endedMs: number | undefined;
  /** What they read at the end of it, in its order. */
  readonly fates: Fate[];
}

interface Fate {
  readonly messageId: number;
  /** undefined where nothing was changed. */
  readonly revision: number | undefined;
  readonly line: string;
}

export interface Uploads {
  readonly all: readonly Upload[];
  /** Returns when it is sent. @param index - of the config, which has an admin of its own */
  send(index: number): Upload;
  /** Resolves when its author was told how it ended. */
  ended(upload: Upload, withinMs?: number): Promise<void>;
}

const ends = /^(✅|👌|❌|💥|🔁|⚠️|🚫|↩️)/u;

export function createUploads(server: TelegramServer, configIds: readonly string[]): Uploads {
  const people = configIds.map((_, index) =>
    server.user({ id: index + 1, firstName: `Admin ${index + 1}` }),
  );
  const all: Upload[] = [];
  const byMessage = new Map<string, Upload>();
  const keyOf = ({ chat, message_id: id }: Pick<Message, "chat" | "message_id">): string =>
    `${chat.id}/${id}`;

  server.events.subscribe((event) => {
    if (!("message" in event) || event.by !== "bot" || event.kind === "delete") return;
    const { message } = event;
    const answered = message.reply_to_message;
    const upload = answered && byMessage.get(keyOf(answered));
    const [line = ""] = message.text?.split("\n") ?? [];
    if (upload === undefined || !ends.test(line)) return;
    upload.endedMs ??= performance.now();
    const revision = /^Revision (\d+)\./m.exec(message.text ?? "")?.[1];
    const fate = {
      messageId: message.message_id,
      revision: revision === undefined ? undefined : Number(revision),
      line,
    };
    const last = upload.fates.at(-1);
    // It is edited as machines come.
    if (last?.messageId !== fate.messageId || last.line !== line) upload.fates.push(fate);
  });

  return {
    all,
    send(index) {
      const person = people[index];
      const configId = configIds[index];
      if (person === undefined || configId === undefined) throw new Error(`no config ${index}`);
      const text = ratesFile(all.length + 2);
      const upload = {
        configId,
        text,
        sentMs: performance.now(),
        endedMs: undefined,
        fates: [],
      };
      all.push(upload);
      const message = person.upload(`${configId}.yml`, text, { caption: `/set_${configId}` });
      byMessage.set(keyOf(message), upload);
      return upload;
    },
    async ended(upload, withinMs) {
      await eventually(
        `an upload of ${upload.configId} ends`,
        () => upload.endedMs !== undefined,
        withinMs,
      );
    },
  };
}

/** @returns a line for each thing that was lost, done twice or told wrongly; none where all is well */
export async function wrongs(
  uploads: readonly Upload[],
  configIds: readonly string[],
  endpoint: URL,
  prefix: string,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const histories = new Map<string, readonly string[]>();
  for (const id of configIds)
    histories.set(id, await hashesIn(endpoint, `${prefix}revisions/${id}/`));
  for (const { configId, text, fates } of uploads) {
    const history = histories.get(configId) ?? [];
    const hash = sha256(text);
    const times = history.filter((each) => each === hash).length;
    const what = `${configId} with ${text.trim().split("\n").at(-1)?.trim()}`;
    if (times > 1) wrong.push(`${what} was applied ${times} times`);
    if (fates.length === 0) wrong.push(`${what} was told nothing`);
    for (const { revision, line } of fates) {
      if (revision === undefined ? times > 0 : history[revision - 1] !== hash) {
        wrong.push(`${what} was told "${line}" (revision ${revision}), which is not so`);
      }
    }
  }
  const known = new Set([...uploads.map(({ text }) => text), ratesFile(1)].map(sha256));
  for (const [id, history] of histories) {
    if (history.some((hash) => !known.has(hash))) wrong.push(`${id} has a version of nobody`);
  }
  return wrong;
}

/** @returns of every revision, from 1 on */
async function hashesIn(endpoint: URL, prefix: string): Promise<readonly string[]> {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const body = { key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`) };
  const answer = await fetch(new URL("/v3/kv/range", endpoint), {
    method: "POST",
    body: JSON.stringify(body),
  });
  const { kvs = [] } = (await answer.json()) as { kvs?: readonly { readonly value: string }[] };
  return kvs.map(({ value }) => {
    const stored = JSON.parse(Buffer.from(value, "base64").toString("utf8")) as {
      readonly entry: { readonly sha256: string };
    };
    return stored.entry.sha256;
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Uploads on and on, one after another for each config, until `isOver`. Resolves when each was told how it ended.
 * @param pauseMs - between two of one config
 */
export async function uploadOnAndOn(
  uploads: Uploads,
  configs: number,
  pauseMs: number,
  isOver: () => boolean,
  endWithinMs: number,
): Promise<void> {
  await Promise.all(
    Array.from({ length: configs }, async (_, index) => {
      while (!isOver()) {
        await uploads.ended(uploads.send(index), endWithinMs);
        await sleep(pauseMs);
      }
    }),
  );
}
