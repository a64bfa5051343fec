import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { browserIsMissing } from "./browser.ts";
import { focusedLabel, type OpenPage, sharedSandbox } from "./open-page.ts";

describe.skipIf(browserIsMissing)("the sandbox's page by keyboard and for everybody", () => {
  const open = sharedSandbox();

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
    await lastSays("Anna", "fees.yml, revision");
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
    const { page, chat, lastSays } = await open({ afresh: true });
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
    const { page, chat } = await open({ afresh: true });
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
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
    const { page, chat } = await open({ afresh: true });
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
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
      const { page, chat, lastSays } = await open({ afresh: true });
      await page.emulateMedia({ colorScheme });
      await page.getByRole("button", { name: "Open a stranger's chat" }).click();
      await chat("Anna").getByRole("button", { name: "Valid change" }).click();
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
