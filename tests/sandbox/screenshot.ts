// `npm run screenshot`: drives the sandbox's page through the race and writes docs/sandbox.png for the README.
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

const picture = fileURLToPath(new URL("../../docs/sandbox.png", import.meta.url));

test("the picture of the race", async () => {
  const sandbox = await startSandboxProcess();
  try {
    const browser = await launchBrowser();
    const page = await browser.newPage({
      viewport: { width: 1360, height: 900 },
      colorScheme: "light",
    });
    await page.goto(sandbox.address);
    const chat = (name: string) => page.getByRole("region", { name, exact: true });
    for (const name of ["Anna", "Boris"]) await chat(name).getByText("You can change").waitFor();
    await chat("Boris").getByRole("button", { name: "A typo" }).click();
    await chat("Boris").getByText("did you mean maker_percent?").waitFor();
    await page.getByRole("button", { name: "Race" }).click();
    await chat("Anna").getByText("This replaced Boris's version").waitFor();
    await page.getByText("fees revision 3: upload by Anna").waitFor();
    // The newest messages glow for a moment.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.screenshot({ path: picture });
    await browser.close();
  } finally {
    await sandbox.dispose();
  }
});
