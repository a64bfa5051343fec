// The catalogs in docs/rules.md are taken by the bot as they stand there.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const page = readFileSync("docs/rules.md", "utf8");
const catalogs = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text);

test("there are some", () => {
  expect(catalogs.length).toBeGreaterThanOrEqual(4);
});

for (const [index, text] of catalogs.entries()) {
  test(`catalog ${index + 1} of docs/rules.md is taken`, async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "config"));
    writeFileSync(join(folder, "airlock.yml"), text);
    // Some leave out the admin that ADMIN_IDS names.
    const adminIds = text.includes("\n  1001:") ? [] : [1001];
    const parsed = await readAirlockFile(
      join(folder, "airlock.yml"),
      join(folder, "config"),
      adminIds,
    );
    expect(parsed.ok ? [] : parsed).toEqual([]);
  });
}
