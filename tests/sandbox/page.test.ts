import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { browserIsMissing, launchBrowser } from "./browser.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

if (browserIsMissing) {
  process.stderr.write(
    "Left out: the sandbox's page in a browser (tests/sandbox/page.test.ts). To run these tests, install Chromium, or set CHROMIUM_PATH to one.\n",
  );
}

const waitMs = 30_000;

interface OpenPage {
  readonly page: Page;
  readonly sandbox: SandboxProcess;
  readonly chat: (name: string) => Locator;
  /** The bot's and the person's messages, oldest first. */
  readonly bubbles: (name: string) => Locator;
  /** Waits until the last message in a chat says this. */
  readonly lastSays: (name: string, text: string | RegExp) => Promise<void>;
}

/** What the focused field is called. */
async function focusedLabel(page: Page): Promise<string | null> {
  return page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')");
}

describe.skipIf(browserIsMissing)("the sandbox's page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** Whatever a test does, the page must not complain, nor talk to anybody else. */
  async function open(args: readonly string[] = []): Promise<OpenPage> {
    const sandbox = await startSandboxProcess({ args });
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (sent) => {
      if (!sent.url().startsWith(sandbox.address) && !sent.url().startsWith("data:")) {
        complaints.push(`a request to ${sent.url()}`);
      }
    });
    onTestFinished(async () => {
      await page.close();
      await sandbox.dispose();
      expect(complaints).toEqual([]);
    });
    page.setDefaultTimeout(waitMs);
    await page.goto(sandbox.address);
    await page.locator("html[data-ready]").waitFor();
    await page.getByText("The bot is running.").waitFor();
    // It has greeted both admins, and set their menus.
    for (const name of ["Anna", "Boris"]) {
      await page.getByRole("region", { name, exact: true }).getByText("You can change").waitFor();
    }
    const chat = (name: string): Locator => page.getByRole("region", { name, exact: true });
    const bubbles = (name: string): Locator => chat(name).getByRole("article");
    return {
      page,
      sandbox,
      chat,
      bubbles,
      lastSays: (name, text) => bubbles(name).last().getByText(text).waitFor(),
    };
  }

  test("the race: both admins' uploads succeed, the second backs up the first, and the lock is drawn", async () => {
    const { page, chat } = await open();
    await page.getByRole("button", { name: "Race" }).click();
    // Each is also told of the other's change, so these need not be the last words.
    await chat("Boris").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByText("This replaced Boris's version").waitFor();
    await chat("Boris").getByText("🔔 Anna changed fees.yml").waitFor();
    await page.getByText("fees revision 3: upload by Anna").waitFor();
    await expect.poll(() => page.locator("#backups li").count()).toBe(2);
    await expect.poll(() => page.locator("#live mark").count()).toBeGreaterThan(0);
    for (const who of ["Anna: fees", "Boris: fees"]) {
      const row = page.getByRole("row", { name: new RegExp(who) });
      expect(await row.innerText()).toMatch(/([\d.]+ ms\s*){4}/);
    }
  });

  test("the stale edit: Boris is told whose change he would undo, and merges", async () => {
    const { page, chat } = await open();
    await page.getByRole("button", { name: "Stale edit" }).click();
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

  test("stories can be played again and again, each from the same stage, also before the last one is over", async () => {
    const { page, chat } = await open();
    const success = (name: string): Locator =>
      chat(name).getByText("✅ fees.yml updated successfully!");
    const play = async (name: string, path: string): Promise<void> => {
      const played = page.waitForResponse(`**/api/${path}`);
      await page.getByRole("button", { name }).click();
      expect((await played).status()).toBe(204);
    };
    // One line of history is that of rates.yml.
    for (let round = 1; round <= 2; round += 1) {
      await play("Race", "race");
      await page.getByText("fees revision 3: upload by Anna").waitFor();
      await success("Anna").waitFor();
      expect(await success("Boris").count()).toBe(1);
      await expect.poll(() => page.locator("#backups li").count()).toBe(2);
      await expect.poll(() => page.locator("#history li").count()).toBe(4);
    }
    await page.getByRole("button", { name: "Race" }).click();
    for (let round = 1; round <= 2; round += 1) {
      await play("Stale edit", "stale-edit");
      await chat("Boris").getByText("⚠️ fees.yml has changed since you took it.").waitFor();
      expect(await success("Anna").count()).toBe(1);
      expect(await success("Boris").count()).toBe(0);
      await expect.poll(() => page.locator("#history li").count()).toBe(3);
    }
    await chat("Boris").getByRole("button", { name: "Merge both" }).click();
    await chat("Boris").getByRole("button", { name: "Apply merge" }).click();
    await success("Boris").waitFor();
  }, 120_000);

  test("each example says what a newcomer should see, with the line number", async () => {
    const { chat, lastSays } = await open();
    await chat("Anna").getByRole("button", { name: "A typo" }).click();
    await lastSays(
      "Anna",
      /line 3, column 1: maker_precent: is not a known key: did you mean maker_percent\?/,
    );
    await chat("Anna").getByRole("button", { name: "A duplicate key" }).click();
    await lastSays("Anna", /currency: is written on line 2 and again on line \d+/);
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
  });

  test("a file that is dropped on a chat is sent, and its buttons are pressed", async () => {
    const { page, chat, lastSays } = await open();
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
    const { page, chat, bubbles, lastSays } = await open();
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
    const { page, chat, lastSays } = await open();
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

  test("with the keyboard alone: the menu after a slash, a command, and its answer", async () => {
    const { page, chat, lastSays } = await open();
    await chat("Anna").getByLabel("Message from Anna").focus();
    await page.keyboard.type("/");
    await chat("Anna")
      .getByRole("button", { name: /^\/status/ })
      .waitFor();
    await page.keyboard.type("set_r");
    await chat("Anna")
      .getByRole("button", { name: /^\/set_rates/ })
      .waitFor();
    const offered = chat("Anna").getByRole("list", { name: "Commands" }).getByRole("button");
    await expect.poll(() => offered.count()).toBe(1);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await lastSays("Anna", "Send me the new rates.yml as a file.");
    await page.keyboard.type("/cancel");
    await page.keyboard.press("Enter");
    await lastSays("Anna", "🚫 Cancelled. rates.yml was not changed.");
  });

  test("a bot that is killed takes nothing with it: what is sent meanwhile is answered after the start", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Kill the bot now" }).click();
    await page.getByText("The bot is not running.").waitFor();
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    await page.getByRole("button", { name: "Start it again" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
  });

  test("faults wait for their call, are shown, and can be taken back", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Lose next answer" }).click();
    await page.getByText("Waiting: the next answer gets lost.").waitFor();
    await page.getByRole("button", { name: "Take the faults back" }).click();
    await page.getByText("Nothing is set to go wrong.").waitFor();
    for (const name of ["Slow next download", "Refuse next call (429)", "Refuse next call (500)"]) {
      await page.getByRole("button", { name }).click();
    }
    await page.getByText(/Waiting: the next download is slow, .* 429, .* 500\./).waitFor();
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    await page.getByText("Nothing is set to go wrong.").waitFor();
  });

  test("a stranger gets a chat of their own, and only their id", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Open a stranger's chat" }).click();
    await chat("Mallory").getByLabel("Message from Mallory").fill("/start");
    await chat("Mallory").getByRole("button", { name: "Send", exact: true }).click();
    await lastSays("Mallory", "You have no role here.");
  });

  test("a page that is loaded later shows the same", async () => {
    const { page, chat, lastSays, bubbles } = await open();
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    const shown = await bubbles("Anna").count();
    await page.reload();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    expect(await bubbles("Anna").count()).toBe(shown);
  });

  for (const { name, text, caption, nodesMax } of [
    {
      name: "of 43,000 lines",
      text: Array.from({ length: 43_000 }, (_, index) => `key_${index}: "012345"\n`).join(""),
      caption: "big.yml (lines 1 to 200 of 43,000; 42,800 more changed lines are not shown)",
      nodesMax: 210,
    },
    {
      name: "of one line",
      text: `a: ${"x".repeat(900_000)}\n`,
      caption: "big.yml",
      nodesMax: 10,
    },
  ]) {
    test(`a file of 900 kB ${name} is shown in part, everywhere, and the page goes on`, async () => {
      const folder = await temporaryFolder();
      mkdirSync(join(folder, "config"));
      writeFileSync(join(folder, "config/big.yml"), "a: 1\n");
      writeFileSync(join(folder, "any.schema.json"), "{}");
      const airlockFile = join(folder, "airlock.yml");
      writeFileSync(airlockFile, "configs: { big: { file: big.yml, schema: any.schema.json } }\n");
      const { page, chat, bubbles } = await open(["--airlock-file", airlockFile]);
      const buffer = Buffer.from(text);
      expect(buffer.length).toBeGreaterThan(800_000);
      await chat("Anna")
        .getByLabel("Send a file…")
        .setInputFiles({ name: "big.yml", mimeType: "text/yaml", buffer });
      await bubbles("Anna").getByRole("button", { name: "Set big.yml" }).click();
      await chat("Anna").getByText("✅ big.yml updated successfully!").waitFor();
      await page.locator("#live figcaption").getByText(caption, { exact: true }).waitFor();
      expect(await page.locator("#live *").count()).toBeLessThan(nodesMax);
      expect((await page.locator("#live pre").innerText()).length).toBeLessThan(70_000);

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

      await chat("Boris").getByRole("button", { name: "A valid change" }).click();
      await page.getByText("big revision 3: upload by Boris").waitFor();
    });
  }

  test("a chat keeps its newest 200 messages, and counts the older ones, also for a page that is loaded later", async () => {
    const { page, chat, bubbles } = await open();
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

  describe("the command menu is closed", () => {
    for (const { name, close, focused } of [
      {
        name: "by Escape in the line",
        close: ({ page }: OpenPage) => page.keyboard.press("Escape"),
        focused: "Message from Anna",
      },
      {
        name: "by Escape in the menu, and the focus goes back to the line",
        close: async ({ page }: OpenPage) => {
          await page.keyboard.press("ArrowDown");
          await page.locator(".menu :focus").waitFor();
          await page.keyboard.press("Escape");
        },
        focused: "Message from Anna",
      },
      {
        name: "by a click elsewhere",
        close: ({ page }: OpenPage) => page.getByRole("heading", { name: "On the server" }).click(),
        focused: undefined,
      },
      {
        name: "by going on with Tab",
        close: async ({ page }: OpenPage) => {
          await page.keyboard.press("Tab");
          await page.keyboard.press("Tab");
        },
        focused: undefined,
      },
      {
        name: "by emptying the line",
        close: ({ page }: OpenPage) => page.keyboard.press("Backspace"),
        focused: "Message from Anna",
      },
      {
        name: "by sending",
        close: ({ page }: OpenPage) => page.keyboard.press("Enter"),
        focused: "Message from Anna",
      },
    ]) {
      test(name, async () => {
        const opened = await open();
        const { page, chat } = opened;
        await chat("Anna").getByLabel("Message from Anna").focus();
        await page.keyboard.type("/");
        const menu = chat("Anna").getByRole("list", { name: "Commands" });
        await menu.waitFor();
        await close(opened);
        await menu.waitFor({ state: "hidden" });
        if (focused !== undefined) expect(await focusedLabel(page)).toBe(focused);
      });
    }
  });

  test("the arrows walk through the command menu, and Enter sends what they found", async () => {
    const { page, chat, lastSays } = await open();
    const line = chat("Anna").getByLabel("Message from Anna");
    await line.focus();
    await page.keyboard.type("/get_");
    const offered = chat("Anna").getByRole("list", { name: "Commands" }).getByRole("button");
    await expect.poll(() => offered.count()).toBe(2);
    await page.keyboard.press("ArrowUp");
    expect(await page.locator(":focus").innerText()).toMatch(/^\/get_rates/);
    await page.keyboard.press("ArrowDown");
    expect(await focusedLabel(page)).toBe("Message from Anna");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator(":focus").innerText()).toMatch(/^\/get_fees/);
    await page.keyboard.press("Enter");
    await lastSays("Anna", "fees.yml");
    expect(await focusedLabel(page)).toBe("Message from Anna");
  });

  test("dialogs close by Escape and by a click outside, and give the focus back", async () => {
    const { page, chat } = await open();
    const outside = { x: 3, y: 3 };
    const opener = chat("Boris").getByRole("button", { name: "Change the live file…" });
    const dialog = page.getByRole("dialog", { name: "Boris changes a live file" });
    for (const close of [
      () => page.keyboard.press("Escape"),
      () => page.mouse.click(outside.x, outside.y),
    ]) {
      await opener.click();
      await dialog.waitFor();
      await close();
      await dialog.waitFor({ state: "hidden" });
      expect(await page.locator(":focus").innerText()).toBe("Change the live file…");
    }
  });

  test("a click outside of the editor does not throw away what was typed", async () => {
    const { page, chat } = await open();
    await chat("Boris").getByRole("button", { name: "Change the live file…" }).click();
    const dialog = page.getByRole("dialog", { name: "Boris changes a live file" });
    await dialog.getByLabel("Content").fill("currency: EUR\n");
    await page.mouse.click(3, 3);
    // Had it been closed, this would find nothing to press.
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  });

  test("a stranger's chat comes into view, ready to be written in, also when one goes back to it", async () => {
    const { page, chat, lastSays } = await open();
    await page.setViewportSize({ width: 1200, height: 700 });
    const opener = page.getByRole("button", { name: "Open a stranger's chat" });
    // Strangers are answered once: what is typed the second time is the chat's last word.
    for (const { text, last } of [
      { text: "/start", last: "You have no role here." },
      { text: "/help", last: "/help" },
    ]) {
      await page.evaluate("scrollTo(0, 0)");
      await opener.click();
      await expect.poll(() => focusedLabel(page)).toBe("Message from Mallory");
      const box = await chat("Mallory").getByLabel("Message from Mallory").boundingBox();
      expect(box?.y).toBeGreaterThan(0);
      expect(box?.y).toBeLessThan(700);
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await lastSays("Mallory", last);
    }
    expect(await page.getByRole("region", { name: "Mallory", exact: true }).count()).toBe(1);
  });

  test("after a press whose button goes, as Undo's, the focus stays with its message", async () => {
    const { page, chat } = await open();
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    await chat("Anna").getByRole("button", { name: "Undo" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("fees revision 3: undo by Anna").waitFor();
    await expect
      .poll(() => page.locator(":focus").innerText())
      .toContain("✅ fees.yml updated successfully!");
  });

  test("a button that switches itself off hands the focus on", async () => {
    const { page } = await open();
    for (const { press, next } of [
      { press: "Kill the bot now", next: "Start it again" },
      { press: "Start it again", next: "Kill the bot now" },
      { press: "Lose next answer", next: "Lose next answer" },
      { press: "Take the faults back", next: "Slow next download" },
    ]) {
      await page.getByRole("button", { name: press }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(":focus").innerText()).toBe(next);
    }
  });

  test("what is in focus on the server's side keeps it while new things come", async () => {
    const { page, chat } = await open();
    await chat("Anna").getByRole("button", { name: "A valid change" }).click();
    const backup = page.locator("#backups button").first();
    await backup.focus();
    const name = await backup.innerText();
    await page.evaluate(`(async () => {
      const text = await (await fetch("/api/examples/valid")).text();
      const form = new FormData();
      form.append("file", new File([text], "fees.yml"));
      form.append("caption", "/set_fees");
      await fetch("/api/people/1002/document", { method: "POST", body: form });
    })()`);
    await page.getByText("fees revision 3: upload by Boris").waitFor();
    await expect.poll(() => page.locator("#backups li").count()).toBe(2);
    expect(await page.locator(":focus").innerText()).toBe(name);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`nothing in it shuts people out, in ${colorScheme} colours and in a narrow window`, async () => {
      const { page, chat, lastSays } = await open();
      await page.emulateMedia({ colorScheme });
      await page.getByRole("button", { name: "Open a stranger's chat" }).click();
      await chat("Anna").getByRole("button", { name: "A valid change" }).click();
      await lastSays("Anna", "✅");
      await page.evaluate(axe.source);
      for (const width of [1400, 400]) {
        await page.setViewportSize({ width, height: 900 });
        const violations = await page.evaluate<string[]>(
          "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
        );
        expect(violations).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
          width,
        );
      }
    });
  }
});
