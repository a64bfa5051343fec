import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { browserIsMissing } from "./browser.ts";
import { sharedSandbox } from "./open-page.ts";

/** In the drawing's units, of which the whole time is 1000: a span is drawn at least this wide. */
const spanRounding = 6;

interface DrawnSpan {
  readonly from: number;
  readonly to: number;
}

/** In the order of their beginning. */
async function spansDrawn(page: Page, kind: string): Promise<readonly DrawnSpan[]> {
  const rects = await page.locator(`.spans .span-${kind}`).all();
  const spans = await Promise.all(
    rects.map(async (rect) => {
      const from = Number(await rect.getAttribute("x"));
      return { from, to: from + Number(await rect.getAttribute("width")) };
    }),
  );
  return spans.toSorted((one, other) => one.from - other.from);
}

describe.skipIf(browserIsMissing)("the sandbox's page in a browser", () => {
  const open = sharedSandbox();

  const play = async (page: Page, title: string): Promise<void> => {
    const played = page.waitForResponse("**/api/stories/*");
    await page.getByRole("button", { name: title, exact: true }).click();
    expect((await played).status()).toBe(204);
  };

  test("the race: the second reads who holds the lock, and in the picture checks overlap and saves do not; merged, both edits are live", async () => {
    const { page, chat } = await open();
    await play(page, "The race");
    await page.getByRole("button", { name: "Slow disk", pressed: true }).waitFor();
    await page
      .locator("#chats")
      .getByText(/^🔒 Acquiring lock and saving\.\.\.\n(Anna|Boris) is saving it right now\.$/u)
      .waitFor();
    for (const name of ["Anna", "Boris"]) {
      await chat(name).getByText("✅ fees.yml updated successfully!").waitFor();
      await chat(name)
        .getByText(/🔔 (Anna|Boris) changed fees\.yml/u)
        .waitFor();
    }
    await page.getByText("fees revision 3: upload by").waitFor();
    await expect.poll(() => page.locator("#backups li").count()).toBe(2);
    await expect.poll(() => page.locator("#live mark").count()).toBeGreaterThan(0);
    for (const who of ["Anna: fees", "Boris: fees"]) {
      const row = page.getByRole("row", { name: who });
      await expect.poll(() => row.innerText()).toMatch(/([\d.,]+ ms\s*){4}/);
    }
    const [first, second] = await spansDrawn(page, "hold");
    const lastWait = (await spansDrawn(page, "wait")).at(-1);
    assert(first !== undefined && second !== undefined && lastWait !== undefined);
    expect(second.from).toBeGreaterThanOrEqual(first.to - spanRounding);
    expect(lastWait.from).toBeLessThan(first.to);
    const [firstCheck, secondCheck] = await spansDrawn(page, "check");
    assert(firstCheck !== undefined && secondCheck !== undefined);
    expect(secondCheck.to).toBeLessThan(first.to);
    await page.locator("#chats").getByText("It set back the change of").waitFor();
    const told = page.locator("#chats").getByText("This set back your change:");
    await told.waitFor();
    await page.locator("#chats").getByRole("button", { name: "Merge both" }).first().click();
    await page.locator("#chats").getByRole("button", { name: "Apply merge" }).click();
    await page.locator("#live").getByText("maker_percent: 0.09").waitFor();
    await page.locator("#live").getByText("taker_percent: 0.11").waitFor();
  });

  test("a slow download holds up nobody: Boris, who sent later, saves first", async () => {
    const { page, chat } = await open();
    await play(page, "A slow download");
    await chat("Boris").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByText("This replaced Boris's version").waitFor();
    await chat("Boris").getByText("🔔 Anna changed fees.yml").waitFor();
    await page.getByText("fees revision 3: upload by Anna").waitFor();
  });

  test("a stale edit: Boris is told whose change he would undo, and merges", async () => {
    const { page, chat } = await open();
    await play(page, "A stale edit");
    await chat("Boris").getByText("⚠️ fees.yml has changed since you took it.").waitFor();
    await chat("Boris").getByText("Anna changed it").waitFor();
    await chat("Boris").getByRole("button", { name: "Merge both" }).click();
    await chat("Boris").getByRole("button", { name: "Apply merge" }).click();
    await chat("Boris").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByText("🔔 Boris changed fees.yml").waitFor();
    await page.locator("#live mark").getByText("taker_percent: 0.11").waitFor();
    await page.locator("#live").getByText("maker_percent: 0.09").waitFor();
    const undo = chat("Boris").getByRole("button", { name: "Undo" });
    await undo.click();
    await page.getByText("fees revision 4: undo by Boris").waitFor();
  });

  test("a typo: Anna reads the line and the key, and nothing is touched", async () => {
    const { page, chat } = await open();
    await play(page, "A typo");
    await chat("Anna").getByText("did you mean maker_percent?").waitFor();
    expect(await page.locator("#live mark").count()).toBe(0);
  });

  test("killed in mid-save: Anna reads how it ended", async () => {
    const { page, chat } = await open();
    await play(page, "Killed in mid-save");
    await chat("Anna").getByText("🔁 The bot restarted. fees.yml was").waitFor();
  });

  test("an edit by hand: Anna's older file waits, and the edit is seen on the page", async () => {
    const { page, chat } = await open();
    await play(page, "An edit by hand");
    await page.locator("#live mark").getByText("taker_percent: 0.11").waitFor();
    await chat("Anna").getByText("⚠️ fees.yml has changed since you took it.").waitFor();
  });

  test("a service that refuses: the old file is put back, then the service takes the next one, and can be made to refuse again", async () => {
    const { page, chat } = await open();
    await play(page, "A service that refuses");
    const putBack = chat("Anna").getByText(
      "↩️ fees.yml went back to revision 1: the service did not take it.",
    );
    await putBack.waitFor();
    await page.getByText("maker fee now charged: 0.08 %").waitFor();
    await chat("Boris").getByRole("button", { name: "Valid change" }).click();
    await chat("Boris").getByText("The service runs with it.").waitFor();
    const charged = await page.locator("#charged").textContent();
    const live = await page.locator("#live").textContent();
    const fee = /maker fee now charged: ([\d.]+) %/.exec(charged ?? "")?.[1] ?? "none";
    expect(fee).not.toBe("0.08");
    expect(live).toContain(`maker_percent: ${fee}`);
    await page.getByRole("button", { name: "Refuse the next config" }).click();
    await page.locator("#refuse[aria-pressed=true]").waitFor();
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.locator("#service").waitFor({ state: "hidden" });
  });

  test("a wrong unit waits until its author answers with the value", async () => {
    const { page, chat } = await open();
    await play(page, "A wrong unit");
    await chat("Anna")
      .getByText("✋ fees.yml holds a change beyond its limit. Nothing was changed yet.")
      .waitFor();
    await chat("Anna").getByLabel("Message from Anna").fill("8");
    await page.keyboard.press("Enter");
    await page.locator("#live mark").getByText("maker_percent: 8").waitFor();
  });

  test("an approval: Boris approves what Anna wants, and the next story knows no rules", async () => {
    const { page, chat } = await open();
    await play(page, "An approval");
    await chat("Anna").getByText("🕓 fees.yml waits for approval.").waitFor();
    await chat("Boris").getByRole("button", { name: "Approve" }).click();
    await page.locator("#live mark").getByText("maker_percent: 8").waitFor();
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.getByText("No version was replaced yet.").waitFor();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await chat("Anna").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByRole("button", { name: "Undo" }).waitFor();
  });

  test("keep, or it goes back: Boris takes Anna's change back before its time is over", async () => {
    const { page, chat } = await open();
    await play(page, "Keep, or it goes back");
    await chat("Anna").getByText("unless somebody presses Keep.").waitFor();
    await chat("Boris").getByRole("button", { name: "Revert now" }).click();
    await chat("Anna")
      .getByText("↩️ fees.yml went back to revision 1: Boris took it back.")
      .waitFor();
    await page.locator("#live").getByText("maker_percent: 0.08 #").waitFor();
  });

  test("stories can be played again and again, each from the same stage, also before the last one is over", async () => {
    const { page, chat } = await open();
    const success = (name: string): Locator =>
      chat(name).getByText("✅ fees.yml updated successfully!");
    // One line of history is that of rates.yml.
    for (let round = 1; round <= 2; round += 1) {
      await play(page, "The race, fast disk");
      await page.getByText("fees revision 3: upload by").waitFor();
      for (const name of ["Anna", "Boris"]) {
        await success(name).waitFor();
        expect(await success(name).count()).toBe(1);
      }
      await expect.poll(() => page.locator("#backups li").count()).toBe(2);
      await expect.poll(() => page.locator("#history li").count()).toBe(4);
    }
    await page.getByRole("button", { name: "The race", exact: true }).click();
    await play(page, "A stale edit");
    await chat("Boris").getByText("⚠️ fees.yml has changed since you took it.").waitFor();
    expect(await success("Anna").count()).toBe(1);
    expect(await success("Boris").count()).toBe(0);
    await expect.poll(() => page.locator("#history li").count()).toBe(3);
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.getByText("No version was replaced yet.").waitFor();
    await expect.poll(() => page.locator("#history li").count()).toBe(2);
  });

  test("the disk is switched while the bot runs, and keeps its speed when the bot is started again", async () => {
    const { page, chat } = await open({ afresh: true });
    await page.getByRole("button", { name: "Slow disk" }).click();
    await page.getByRole("button", { name: "Kill the bot now" }).click();
    await page.getByRole("button", { name: "Start it again" }).click();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await page.getByText("fees revision 2: upload by Anna").waitFor();
    const held = page.getByRole("row", { name: "Anna: fees" }).getByRole("cell").last();
    // Two folders are synced under the lock: at least what the switch adds to each.
    await expect.poll(() => held.innerText()).toMatch(/^[1-9],\d{3} ms$/);
    await page.getByRole("button", { name: "Fast disk", exact: true }).click();
    await page.getByRole("button", { name: "Fast disk", exact: true, pressed: true }).waitFor();
  });

  test("each example says what a newcomer should see, with the line number", async () => {
    const { chat, lastSays } = await open({ afresh: true });
    await chat("Anna").getByRole("button", { name: "Typo" }).click();
    await lastSays(
      "Anna",
      /line 3, column 1: maker_precent: is not a known key: did you mean maker_percent\?/,
    );
    await chat("Anna").getByRole("button", { name: "Duplicate key" }).click();
    await lastSays("Anna", /currency: is written on line 2 and again on line \d+/);
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
  });

  test("a file that is dropped on a chat is sent, and its buttons are pressed", async () => {
    const { page, chat, lastSays } = await open({ afresh: true });
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      const name = "<img src=x onerror=alert(1)>.yml";
      transfer.items.add(new File(["base: USD\\nrates:\\n  EUR: 0.5\\n"], name));
      return transfer;
    })()`);
    await chat("Boris").dispatchEvent("drop", { dataTransfer: dropped });
    await lastSays("Boris", "Which config is <img src=x onerror=alert(1)>.yml for?");
    await chat("Boris").getByRole("button", { name: "Set rates.yml" }).click();
    await lastSays("Boris", "✅ rates.yml updated successfully!");
    expect(await page.locator("#chats img").count()).toBe(0);
  });

  test("a file is chosen, opened again, and saved", async () => {
    const { page, chat, bubbles, lastSays } = await open({ afresh: true });
    await chat("Anna")
      .getByLabel("Send a file…")
      .setInputFiles({
        name: "fees.yml",
        mimeType: "text/yaml",
        buffer: Buffer.from("currency: <b>EUR</b>\n"),
      });
    await lastSays("Anna", "Which config is fees.yml for?");
    await bubbles("Anna").getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("dialog").getByText("currency: <b>EUR</b>").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    const download = page.waitForEvent("download");
    await bubbles("Anna").getByRole("link", { name: "Save" }).click();
    expect((await download).suggestedFilename()).toBe("fees.yml");
  });

  test("the editor takes the live file, lets one change it, and sends it", async () => {
    const { page, chat, lastSays } = await open({ afresh: true });
    await chat("Boris").getByRole("button", { name: "Change the live file…" }).click();
    const dialog = page.getByRole("dialog", { name: "Boris changes a live file" });
    await dialog.getByLabel("Live file to start from").selectOption("rates.yml");
    const content = dialog.getByLabel("Content");
    await expect.poll(() => content.inputValue()).toContain("EUR: 0.92");
    await content.fill((await content.inputValue()).replace("0.92", "0.91"));
    await dialog.getByRole("button", { name: "Send as a file" }).click();
    await lastSays("Boris", "✅ rates.yml updated successfully!");
    await page.locator("#live mark").getByText("EUR: 0.91").waitFor();
  });

  test("a bot that is killed takes nothing with it: what is sent meanwhile is answered after the start", async () => {
    const { page, chat, lastSays } = await open({ afresh: true });
    await page.getByRole("button", { name: "Kill the bot now" }).click();
    await page.getByText("The bot is not running.").waitFor();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await page.getByRole("button", { name: "Start it again" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
  });

  test("faults wait for their call, are shown, and can be taken back", async () => {
    const { page, chat, lastSays } = await open({ afresh: true });
    await page.getByRole("button", { name: "Lose next answer" }).click();
    await page.getByText("Waiting: the next answer gets lost.").waitFor();
    await page.getByRole("button", { name: "Take the faults back" }).click();
    await page.getByText("Nothing is set to go wrong.").waitFor();
    for (const name of ["Slow next download", "Refuse next call (429)", "Refuse next call (500)"]) {
      await page.getByRole("button", { name }).click();
    }
    await page.getByText(/Waiting: the next download is slow, .* 429, .* 500\./).waitFor();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    await page.getByText("Nothing is set to go wrong.").waitFor();
  });

  test("a stranger gets a chat of their own, and only their id", async () => {
    const { page, chat, lastSays } = await open({ afresh: true });
    await page.getByRole("button", { name: "Open a stranger's chat" }).click();
    await chat("Mallory").getByLabel("Message from Mallory").fill("/start");
    await chat("Mallory").getByRole("button", { name: "Send", exact: true }).click();
    await lastSays("Mallory", "You have no role here.");
  });

  test("a page that is loaded later shows the same", async () => {
    const { page, chat, lastSays, bubbles } = await open({ afresh: true });
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    const shown = await bubbles("Anna").count();
    await page.reload();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    expect(await bubbles("Anna").count()).toBe(shown);
  });

  test("a chat keeps its newest 200 messages, and counts the older ones, also for a page that is loaded later", async () => {
    const { page, chat, bubbles } = await open({ afresh: true });
    const before = await bubbles("Boris").count();
    await page.evaluate(`(async () => {
      for (let n = 1; n <= 105; n += 1) await fetch("/api/people/1002/text", { method: "POST", body: "/nothing" + n });
    })()`);
    const older = before + 2 * 105 - 200;
    await chat("Boris").getByText(`${older} older messages are not shown.`).waitFor();
    expect(await bubbles("Boris").count()).toBe(200);
    await page.reload();
    await chat("Boris").getByText(`${older} older messages are not shown.`).waitFor();
    await expect.poll(() => bubbles("Boris").count()).toBe(200);
  });
});

describe.skipIf(browserIsMissing)("the sandbox's page with a large file", () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const open = sharedSandbox(() => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-large-"));
    folders.push(folder);
    mkdirSync(join(folder, "config"));
    writeFileSync(join(folder, "config/big.yml"), "a: 1\n");
    writeFileSync(join(folder, "any.schema.json"), "{}");
    const airlockFile = join(folder, "airlock.yml");
    writeFileSync(airlockFile, "configs: { big: { file: big.yml, schema: any.schema.json } }\n");
    return { args: ["--airlock-file", airlockFile] };
  });

  for (const { name, text, caption, nodesMax } of [
    {
      name: "of 43,000 lines",
      text: Array.from({ length: 43_000 }, (_, index) => `key_${index}: "012345"\n`).join(""),
      caption: "big.yml (lines 1 to 200 of 43,000; 42,800 more changed lines are not shown)",
      nodesMax: 410,
    },
    {
      name: "of one line",
      text: `a: ${"x".repeat(900_000)}\n`,
      caption: "big.yml",
      nodesMax: 10,
    },
  ]) {
    test(`a file of 900 kB ${name} is shown in part, everywhere, and the page goes on`, async () => {
      const { page, chat, bubbles } = await open({ afresh: true });
      const buffer = Buffer.from(text);
      expect(buffer.length).toBeGreaterThan(800_000);
      await chat("Anna")
        .getByLabel("Send a file…")
        .setInputFiles({ name: "big.yml", mimeType: "text/yaml", buffer });
      await bubbles("Anna").getByRole("button", { name: "Set big.yml" }).click();
      await chat("Anna").getByText("✅ big.yml updated successfully!").waitFor();
      await page.locator("#live summary").getByText(caption, { exact: true }).waitFor();
      expect(await page.locator("#live *").count()).toBeLessThan(nodesMax);
      expect((await page.locator("#live ol").innerText()).length).toBeLessThan(70_000);

      await bubbles("Anna").getByRole("button", { name: "Open", exact: true }).click();
      const viewer = page.getByRole("dialog", { name: "big.yml" });
      await viewer
        .getByText(/This is the beginning\. [\d,]+ more characters are not shown\./)
        .waitFor();
      expect((await viewer.locator("pre").innerText()).length).toBeLessThan(110_000);
      await page.keyboard.press("Escape");
      await viewer.waitFor({ state: "hidden" });

      await chat("Anna").getByRole("button", { name: "Change the live file…" }).click();
      const editor = page.getByRole("dialog", { name: "Anna changes a live file" });
      await editor.getByText(/too long to be edited here\. Take it with \/get_big,/).waitFor();
      expect(await editor.getByRole("button", { name: "Send as a file" }).isDisabled()).toBe(true);
      await page.keyboard.press("Escape");

      await chat("Boris").getByRole("button", { name: "Valid change" }).click();
      await page.getByText("big revision 3: upload by Boris").waitFor();
    });
  }
});
