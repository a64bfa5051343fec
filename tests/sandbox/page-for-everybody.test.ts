import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { browserIsMissing } from "./browser.ts";
import { focusedLabel, sharedSandbox } from "./open-page.ts";

describe.skipIf(browserIsMissing)("the sandbox's page by keyboard and for everybody", () => {
  const open = sharedSandbox();

  test("with the keyboard alone: the menu after a slash, a command, and its answer", async () => {
    const { page, chat, lastSays } = await open();
    const offered = chat("Anna").getByRole("list", { name: "Commands" }).getByRole("button");
    await chat("Anna").getByLabel("Message from Anna").focus();
    await page.keyboard.type("/");
    await offered.getByText("/status").waitFor();
    await page.keyboard.type("set_r");
    await expect.poll(() => offered.count()).toBe(1);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await lastSays("Anna", "Send me the new rates.yml as a file.");
    await page.keyboard.type("/cancel");
    await page.keyboard.press("Enter");
    await lastSays("Anna", "🚫 Cancelled. rates.yml was not changed.");
  });

  test("the command menu is closed by Escape, by a click elsewhere, by Tab, by emptying the line, and by sending; the focus is where one would look for it", async () => {
    const { page, chat } = await open();
    const line = chat("Anna").getByLabel("Message from Anna");
    const menu = chat("Anna").getByRole("list", { name: "Commands" });
    const ways: readonly {
      readonly how: string;
      readonly staysInLine: boolean;
      readonly close: () => Promise<void>;
    }[] = [
      { how: "Escape in the line", staysInLine: true, close: () => page.keyboard.press("Escape") },
      {
        how: "Escape in the menu",
        staysInLine: true,
        async close() {
          await page.keyboard.press("ArrowDown");
          await page.locator(".menu :focus").waitFor();
          await page.keyboard.press("Escape");
        },
      },
      {
        how: "a click elsewhere",
        staysInLine: false,
        close: () => page.getByRole("heading", { name: "On the server" }).click(),
      },
      {
        how: "Tab",
        staysInLine: false,
        async close() {
          await page.keyboard.press("Tab");
          await page.keyboard.press("Tab");
        },
      },
      {
        how: "emptying the line",
        staysInLine: true,
        close: () => page.keyboard.press("Backspace"),
      },
      { how: "sending", staysInLine: true, close: () => page.keyboard.press("Enter") },
    ];
    for (const { how, staysInLine, close } of ways) {
      await line.fill("");
      await line.focus();
      await page.keyboard.type("/");
      await menu.waitFor();
      await close();
      await menu.waitFor({ state: "hidden" });
      expect([how, (await focusedLabel(page)) === "Message from Anna"]).toEqual([how, staysInLine]);
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
    const { page, chat, history } = await open();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await chat("Anna").getByRole("button", { name: "Undo" }).focus();
    await page.keyboard.press("Enter");
    await history("fees revision 3: undo by Anna");
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
      { press: "Clear the faults", next: "Slow next download" },
    ]) {
      await page.getByRole("button", { name: press }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(":focus").innerText()).toBe(next);
    }
  });

  test("what is in focus on the server's side keeps it while new things come", async () => {
    const { page, chat } = await open();
    const saved = chat("Anna").getByText("✅ fees.yml updated successfully!");
    const before = await saved.count();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await saved.nth(before).waitFor();
    const backups = page.locator("#backups li");
    // The list comes a moment after the message.
    const told = [...(await chat("Anna").innerText()).matchAll(/Backup: (\S+)/g)];
    const name = told.at(-1)?.[1] ?? "none told";
    await backups.getByRole("button", { name }).focus();
    const kept = await backups.count();
    await page.evaluate(`(async () => {
      const text = await (await fetch("/api/examples/valid")).text();
      const form = new FormData();
      form.append("file", new File([text], "fees.yml"));
      form.append("caption", "/set_fees");
      await fetch("/api/people/1001/document", { method: "POST", body: form });
    })()`);
    await backups.nth(kept).waitFor();
    expect(await page.locator(":focus").innerText()).toBe(name);
  });

  test("nothing in it shuts people out: wide and light, narrow and dark; and nothing is wider than the window", async () => {
    const { page, chat, lastSays } = await open();
    await page.getByRole("button", { name: "Open a stranger's chat" }).click();
    await chat("Anna").getByRole("button", { name: "Valid change" }).click();
    await lastSays("Anna", "✅");
    await page.evaluate(axe.source);
    for (const { width, colorScheme } of [
      { width: 1720, colorScheme: "light" },
      { width: 390, colorScheme: "dark" },
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const violations = await page.evaluate<string[]>(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
      );
      expect(violations).toEqual([]);
    }
    for (const width of [390, 1180, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const widest = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(widest).toBeLessThanOrEqual(width);
      // Nor is anything cut off on the server's side, where history and names of backups are long.
      const server = await page.evaluate<readonly number[]>(
        "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.getElementById('server'))",
      );
      expect(server[0]).toBe(server[1]);
    }
  });
});
