// /language: in which language the bot writes to whoever sends it, by a word or by buttons.
import { Composer } from "grammy";
import {
  languageChosen,
  languageNames,
  unknownLanguage,
  whichLanguage,
} from "../../words/language-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress } from "../messages/buttons.ts";
import type { CommandMenu } from "../entrance/command-menu.ts";
import { Keyboard } from "../messages/keyboard.ts";
import { type LanguageChoice, languageChoices } from "../../words/line.ts";
import type { Languages } from "../messages/languages.ts";
import { onCommand } from "../updates/on-command.ts";
import { editPressed, reply } from "../messages/say.ts";

const pressPattern = /^language:(\w+)$/;

export function languageCommand(
  languages: Languages,
  menu: Pick<CommandMenu, "languageChosen">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  async function choose(ctx: BotContext, choice: LanguageChoice): Promise<void> {
    await languages.choose(ctx.admin.id, choice);
    if (ctx.from !== undefined) ctx.language = await languages.heard(ctx.from);
    menu.languageChosen(ctx);
  }

  composer.use(
    onCommand(["language"], async (ctx) => {
      const word = ctx.command?.rest.trim() ?? "";
      if (word === "") {
        const choice = await languages.choiceOf(ctx.admin.id);
        await reply(ctx, whichLanguage(choice), { keyboard: keyboard() });
        return;
      }
      const choice = choiceOf(word.toLowerCase());
      if (choice === undefined) {
        await reply(ctx, unknownLanguage);
        return;
      }
      await choose(ctx, choice);
      await reply(ctx, languageChosen);
    }),
  );
  // In a group anybody who presses chooses for themselves, so the question stays as it is for the others.
  composer.callbackQuery(pressPattern, async (ctx) => {
    const choice = choiceOf(ctx.match[1] ?? "");
    if (choice === undefined) return answerPress(ctx);
    await choose(ctx, choice);
    await answerPress(ctx, languageChosen);
    if (ctx.chat?.type === "private") await editPressed(ctx, languageChosen);
    return undefined;
  });
  return composer;
}

function choiceOf(word: string): LanguageChoice | undefined {
  return languageChoices.find((choice) => choice === word);
}

function keyboard(): Keyboard {
  const all = new Keyboard();
  for (const choice of languageChoices) all.text(languageNames[choice], `language:${choice}`);
  return all;
}
