// The sandbox in a real browser, as somebody sees it who tries Airlock out. Long: every test here shares one browser and one stage, which take
// the longest to start.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { browserIsMissing } from "./browser.ts";
import { sharedSandbox } from "./open-page.ts";

describe.skipIf(browserIsMissing)("the sandbox's page in a browser", () => {
  const open = sharedSandbox();

  test("the disk is switched while the bot runs, and keeps its speed when the bot is killed; what is sent meanwhile is answered after the start", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Slow disk" }).click();
    await page.getByRole("button", { name: "Kill the bot now" }).click();
    await page.getByText("The bot is not running.").waitFor();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await page.getByRole("button", { name: "Start it again" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    const held = page.getByRole("row", { name: "Anna: fees" }).last().getByRole("cell").last();
    // Two folders are synced under the lock: at least what the switch adds to each.
    await expect.poll(() => held.innerText()).toMatch(/^[1-9],\d{3} ms$/);
    await page.getByRole("button", { name: "Fast disk", exact: true }).click();
    await page.getByRole("button", { name: "Fast disk", exact: true, pressed: true }).waitFor();
  });

  test("each example says what a newcomer should see, with the line number", async () => {
    const { chat, lastSays } = await open();
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
    expect(await chat("Boris").locator("img").count()).toBe(0);
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
    await bubbles("Anna").getByRole("button", { name: "Open", exact: true }).last().click();
    await page.getByRole("dialog").getByText("currency: <b>EUR</b>").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    const download = page.waitForEvent("download");
    await bubbles("Anna").getByRole("link", { name: "Save" }).last().click();
    expect((await download).suggestedFilename()).toBe("fees.yml");
  });

  test("the editor takes the live file, lets one change it, and sends it", async () => {
    const { page, chat, lastSays } = await open();
    await chat("Boris").getByRole("button", { name: "Change the live file…" }).click();
    const dialog = page.getByRole("dialog", { name: "Boris changes a live file" });
    await dialog.getByLabel("Live file to start from").selectOption("rates.yml");
    const content = dialog.getByLabel("Content");
    await expect.poll(() => content.inputValue()).toContain("EUR: ");
    await content.fill((await content.inputValue()).replace(/EUR: [\d.]+/, "EUR: 0.91"));
    await dialog.getByRole("button", { name: "Send as a file" }).click();
    await lastSays("Boris", "✅ rates.yml updated successfully!");
    await page.locator("#live mark").getByText("EUR: 0.91").waitFor();
  });

  test("faults wait for their call, are shown, and can be taken back", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Lose next answer" }).click();
    await page.getByText("Waiting: the next answer gets lost.").waitFor();
    await page.getByRole("button", { name: "Clear the faults" }).click();
    await page.getByText("No faults set.").waitFor();
    for (const name of ["Slow next download", "Refuse next call (429)", "Refuse next call (500)"]) {
      await page.getByRole("button", { name }).click();
    }
    await page.getByText(/Waiting: the next download is slow, .* 429, .* 500\./).waitFor();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await lastSays("Anna", "✅ fees.yml updated successfully!");
    await page.getByText("No faults set.").waitFor();
  });

  test("a stranger gets a chat of their own, and only their id", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Open a stranger's chat" }).click();
    await chat("Mallory").getByText("No messages yet.").waitFor();
    await chat("Mallory").getByLabel("Message from Mallory").fill("/start");
    await chat("Mallory").getByRole("button", { name: "Send", exact: true }).click();
    await lastSays("Mallory", "You have no role here.");
  });

  test("a person whose app is Russian is answered in Russian, with a menu in it; the other one goes on in English", async () => {
    const { page, chat, lastSays, write } = await open();
    const language = chat("Boris").getByRole("group", { name: "Language of Boris's app" });
    await language.getByRole("button", { name: "Русский" }).click();
    await language.getByRole("button", { name: "Русский", pressed: true }).waitFor();
    await write("Boris", "/whoami");
    await lastSays("Boris", "Ваш id:");
    const menu = chat("Boris").getByRole("list", { name: "Commands" });
    await chat("Boris").getByLabel("Message from Boris").fill("/");
    await menu.getByText("/status – Что действует и кто сохраняет").waitFor();
    await page.keyboard.press("Escape");
    await write("Anna", "/whoami");
    await lastSays("Anna", "Your id is");
    await language.getByRole("button", { name: "English" }).click();
    await write("Boris", "/whoami");
    await lastSays("Boris", "Your id is");
    await chat("Boris").getByLabel("Message from Boris").fill("/");
    await menu.getByText("/set_rates – Replace rates.yml").waitFor();
    await page.keyboard.press("Escape");
    await chat("Boris").getByLabel("Message from Boris").fill("");
  });

  test("a time stands in the browser's zone, with the bot's own text, which is UTC, beside it", async () => {
    const { bubbles, write } = await open();
    await write("Boris", "/status");
    const time = bubbles("Boris").last().locator("time").first();
    await time.waitFor();
    const utc = await time.getAttribute("title");
    expect(utc).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    const [hour = "", minutes = ""] = (utc ?? "").slice(11, 19).split(/:(.*)/);
    const hourInTokyo = String((Number(hour) + 9) % 24).padStart(2, "0");
    expect(await time.innerText()).toContain(`${hourInTokyo}:${minutes}`);
  });

  test("a command in a text is sent by a press, and a button has the colour of what it does", async () => {
    const { page, chat, bubbles, lastSays, write } = await open();
    await write("Boris", "/start");
    await lastSays("Boris", "what is live, since when");
    await bubbles("Boris").last().getByRole("button", { name: "/status" }).click();
    await bubbles("Boris").last().locator("time").first().waitFor();
    await write("Boris", "/set_rates rates.EUR 0.5");
    const keys = bubbles("Boris").last().locator(".keys");
    await keys.waitFor();
    expect(await keys.locator("button.success").innerText()).toBe("Apply");
    expect(await keys.locator("button.danger").innerText()).toBe("Discard");
    const boxes = await Promise.all(
      ["Apply", "Discard"].map((name) => keys.getByRole("button", { name }).boundingBox()),
    );
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    await keys.getByRole("button", { name: "Discard" }).click();
    await lastSays("Boris", /not changed/);
    expect(await page.locator("#chats").getByRole("button", { name: "Apply" }).count()).toBe(0);
    expect(await chat("Boris").locator("b").count()).toBeGreaterThan(0);
  });

  test("a chart is shown in the chat", async () => {
    const { page, chat, bubbles, write } = await open();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await bubbles("Anna").last().getByText("✅ fees.yml updated successfully!").waitFor();
    await write("Anna", "/chart_fees maker_percent");
    const picture = bubbles("Anna").last().getByRole("img");
    await picture.waitFor();
    expect(await picture.getAttribute("alt")).toMatch(/^Picture: maker_percent in fees\.yml/);
    await expect
      .poll(() => page.evaluate<number>("document.querySelector('#chats img').naturalWidth"))
      .toBeGreaterThan(500);
    const box = await picture.boundingBox();
    expect(box?.width).toBeLessThan(500);
  });

  test("a text is drawn from its entities whatever they are, and markup in it stays text", async () => {
    const { page } = await open();
    const cases = [
      {
        name: "offsets count UTF-16 units",
        text: "😀 ab",
        entities: [["bold", 3, 1]],
        drawn: "😀 <b>a</b>b",
      },
      {
        name: "markup is text",
        text: "<img src=x>&",
        entities: [["code", 0, 4]],
        drawn: "<code>&lt;img</code> src=x&gt;&amp;",
      },
      {
        name: "one within another",
        text: "abcd",
        entities: [
          ["code", 1, 2],
          ["bold", 0, 4],
        ],
        drawn: "<b>a<code>bc</code>d</b>",
      },
      {
        name: "two that cross",
        text: "abcdef",
        entities: [
          ["bold", 0, 4],
          ["code", 2, 4],
        ],
        drawn: "<b>ab<code>cd</code></b><code>ef</code>",
      },
      {
        name: "the same range twice",
        text: "ab",
        entities: [
          ["bold", 0, 2],
          ["code", 0, 2],
        ],
        drawn: "<b><code>ab</code></b>",
      },
      {
        name: "beyond the text",
        text: "ab",
        entities: [
          ["bold", 1, 9],
          ["code", -3, 4],
          ["code", 7, 2],
        ],
        drawn: "<code>a</code><b>b</b>",
      },
      {
        name: "no range at all",
        text: "ab",
        entities: [
          ["bold", 0.5, 1],
          ["bold", 1, 0],
          ["bold", 1, -1],
        ],
        drawn: "ab",
      },
      {
        name: "of a type that is not known",
        text: "ab",
        entities: [
          ["spoiler", 0, 2],
          ["bold", 1, 1],
        ],
        drawn: "a<b>b</b>",
      },
      {
        name: "a quotation, whose line break is its end",
        text: "a\nb\nc",
        entities: [["expandable_blockquote", 2, 1]],
        drawn: "a\n<blockquote><div>b</div></blockquote>c",
      },
      {
        name: "a time of no format",
        text: "now",
        entities: [["date_time", 0, 3]],
        drawn: "<span>now</span>",
      },
    ] as const;
    const drawn = await page.evaluate(`(async () => {
      const { drawText } = await import("/page/message-text.js");
      return ${JSON.stringify(cases)}.map(({ text, entities }) => {
        const box = document.createElement("div");
        const listed = entities.map(([type, offset, length]) => ({ type, offset, length }));
        box.append(...drawText(text, listed, { language: "en", send() {} }));
        return box.innerHTML;
      });
    })()`);
    expect(drawn).toEqual(cases.map((each) => each.drawn));
  });

  test("a long quotation shows its first lines, unfolds and folds, and stays unfolded when its message changes", async () => {
    const { page } = await open();
    const heights = await page.evaluate<readonly number[]>(`(async () => {
      const { drawText, keepUnfolded } = await import("/page/message-text.js");
      const text = Array.from({ length: 30 }, (_, index) => "line " + index).join("\\n");
      const entities = [{ type: "expandable_blockquote", offset: 0, length: text.length }];
      const make = () => {
        const box = document.createElement("article");
        box.className = "bubble";
        const part = document.createElement("div");
        part.className = "text";
        box.append(part);
        part.append(...drawText(text, entities, { language: "en", send() {} }));
        document.querySelector(".messages").append(box);
        return box;
      };
      const box = make();
      const toggle = box.querySelector("button");
      const heights = [box.clientHeight];
      toggle.click();
      heights.push(box.clientHeight);
      const next = make();
      keepUnfolded(box, next);
      heights.push(next.clientHeight);
      toggle.click();
      heights.push(box.clientHeight);
      next.remove();
      box.remove();
      return heights;
    })()`);
    const [folded = 0, unfolded, kept, foldedAgain] = heights;
    expect(folded).toBeLessThan(150);
    expect(unfolded).toBeGreaterThan(3 * folded);
    expect([kept, foldedAgain]).toEqual([unfolded, folded]);
  });

  test("a page that is loaded later shows the same", async () => {
    const { page, lastSays, bubbles, write } = await open();
    await write("Anna", "/whoami");
    await lastSays("Anna", "Your id is");
    const shown = await bubbles("Anna").count();
    await page.reload();
    await lastSays("Anna", "Your id is");
    expect(await bubbles("Anna").count()).toBe(shown);
  });

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
      const { page, chat, bubbles } = await open();
      const buffer = Buffer.from(text);
      expect(buffer.length).toBeGreaterThan(800_000);
      await chat("Anna")
        .getByLabel("Send a file…")
        .setInputFiles({ name: "big.yml", mimeType: "text/yaml", buffer });
      await bubbles("Anna").last().getByRole("button", { name: "Set big.yml" }).click();
      await page.locator("#live summary").getByText(caption, { exact: true }).waitFor();
      expect(await page.locator("#live *").count()).toBeLessThan(nodesMax);
      expect((await page.locator("#live ol").innerText()).length).toBeLessThan(70_000);

      await bubbles("Anna").getByRole("button", { name: "Open", exact: true }).last().click();
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

      await chat("Anna").getByRole("button", { name: "Valid change" }).click();
      await bubbles("Anna").last().getByText("✅ big.yml updated successfully!").waitFor();
    });
  }
});
