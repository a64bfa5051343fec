// `npm run screenshot`: plays the race on the sandbox's page and writes the README's two pictures: somebody waits, and how it ended.
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { drawEmoji, usePackagedFonts } from "./packaged-fonts.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

test("the pictures of the race", async () => {
  const sandbox = await startSandboxProcess();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({
      viewport: { width: 1360, height: 860 },
      colorScheme: "light",
      // The newest messages glow for a moment.
      reducedMotion: "reduce",
    });
    await page.goto(sandbox.address);
    await usePackagedFonts(page);
    const take = async (name: string): Promise<void> => {
      await drawEmoji(page);
      await page.screenshot({
        path: fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url)),
      });
    };
    await page.getByRole("button", { name: "The race", exact: true }).click();
    await page.getByText("is saving it right now.").first().waitFor();
    await page.getByRole("row", { name: "Boris: fees" }).waitFor();
    await take("sandbox-waiting");
    await page.getByText("fees revision 3: upload by").waitFor();
    for (const name of ["Anna", "Boris"]) {
      const chat = page.getByRole("region", { name, exact: true });
      await chat.getByText(/changed fees\.yml/).waitFor();
      await chat.getByText("fees.yml updated successfully!").waitFor();
    }
    await take("sandbox");
  } finally {
    await browser.close();
    await sandbox.dispose();
  }
});
