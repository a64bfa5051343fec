// `npm run screenshot`: plays the race on the sandbox's page, for the README: as an animation in either language, and how it ended.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { animatedWebp, type Frame } from "./animated-webp.ts";
import { launchBrowser } from "./browser.ts";
import { drawEmoji, usePackagedFonts } from "./packaged-fonts.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

/** GitHub shows a README about so wide: the stories to the left are left out of the animation, so that it can be read. */
const windowSize = { width: 1360, height: 720 };
const animationBytesMax = 1_000_000;

let browser: Browser;
let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await sandbox.dispose();
});

async function openPage(viewport: { width: number; height: number }): Promise<Page> {
  const page = await browser.newPage({
    viewport,
    colorScheme: "light",
    // The newest messages glow for a moment.
    reducedMotion: "reduce",
  });
  await page.goto(sandbox.address);
  await usePackagedFonts(page);
  return page;
}

for (const { app, file, saving, changed, merge, apply } of [
  {
    app: "English",
    file: "sandbox-race",
    saving: "is saving it right now.",
    changed: "It set back the change of",
    merge: "Merge both",
    apply: "Apply merge",
  },
  {
    app: "Русский",
    file: "sandbox-race.ru",
    saving: "Прямо сейчас его сохраняет",
    changed: "Пропало чужое изменение",
    merge: "Объединить",
    apply: "Применить объединение",
  },
]) {
  test(`the race as an animation: ${app}`, async () => {
    const page = await openPage(windowSize);
    const chats = page.locator("#chats");
    for (const switched of await chats.getByRole("button", { name: app }).all()) {
      await switched.click();
    }
    const [left, right] = [await chats.boundingBox(), await page.locator("#server").boundingBox()];
    if (left === null || right === null) throw new Error("the page has no chats");
    const clip = {
      x: Math.floor(left.x) - 6,
      y: Math.floor(left.y) - 6,
      width: Math.ceil(right.x + right.width - left.x) + 12,
      height: Math.ceil(left.height) + 12,
    };
    const frames: Frame[] = [];
    const show = async (shownMs: number): Promise<void> => {
      // Nothing is shown as if it were about to be pressed.
      await page.mouse.move(0, 0);
      await drawEmoji(page);
      const png = await page.screenshot({ clip });
      frames.push({ webp: await asWebp(png), shownMs });
    };

    await page.getByRole("button", { name: "The race", exact: true }).click();
    await chats.getByText("fees.yml 820 bytes").waitFor();
    await show(1500);
    await chats.getByText(saving).first().waitFor();
    await page.getByRole("row", { name: "Boris: fees" }).waitFor();
    await show(3000);
    await page.locator("#history").getByText("fees revision 2").waitFor({ state: "attached" });
    await show(2000);
    await chats.getByText(changed).waitFor();
    await chats.getByRole("button", { name: merge }).nth(1).waitFor();
    await show(4000);
    await chats.getByRole("button", { name: merge }).first().click();
    await chats.getByRole("button", { name: apply }).waitFor();
    await show(2500);
    await chats.getByRole("button", { name: apply }).click();
    await page.locator("#history").getByText("fees revision 4").waitFor({ state: "attached" });
    await page.locator("#live mark").getByText("maker_percent: 0.09").waitFor();
    await show(5000);

    const animation = animatedWebp(frames, clip);
    expect(animation.length).toBeLessThan(animationBytesMax);
    await writeFile(inDocs(`${file}.webp`), animation);
    await page.close();
  });
}

test("how the race ended", async () => {
  const page = await openPage({ width: 1360, height: 860 });
  for (const switched of await page.getByRole("button", { name: "English" }).all()) {
    await switched.click();
  }
  await page.getByRole("button", { name: "The race", exact: true }).click();
  await page.locator("#chats").getByText("This set back your change:").waitFor();
  await page.locator("#chats").getByText("It set back the change of").waitFor();
  await drawEmoji(page);
  await page.screenshot({ path: inDocs("sandbox.png") });
  await page.close();
});

function inDocs(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

/** Without loss, which of a page like this is also the smallest. On an empty page: the sandbox's own lets nothing else in. */
async function asWebp(png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const base64 = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png.toString("base64")}";
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 1).split(",")[1];
  })()`);
  await page.close();
  return Buffer.from(base64, "base64");
}
