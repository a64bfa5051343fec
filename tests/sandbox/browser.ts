// A real Chromium for the tests of the page. Where a machine has none, those tests are left out, which is said aloud.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where Chromium is; CHROMIUM_PATH wins. undefined where there is none. */
const chromiumPath: string | undefined = [process.env["CHROMIUM_PATH"], ...usualPlaces].find(
  (path) => path !== undefined && existsSync(path),
);

/** The page's tests are left out only where there is no Chromium, and never in CI, which sets REQUIRE_BROWSER. */
export const browserIsMissing =
  chromiumPath === undefined && process.env["REQUIRE_BROWSER"] !== "1";

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("there is no Chromium; set CHROMIUM_PATH");
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
