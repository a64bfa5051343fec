// The sandbox's page in a real Chromium. One sandbox and one open page serve all tests of a file: what they count on, they make, and what
// must be as at the start is played by a story, which begins afresh.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { browserIsMissing, launchBrowser } from "./browser.ts";
import {
  type SandboxProcess,
  type SandboxProcessOptions,
  startSandboxProcess,
} from "./sandbox-process.ts";

if (browserIsMissing) {
  process.stderr.write(
    "Left out: the sandbox's page in a browser (tests/sandbox/page*.test.ts). To run these tests, install Chromium, or set CHROMIUM_PATH to one.\n",
  );
}

const waitMs = 30_000;
/** Wide enough for all that the page has to be seen at once. */
const viewport = { width: 1720, height: 1000 };
/** Ahead of UTC by nine hours, all year. */
const browserZone = "Asia/Tokyo";

export interface OpenPage {
  readonly page: Page;
  readonly chat: (name: string) => Locator;
  /** The bot's and the person's messages, oldest first. */
  readonly bubbles: (name: string) => Locator;
  /** Waits until the last message in a chat says this. */
  readonly lastSays: (name: string, text: string | RegExp) => Promise<void>;
  /** Writes to the bot, in the line of this person's chat. */
  readonly write: (name: string, text: string) => Promise<void>;
  /** Waits for an entry of the history. */
  readonly history: (text: string) => Promise<void>;
}

/**
 * To be called once in a `describe`.
 * @param options - asked for when the sandbox is started
 * @returns the page, with nothing typed into it
 */
export function sharedSandbox(
  options: () => SandboxProcessOptions = () => ({}),
): () => Promise<OpenPage> {
  let browser: Browser;
  let sandbox: SandboxProcess;
  let page: Page;
  /** Whatever a test does, the page must not complain, nor talk to anybody else. */
  const complaints: string[] = [];
  beforeAll(async () => {
    sandbox = await startSandboxProcess(options());
    browser = await launchBrowser();
    page = await browser.newPage({ viewport, timezoneId: browserZone });
    page.setDefaultTimeout(waitMs);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (sent) => {
      if (!sent.url().startsWith(sandbox.address) && !sent.url().startsWith("data:")) {
        complaints.push(`a request to ${sent.url()}`);
      }
    });
    await page.goto(sandbox.address);
    await page.locator("html[data-ready]").waitFor();
    // It has greeted both admins, and set their menus.
    for (const name of ["Anna", "Boris"]) {
      await page.getByRole("region", { name, exact: true }).getByRole("article").nth(1).waitFor();
    }
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.dispose();
  });

  return async function open() {
    onTestFinished(() => expect(complaints.splice(0)).toEqual([]));
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: null });
    // What the test before left, where it failed, must not fail this one.
    await page.evaluate(`(async () => {
      for (const id of [1001, 1002]) await fetch("/api/people/" + id + "/language/en", { method: "POST" });
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      for (const line of document.querySelectorAll(".composer input[type=text]")) line.value = "";
    })()`);
    const chat = (name: string): Locator => page.getByRole("region", { name, exact: true });
    const bubbles = (name: string): Locator => chat(name).getByRole("article");
    return {
      page,
      chat,
      bubbles,
      lastSays: (name, text) => bubbles(name).last().getByText(text).waitFor(),
      async write(name, text) {
        await chat(name).getByLabel(`Message from ${name}`).fill(text);
        await page.keyboard.press("Enter");
      },
      history: (text) => page.locator("#history").getByText(text).waitFor(),
    };
  };
}

/** What the focused field is called. */
export async function focusedLabel(page: Page): Promise<string | null> {
  return page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')");
}
