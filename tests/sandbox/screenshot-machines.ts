// `npm run screenshot`: plays three machines on the sandbox's page, for docs/machines.md, until one of them is down.
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { drawEmoji, usePackagedFonts } from "./packaged-fonts.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

test("three machines", async () => {
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
    await page.getByRole("button", { name: "Three machines", exact: true }).click();
    const boris = page.getByRole("region", { name: "Boris", exact: true });
    await boris.getByText("web-3: not seen for").waitFor();
    await page.getByRole("heading", { name: "On the server" }).click();
    await drawEmoji(page);
    const path = fileURLToPath(new URL("../../docs/machines.png", import.meta.url));
    await page.screenshot({ path });
  } finally {
    await browser.close();
    await sandbox.dispose();
  }
});
