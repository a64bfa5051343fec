import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Bot, InlineKeyboard, InputFile } from "grammy";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { playChat, type ChatCast } from "./transcript.ts";

// A bot that does a little of everything that the notation can show.
async function startTinyBot(): Promise<ChatCast> {
  const server = await startTelegramServer();
  const folder = await mkdtemp(join(tmpdir(), "airlock-chats-"));
  const bot = new Bot(server.token, { client: { apiRoot: server.root } });
  bot.command("ask", (ctx) =>
    ctx.reply("Which?\n\nChoose.", { reply_markup: new InlineKeyboard().text("A").text("B") }),
  );
  bot.callbackQuery("A", async (ctx) => {
    await ctx.editMessageText("You took A.\nAt 2026-11-23T14:05:09Z.");
    await ctx.answerCallbackQuery("Thanks");
  });
  bot.on("message:document", (ctx) =>
    ctx.replyWithDocument(new InputFile(Buffer.from("maker"), "fees.yml"), {
      caption: `Yours was ${ctx.msg.document.file_name}, ${ctx.msg.caption}`,
    }),
  );
  bot.on("message:photo", (ctx) => ctx.reply("A photo"));
  const running = bot.start();
  onTestFinished(async () => {
    await bot.stop();
    await running;
    await server.close();
    await rm(folder, { recursive: true });
  });
  const anna = server.user({ id: 1001, firstName: "Anna" });
  return { server, people: { Anna: anna }, folder: pathToFileURL(`${folder}/`), timeoutMs: 500 };
}

async function play(cast: ChatCast, text: string): Promise<void> {
  await writeFile(new URL("tiny.md", cast.folder), text);
  await playChat("tiny", cast);
}

const chat = `# A tiny chat

\`\`\`
Anna: /ask
Bot:  Which?

      Choose.
      [A] [B]
Anna: (presses A)
Bot (to the press): Thanks
Bot (edited): You took A.
      At <time>.
\`\`\`

Then:

\`\`\`
Anna: [fees.yml: higher] /set_fees
Bot:  [document fees.yml, 5 bytes] Yours was fees.yml, /set_fees
Anna: [photo]
Bot:  A photo
(nothing happens)
\`\`\`
`;

const props = { uploads: { "fees.yml: higher": "maker" }, acts: { "nothing happens": () => {} } };

test("a chat that goes as written passes", async () => {
  await play({ ...(await startTinyBot()), ...props }, chat);
});

for (const { name, written, actual } of [
  { name: "a changed word", written: "You took A.", actual: "You took B." },
  { name: "a missing message", written: "Bot (to the press): Thanks\n", actual: "" },
  { name: "a message too many", written: "Bot:  A photo\n", actual: "Bot:  A photo\nBot:  Oh\n" },
]) {
  test(`${name} fails the chat`, async () => {
    const cast = { ...(await startTinyBot()), ...props };
    await expect(play(cast, chat.replace(written, actual))).rejects.toThrow("tiny chat");
  });
}

test("with several people, the bot's lines say whom they go to", async () => {
  const cast = await startTinyBot();
  const boris = cast.server.user({ id: 1002, firstName: "Boris" });
  await play(
    { ...cast, people: { ...cast.people, Boris: boris } },
    [
      "```",
      "Anna: /ask",
      "Bot → Anna: Which?",
      "",
      "      Choose.",
      "      [A] [B]",
      "Boris: /ask",
      "Bot → Boris: Which?",
      "",
      "      Choose.",
      "      [A] [B]",
      "```",
      "",
    ].join("\n"),
  );
});

test("an upload that the test does not have is named", async () => {
  const cast = await startTinyBot();
  await expect(play(cast, "```\nAnna: [fees.yml: lower]\n```\n")).rejects.toThrow(
    'the upload "fees.yml: lower"',
  );
});
