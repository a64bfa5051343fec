// The sandbox's page in a real Chromium. One browser and one sandbox serve all tests of a file; a test that counts on what is there
// begins afresh, like a story.
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

export interface OpenPage {
  readonly page: Page;
  readonly chat: (name: string) => Locator;
  /** The bot's and the person's messages, oldest first. */
  readonly bubbles: (name: string) => Locator;
  /** Waits until the last message in a chat says this. */
  readonly lastSays: (name: string, text: string | RegExp) => Promise<void>;
}

/**
 * To be called once in a `describe`.
 * @param options - asked for when the sandbox is started
 * @returns opens the page; with `afresh`, on a stage as at the start
 */
export function sharedSandbox(
  options: () => SandboxProcessOptions = () => ({}),
): (options?: { readonly afresh: boolean }) => Promise<OpenPage> {
  let browser: Browser;
  let sandbox: SandboxProcess;
  beforeAll(async () => {
    sandbox = await startSandboxProcess(options());
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.dispose();
  });

  /** Whatever a test does, the page must not complain, nor talk to anybody else. */
  return async function open({ afresh } = { afresh: false }) {
    const { address } = sandbox;
    if (afresh) expect((await fetch(`${address}/api/afresh`, { method: "POST" })).ok).toBe(true);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (sent) => {
      if (!sent.url().startsWith(address) && !sent.url().startsWith("data:")) {
        complaints.push(`a request to ${sent.url()}`);
      }
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    page.setDefaultTimeout(waitMs);
    await page.goto(address);
    await page.locator("html[data-ready]").waitFor();
    await page.getByText("The bot is running.").waitFor();
    const chat = (name: string): Locator => page.getByRole("region", { name, exact: true });
    const bubbles = (name: string): Locator => chat(name).getByRole("article");
    // It has greeted both admins, and set their menus.
    for (const name of ["Anna", "Boris"]) await bubbles(name).nth(1).waitFor();
    return {
      page,
      chat,
      bubbles,
      lastSays: (name, text) => bubbles(name).last().getByText(text).waitFor(),
    };
  };
}

/** What the focused field is called. */
export async function focusedLabel(page: Page): Promise<string | null> {
  return page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')");
}
