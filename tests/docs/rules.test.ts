// The catalogs in the pages on rules are taken by the bot as they stand there.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { codeBlocks } from "./code-blocks.ts";

for (const page of ["rules", "limits", "approval", "guard", "rules-recipes", "machines"]) {
  const catalogs = codeBlocks(`docs/${page}.md`).filter(({ language }) => language === "yaml");

  test(`docs/${page}.md has a catalog`, () => {
    expect(catalogs).not.toEqual([]);
  });

  for (const [index, { code }] of catalogs.entries()) {
    test(`catalog ${index + 1} of docs/${page}.md is taken`, async () => {
      const folder = await temporaryFolder();
      mkdirSync(join(folder, "config"));
      writeFileSync(join(folder, "airlock.yml"), code);
      // Some leave out the admin that ADMIN_IDS names.
      const adminIds = code.includes("\n  1001:") ? [] : [1001];
      const parsed = await readAirlockFile(
        join(folder, "airlock.yml"),
        join(folder, "config"),
        adminIds,
      );
      expect(parsed.ok ? [] : parsed).toEqual([]);
    });
  }
}
