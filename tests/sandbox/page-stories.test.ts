// The stories of the sandbox, each played in a real Chromium as whoever tries it would: pressed, watched, and answered.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
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

describe.skipIf(browserIsMissing)("the stories of the sandbox", () => {
  const open = sharedSandbox();

  const play = async (page: Page, title: string): Promise<void> => {
    const played = page.waitForResponse("**/api/stories/*");
    await page.getByRole("button", { name: title, exact: true }).click();
    expect((await played).status()).toBe(204);
  };

  test("the race: the second reads who holds the lock, and in the picture checks overlap and saves do not; merged, both edits are live", async () => {
    const { page, chat, history } = await open();
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
    await history("fees revision 3: upload by");
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

  test("a stale edit, pressed while another story plays: Boris is told whose change he would undo, and merges", async () => {
    const { page, chat, history } = await open();
    await page.getByRole("button", { name: "The race", exact: true }).click();
    await play(page, "A stale edit");
    await chat("Boris").getByText("⚠️ fees.yml has changed since you took it.").waitFor();
    // Of the race, nothing is left.
    const saved = page.locator("#chats").getByText("✅ fees.yml updated successfully!");
    expect(await saved.count()).toBe(1);
    await chat("Boris").getByText("Anna changed it").waitFor();
    await chat("Boris").getByRole("button", { name: "Merge both" }).click();
    await chat("Boris").getByRole("button", { name: "Apply merge" }).click();
    await chat("Boris").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByText("🔔 Boris changed fees.yml").waitFor();
    await page.locator("#live mark").getByText("taker_percent: 0.11").waitFor();
    await page.locator("#live").getByText("maker_percent: 0.09").waitFor();
    const undo = chat("Boris").getByRole("button", { name: "Undo" });
    await undo.click();
    await history("fees revision 4: undo by Boris");
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
  });

  test("a wrong unit waits until its author answers with the value, on a stage without the service", async () => {
    const { page, chat, write } = await open();
    await play(page, "A wrong unit");
    await page.locator("#service").waitFor({ state: "hidden" });
    await chat("Anna")
      .getByText("✋ fees.yml holds a change beyond its limit. Nothing was changed yet.")
      .waitFor();
    await write("Anna", "8");
    await page.locator("#live mark").getByText("maker_percent: 8").waitFor();
  });

  test("an approval: Boris approves what Anna wants", async () => {
    const { page, chat } = await open();
    await play(page, "An approval");
    await chat("Anna").getByText("🕓 fees.yml waits for approval.").waitFor();
    await chat("Boris").getByRole("button", { name: "Approve" }).click();
    await page.locator("#live mark").getByText("maker_percent: 8").waitFor();
  });

  test("keep, or it goes back: Boris takes Anna's change back before its time is over; the next story, a slow download, knows nothing of it and holds up nobody: Boris, who sent later, saves first", async () => {
    const { page, chat, history } = await open();
    await play(page, "Keep, or it goes back");
    await chat("Anna").getByText("unless somebody presses Keep.").waitFor();
    await chat("Boris").getByRole("button", { name: "Revert now" }).click();
    await chat("Anna")
      .getByText("↩️ fees.yml went back to revision 1: Boris took it back.")
      .waitFor();
    await page.locator("#live").getByText("maker_percent: 0.08 #").waitFor();
    await play(page, "A slow download");
    await chat("Boris").getByText("✅ fees.yml updated successfully!").waitFor();
    await chat("Anna").getByText("This replaced Boris's version").waitFor();
    await chat("Boris").getByText("🔔 Anna changed fees.yml").waitFor();
    await history("fees revision 3: upload by Anna");
    expect(await chat("Anna").getByRole("button", { name: "Keep" }).count()).toBe(0);
  });

  test("a story that is played again begins on the same stage, here on a fast disk", async () => {
    const { page, chat, history } = await open();
    const success = (name: string): Locator =>
      chat(name).getByText("✅ fees.yml updated successfully!");
    for (let round = 1; round <= 2; round += 1) {
      await play(page, "The race, fast disk");
      await history("fees revision 3: upload by");
      for (const name of ["Anna", "Boris"]) {
        await success(name).waitFor();
        expect(await success(name).count()).toBe(1);
      }
      await expect.poll(() => page.locator("#backups li").count()).toBe(2);
      // One is that of rates.yml.
      await expect.poll(() => page.locator("#history li").count()).toBe(4);
    }
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.getByText("No backups yet.").waitFor();
    await expect.poll(() => page.locator("#history li").count()).toBe(2);
  });
});
