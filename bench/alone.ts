// One part of what an upload does, and nothing else, as a process of its own: `node alone.js telegram`, for the stand-in to talk to, or
// `node alone.js disk FOLDER` and `node alone.js check`, which print the processor's time per upload in milliseconds.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "@grammyjs/runner";
import { Bot } from "grammy";
import { createInspector } from "../src/document/inspector.ts";
import type { Config } from "../src/model/config.ts";
import { parseConfigId } from "../src/model/config-id.ts";
import { noRules } from "../src/model/rules.ts";
import { versionOf } from "../src/model/version.ts";
import { messageKey } from "../src/store/journal.ts";
import { openLocalBacking } from "../src/store/local/local-backing.ts";
import type { ConfigStore } from "../src/store/port.ts";
import { keysOfTwoKilobytes, ratesDocument } from "./documents.ts";

const configs = 20;
/** Not measured. */
const firstUploads = 200;
const measuredUploads = 400;
const never = new AbortController().signal;

function bytesOf(upload: number): Buffer {
  return Buffer.from(`${ratesDocument(keysOfTwoKilobytes)}  EUR: ${upload + 2}\n`);
}

/** The calls of an upload, by grammY as it comes. */
function telegram(): void {
  const { BOT_TOKEN: token = "", TELEGRAM_API_ROOT: apiRoot = "" } = process.env;
  const bot = new Bot(token, { client: { apiRoot } });
  bot.on("message:document", async ({ api, chat, msg }) => {
    const { document, message_id: messageId } = msg;
    const reply_parameters = { message_id: messageId };
    const sending = api.sendMessage(chat.id, "⏳ Downloading and validating...", {
      reply_parameters,
    });
    const file = await api.getFile(document.file_id);
    const answer = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`);
    await answer.arrayBuffer();
    const shown = (await sending).message_id;
    await api.editMessageText(chat.id, shown, "🔒 Acquiring lock and saving...");
    await api.editMessageText(chat.id, shown, `✅ ${document.file_name} updated successfully!`);
  });
  const runner = run(bot);
  process.on("SIGTERM", () => void runner.stop().then(() => process.exit()));
}

/** The journal's lines, the write path, and what its author has seen. */
async function disk(folder: string): Promise<number> {
  const [configDir, stateDir, backupDir] = ["config", "state", "backups"].map((name) =>
    join(folder, name),
  );
  if (configDir === undefined || stateDir === undefined || backupDir === undefined)
    throw new Error("no folders");
  for (const each of [configDir, stateDir, backupDir]) await mkdir(each, { recursive: true });
  const report = (what: string, error: unknown): never => {
    throw new Error(what, { cause: error });
  };
  const backing = await openLocalBacking({ stateDir, backupDir, backupsMax: 100 }, same, report);
  const bases = await backing.small("bases", Infinity);
  const lives: ConfigStore[] = [];
  for (let index = 0; index < configs; index += 1) {
    const id = parseConfigId(`config_${index}`);
    if (id === undefined) throw new Error("no config id");
    const fileName = `${id}.yml`;
    const path = join(configDir, fileName);
    await writeFile(path, bytesOf(0));
    const config: Config = {
      id,
      fileName,
      path,
      title: null,
      schema: "builtin:rates",
      rules: noRules,
    };
    const [opened] = await backing.store.open([config]);
    if (opened?.kind === "opened") lives.push(opened.config);
  }
  return measured(async (live, upload) => {
    const message = { chat_id: upload, message_id: 1, bot_id: 1 };
    const key = messageKey("apply", message);
    const delivered = messageKey("document", message);
    const author = { id: upload, name: `Admin ${upload}` };
    const { id, fileName } = live.config;
    const change = { how: "upload", author, reason: null, message } as const;
    await backing.journal.delivered([{ key: delivered, bot_id: 1, delivery: { message } }]);
    await backing.journal.began({ key, config: id, file: fileName, ...change, place: null });
    backing.journal.handled(delivered);
    const version = versionOf(bytesOf(upload));
    const end = await live.commit(
      { version, key, ...change },
      { signal: never, onProgress: () => {}, admit: () => undefined },
    );
    if (end.kind !== "applied") throw new Error(`it was ${end.kind}`);
    await bases.write(`${author.id}_${id}`, { sha256: version.sha256 });
    backing.journal.ended(key);
  }, lives);
}

function same(text: string): string {
  return text;
}

/** In the thread, with the way there and back. */
async function check(): Promise<number> {
  const inspector = createInspector({ timeoutMs: 60_000 });
  const config = { fileName: "rates.yml", schema: "builtin:rates" } as const;
  const before = Array.from({ length: configs }, () => [bytesOf(0), bytesOf(1)] as const);
  const ms = await measured(
    async (index, upload) => {
      const bytes = bytesOf(upload);
      const [base, replaced] = before[index] ?? [bytes, bytes];
      await inspector.check(bytes, config, never);
      await inspector.replacement(base, replaced, bytes);
      before[index] = [replaced, bytes];
    },
    before.map((_, index) => index),
  );
  await inspector.close();
  return ms;
}

/** One upload of each config at once, time and again. @returns milliseconds of the processor for each */
async function measured<Item>(
  act: (item: Item, upload: number) => Promise<void>,
  items: readonly Item[],
): Promise<number> {
  let upload = 1;
  const many = async (count: number): Promise<void> => {
    for (const end = upload + count; upload < end; upload += items.length) {
      await Promise.all(items.map((item, index) => act(item, upload + index)));
    }
  };
  await many(firstUploads);
  const before = process.cpuUsage();
  await many(measuredUploads);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / measuredUploads;
}

const [part, folder = "."] = process.argv.slice(2);
if (part === "disk") process.stdout.write(String(await disk(folder)));
else if (part === "check") process.stdout.write(String(await check()));
else telegram();
